//! When a failed attempt is followed by another, and after how long. Pure: no clock, no randomness and no
//! JavaScript in here; they come in as numbers.

mod backoff;
mod policy;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
pub(crate) mod retry_after;

pub(crate) use policy::{FailureKind, Policy, Verdict};
