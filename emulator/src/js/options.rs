//! The options of the constructor.

use super::clock::{self, Clock};
use super::read::{Given, MAX_INTEGER};
use crate::options::Settings;
use crate::quota::Quota;
use wasm_bindgen::prelude::*;

const OPTIONS: &[&str] = &["apiKeys", "quota", "now", "latency", "maxBodyBytes", "logLimit", "journal"];
const QUOTA: &[&str] = &["requests", "tokens", "workUnits", "ingestEvents", "billingCycleDay", "plan", "retryAfter"];

/// Reads the options.
pub fn read(options: JsValue) -> Result<(Settings, Clock), JsValue> {
    let given = Given::new("options", options, OPTIONS)?;
    let mut settings =
        Settings { api_keys: given.texts("apiKeys")?, journal: given.flag("journal")?, ..Settings::default() };
    if let Some(quota) = given.member("quota")? {
        settings.quota = read_quota(&Given::new("options.quota", quota, QUOTA)?)?;
    }
    if let Some(latency) = given.number("latency", false)? {
        settings.latency_ms = latency;
    }
    if let Some(bytes) = given.integer("maxBodyBytes", 1, MAX_INTEGER)? {
        settings.max_body_bytes = bytes;
    }
    if let Some(limit) = given.integer("logLimit", 0, 1_000_000)? {
        settings.log_limit = usize::try_from(limit).unwrap_or(usize::MAX);
    }
    Ok((settings, read_clock(&given)?))
}

fn read_clock(given: &Given) -> Result<Clock, JsValue> {
    let Some(now) = given.member("now")? else { return Ok(Clock::new(None, None)) };
    if let Some(source) = given.function("now")? {
        return Ok(Clock::new(Some(source), None));
    }
    let wrong = || given.wrong("now", "a function, a number of milliseconds since 1970, a Date or an ISO 8601 string");
    Ok(Clock::new(None, Some(clock::instant(&now).ok_or_else(wrong)?)))
}

fn read_quota(given: &Given) -> Result<Quota, JsValue> {
    let limit = |name| given.integer(name, 0, MAX_INTEGER);
    let usual = Quota::default();
    Ok(Quota {
        requests: limit("requests")?,
        tokens: limit("tokens")?,
        work_units: limit("workUnits")?,
        ingest_events: limit("ingestEvents")?,
        billing_cycle_day: given
            .integer("billingCycleDay", 1, 28)?
            .and_then(|day| i64::try_from(day).ok())
            .unwrap_or(usual.billing_cycle_day),
        plan: given.text("plan")?.unwrap_or(usual.plan),
        retry_after: limit("retryAfter")?,
    })
}
