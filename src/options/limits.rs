//! Time and retries: the options that a call can set anew.

use crate::platform::host::{self, Fields};
use crate::rules::{Faults, Kind, Span, check_value, one_line};
use wasm_bindgen::prelude::*;

/// A little less than the longest timer of any host, 2^31 - 1 ms.
const LONGEST_WAIT_MS: f64 = 2_147_483_000.0;

/// The limits of a call. Durations in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) timeout: f64,
    pub(crate) total_timeout: Option<f64>,
    pub(crate) max_retries: u32,
    pub(crate) max_retry_delay: f64,
}

/// The options that clients and calls share.
pub(crate) const LIMIT_OPTIONS: &[&str] = &["timeout", "totalTimeout", "maxRetries", "maxRetryDelay"];

impl Limits {
    /// What holds when nothing is set (API contract, "Errors").
    pub(crate) const DEFAULT: Limits =
        Limits { timeout: 30_000.0, total_timeout: None, max_retries: 2, max_retry_delay: 30_000.0 };

    /// These limits with what `source` sets. Faults are told under `prefix`.
    pub(crate) fn overridden(mut self, source: &Fields, prefix: &str, faults: &mut Faults) -> Limits {
        const DURATION: Kind = Kind::Millis;
        const COUNT: Kind =
            Kind::Integer(&Span { least: 0.0, most: 9_007_199_254_740_991.0, said: "a whole number, 0 or more" });
        let mut read = |name: &'static str, kind: Kind| number(source, prefix, name, kind, faults);
        if let Some(ms) = read("timeout", DURATION) {
            self.timeout = ms;
        }
        if let Some(ms) = read("totalTimeout", DURATION) {
            self.total_timeout = Some(ms);
        }
        if let Some(count) = read("maxRetries", COUNT) {
            // Saturates: more attempts than fit would outlast the machine.
            self.max_retries = count as u32;
        }
        if let Some(ms) = read("maxRetryDelay", DURATION) {
            // No timer is longer; a wish beyond it ends the call, as any wish does that cannot be honoured.
            self.max_retry_delay = ms.min(LONGEST_WAIT_MS);
        }
        self
    }
}

fn number(source: &Fields, prefix: &str, name: &'static str, kind: Kind, faults: &mut Faults) -> Option<f64> {
    let value = option(source, prefix, name, faults)?;
    check_value(&[prefix, name].concat(), kind, &value, faults);
    value.as_f64()
}

/// The option `name`, if it is given; undefined counts as not given.
pub(crate) fn option(source: &Fields, prefix: &str, name: &'static str, faults: &mut Faults) -> Option<JsValue> {
    match source.get(name) {
        Ok(value) if value.is_undefined() => None,
        Ok(value) => Some(value),
        Err(error) => {
            faults.threw([prefix, name].concat(), "read", &error);
            None
        }
    }
}

/// A switch: true or false, `default` when it is not given.
pub(crate) fn switch(source: &Fields, name: &'static str, default: bool, faults: &mut Faults) -> bool {
    match option(source, "", name, faults) {
        None => default,
        Some(value) => value.as_bool().unwrap_or_else(|| {
            faults.wrong(name, "true or false", &value);
            default
        }),
    }
}

/// Finds options that do not exist: `baseURL` for `baseUrl` must not quietly send requests elsewhere.
pub(crate) fn refuse_unknown(source: &Fields, prefix: &str, known: &[&[&str]], faults: &mut Faults) {
    let names = host::own_names(source).unwrap_or_default();
    for name in names.iter() {
        let name = one_line(&name);
        if !known.iter().any(|names| names.contains(&name.as_str())) {
            faults.add([prefix, &name].concat(), "is not an option");
        }
    }
}
