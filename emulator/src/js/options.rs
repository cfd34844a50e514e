//! Reads `ClaivEmulatorOptions`.

use super::clock::{self, Clock};
use super::read::{AtLeast0, Flag, MAX_INTEGER, Raw, Text, Texts, Whole, must_be_error, read as read_object};
use crate::options::{LOG_LIMIT, MAX_BODY_BYTES, Settings};
use crate::quota::Quota;
use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// The name of the options in errors.
const NAME: &str = "options";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    api_keys: Option<Texts>,
    #[serde(default)]
    quota: Raw,
    #[serde(default)]
    now: Raw,
    latency: Option<AtLeast0<false>>,
    max_body_bytes: Option<Whole<1, MAX_INTEGER>>,
    log_limit: Option<Whole<0, 1_000_000>>,
    journal: Option<Flag>,
}

/// A limit of a quota.
type Limit = Option<Whole<0, MAX_INTEGER>>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Limits {
    requests: Limit,
    tokens: Limit,
    work_units: Limit,
    ingest_events: Limit,
    billing_cycle_day: Option<Whole<1, 28>>,
    plan: Option<Text>,
    retry_after: Limit,
}

/// Reads the options; undefined and null are no options. Fails with a `TypeError` or `RangeError` that names the option that is wrong.
pub fn read(options: JsValue) -> Result<(Settings, Clock), JsValue> {
    let given: Options = read_object(NAME, options)?;
    let settings = Settings {
        api_keys: given.api_keys.map(|keys| keys.0),
        quota: read_quota(&given.quota)?,
        max_body_bytes: given.max_body_bytes.map_or(MAX_BODY_BYTES, |bytes| bytes.0),
        latency_ms: given.latency.map_or(0.0, |latency| latency.0),
        log_limit: given.log_limit.and_then(|limit| usize::try_from(limit.0).ok()).unwrap_or(LOG_LIMIT),
        journal: given.journal.is_some_and(|journal| journal.0),
    };
    Ok((settings, read_clock(&given.now)?))
}

/// Reads `now`.
fn read_clock(now: &Raw) -> Result<Clock, JsValue> {
    let Some(now) = now.value() else { return Ok(Clock::new(None, None)) };
    if let Some(source) = now.dyn_ref::<Function>() {
        return Ok(Clock::new(Some(source.clone()), None));
    }
    let must = "a function, a number of milliseconds since 1970, a Date or an ISO 8601 string";
    Ok(Clock::new(None, Some(clock::instant(now).ok_or_else(|| must_be_error(NAME, "now", must))?)))
}

/// Reads `quota`.
fn read_quota(quota: &Raw) -> Result<Quota, JsValue> {
    let Some(quota) = quota.value() else { return Ok(Quota::default()) };
    let given: Limits = read_object("options.quota", quota.clone())?;
    let limit = |limit: Limit| limit.map(|limit| limit.0);
    let usual = Quota::default();
    let day = given.billing_cycle_day.and_then(|day| i64::try_from(day.0).ok());
    Ok(Quota {
        requests: limit(given.requests),
        tokens: limit(given.tokens),
        work_units: limit(given.work_units),
        ingest_events: limit(given.ingest_events),
        billing_cycle_day: day.unwrap_or(usual.billing_cycle_day),
        plan: given.plan.map_or(usual.plan, |plan| plan.0),
        retry_after: limit(given.retry_after),
    })
}
