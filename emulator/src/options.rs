//! How a service is set up.

use crate::quota::Quota;

/// The largest body taken where the options do not say: room for 5 MB of content in which much is escaped.
pub const MAX_BODY_BYTES: u64 = 16 * 1024 * 1024;
/// How many requests the log keeps where the options do not say.
pub const LOG_LIMIT: usize = 1000;

/// What the options say, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The keys that are accepted; with none given any that is not empty.
    pub api_keys: Option<Vec<String>>,
    /// What a billing cycle allows.
    pub quota: Quota,
    /// The largest body taken.
    pub max_body_bytes: u64,
    /// How long every answer takes at least, in milliseconds.
    pub latency_ms: f64,
    /// How many requests the log keeps.
    pub log_limit: usize,
    /// Whether changes are kept to be taken.
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
