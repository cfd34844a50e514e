//! The settings of a service, and their defaults.

use crate::quota::Quota;

/// The default of `maxBodyBytes`, 16 MiB: room for a document of 5 MB of which much is escaped in JSON.
pub const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;
/// The default of `logLimit`.
pub const LOG_LIMIT: usize = 1000;

/// Validated options.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The API keys that are accepted; `None` for any key that is not empty.
    pub api_keys: Option<Vec<String>>,
    /// The limits of a billing cycle.
    pub quota: Quota,
    /// The largest request body, in bytes.
    pub max_body_bytes: u64,
    /// The least time that each response takes, in milliseconds.
    pub latency_ms: f64,
    /// How many requests the log keeps at most.
    pub log_limit: usize,
    /// Whether changes are recorded for `takeChanges`.
    pub journal: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            api_keys: None,
            quota: Quota::default(),
            max_body_bytes: MAX_BODY_BYTES,
            latency_ms: 0.0,
            log_limit: LOG_LIMIT,
            journal: false,
        }
    }
}
