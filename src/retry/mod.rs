//! Whether a failed attempt is followed by another, and after how long. Without JavaScript, a clock or randomness: they are arguments.

mod backoff;
mod policy;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties;
pub(crate) mod retry_after;

pub(crate) use policy::{FailureKind, Policy, Verdict};
