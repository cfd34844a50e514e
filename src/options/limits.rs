//! Time and retries: the options that a call can set anew.

use super::table::Values;
use crate::platform::names::Name;
use crate::rules::{Field, Kind};

/// A little less than the longest timer of any host, 2^31 - 1 ms.
const LONGEST_WAIT_MS: f64 = 2_147_483_000.0;

/// The limits of a call. Durations in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) timeout: f64,
    /// Infinite where there is none.
    pub(crate) total_timeout: f64,
    pub(crate) max_retries: u32,
    pub(crate) max_retry_delay: f64,
}

/// The options that clients and calls share: the first of each table.
pub(super) const SHARED: [Field; 4] = [
    Field::optional(Name::Timeout, Kind::Millis),
    Field::optional(Name::TotalTimeout, Kind::Millis),
    Field::optional(Name::MaxRetries, Kind::Count),
    Field::optional(Name::MaxRetryDelay, Kind::Millis),
];

impl Limits {
    /// What holds when nothing is set (API contract, "Errors").
    pub(crate) const DEFAULT: Limits =
        Limits { timeout: 30_000.0, total_timeout: f64::INFINITY, max_retries: 2, max_retry_delay: 30_000.0 };

    /// These limits with what the options set.
    pub(crate) fn overridden(self, values: &Values) -> Limits {
        let or = |place: usize, before| values.get(place).and_then(|value| value.as_f64()).unwrap_or(before);
        Limits {
            timeout: or(0, self.timeout),
            total_timeout: or(1, self.total_timeout),
            // Saturates: more attempts than fit would outlast the machine.
            max_retries: or(2, f64::from(self.max_retries)) as u32,
            // No timer is longer; a wish beyond it ends the call, as any wish does that cannot be honoured.
            max_retry_delay: or(3, self.max_retry_delay).min(LONGEST_WAIT_MS),
        }
    }
}
