//! Time, size and retries: the options that a call can set anew.

use super::reader::OptionReader;
use crate::host::Name;
use crate::rules::Kind;

/// The longest timer of any host, 2^31 - 1 ms, less what a pause adds.
const LONGEST_WAIT_MS: f64 = 2_147_483_000.0;
/// The most bytes of an answer's body where nothing else is said: 32 MiB.
const MOST_RESPONSE_BYTES: f64 = 33_554_432.0;

/// The limits of a call. Durations in milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Of one attempt.
    pub(crate) timeout: f64,
    /// Of the whole call; infinite where there is none.
    pub(crate) total_timeout: f64,
    /// Attempts after the first.
    pub(crate) max_retries: u32,
    /// The longest wait that the server may ask for; also a cap of the backoff.
    pub(crate) max_retry_delay: f64,
    /// The most bytes of an answer's body.
    pub(crate) max_response_bytes: f64,
}

impl Limits {
    /// What holds when nothing is set (`docs/api-contract.md`, "Errors").
    pub(crate) const DEFAULT: Limits = Limits {
        timeout: 30_000.0,
        total_timeout: f64::INFINITY,
        max_retries: 2,
        max_retry_delay: 30_000.0,
        max_response_bytes: MOST_RESPONSE_BYTES,
    };

    /// These limits with what the options set.
    pub(super) fn overridden(self, options: &mut OptionReader<'_>) -> Limits {
        Limits {
            timeout: options.number(Name::Timeout, Kind::Millis).unwrap_or(self.timeout),
            total_timeout: options.number(Name::TotalTimeout, Kind::Millis).unwrap_or(self.total_timeout),
            // Saturates: more attempts than fit would outlast the machine.
            max_retries: options.number(Name::MaxRetries, Kind::Count).map_or(self.max_retries, |count| count as u32),
            // No timer is longer; a wait that is asked for beyond it ends the call, as any does that cannot be honoured.
            max_retry_delay: options
                .number(Name::MaxRetryDelay, Kind::Millis)
                .map_or(self.max_retry_delay, |ms| ms.min(LONGEST_WAIT_MS)),
            max_response_bytes: options.number(Name::MaxResponseBytes, Kind::Limit).unwrap_or(self.max_response_bytes),
        }
    }
}
