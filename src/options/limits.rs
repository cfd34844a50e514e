//! Time, size and retries: the options that both a client and a call have.

use wasm_bindgen::prelude::*;

use super::reader::OptionReader;
use crate::host::Name;
use crate::rules::Kind;

/// The longest timer of any host, 2^31 - 1 ms, less what a sleep adds to it.
const MAX_TIMER_MS: f64 = 2_147_483_000.0;
/// The default: 32 MiB.
const DEFAULT_MAX_RESPONSE_BYTES: f64 = 33_554_432.0;

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
    /// The most bytes of a response's body.
    pub(crate) max_response_bytes: f64,
}

impl Limits {
    /// The names of these options.
    pub(super) const NAMES: &[Name] =
        &[Name::Timeout, Name::TotalTimeout, Name::MaxRetries, Name::MaxRetryDelay, Name::MaxResponseBytes];

    /// The defaults (`docs/api-contract.md`, "Errors").
    pub(crate) const DEFAULT: Limits = Limits {
        timeout: 30_000.0,
        total_timeout: f64::INFINITY,
        max_retries: 2,
        max_retry_delay: 30_000.0,
        max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
    };

    /// These limits, with those that the options set in their place.
    pub(super) fn overridden(self, options: &mut OptionReader<'_>) -> Limits {
        Limits {
            timeout: options.number(Name::Timeout, Kind::Millis).unwrap_or(self.timeout),
            total_timeout: options.number(Name::TotalTimeout, Kind::Millis).unwrap_or(self.total_timeout),
            // Saturates: more attempts than fit would outlast the machine.
            max_retries: options.number(Name::MaxRetries, Kind::Count).map_or(self.max_retries, |count| count as u32),
            // No timer is longer; a wait that is asked for beyond it ends the call, as any does that cannot be honoured.
            max_retry_delay: options
                .number(Name::MaxRetryDelay, Kind::Millis)
                .map_or(self.max_retry_delay, |ms| ms.min(MAX_TIMER_MS)),
            max_response_bytes: options.number(Name::MaxResponseBytes, Kind::Limit).unwrap_or(self.max_response_bytes),
        }
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The limits of calls: options of a client, and of a single call, where each that is left out is the client's. */
export interface ClaivLimits {
  /** Milliseconds for one attempt, from the call of fetch to the last byte of the body. Above 0; a client's default: 30000. */
  timeout?: number | undefined;
  /** Milliseconds for the whole call: all attempts and the waits between them. Above 0; a client's default: none. */
  totalTimeout?: number | undefined;
  /** Attempts after the first. A whole number, 0 or more; a client's default: 2. */
  maxRetries?: number | undefined;
  /** The longest wait that the server may ask for, in milliseconds; beyond it the call fails at once. Above 0; a client's default: 30000. */
  maxRetryDelay?: number | undefined;
  /**
   * The most bytes of a response's body, after decompression; more is a `ClaivResponseError`. A whole number, 1 or more; a client's default:
   * 33554432 (32 MiB).
   */
  maxResponseBytes?: number | undefined;
}
"#;
