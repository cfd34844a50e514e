//! The only place that touches the host: typed imports of what every runtime has, and the one-shot
//! futures that wait for it. Everything is looked up on `globalThis` when it is used, never at import.

pub(crate) mod abort;
pub(crate) mod host;
pub(crate) mod names;
pub(crate) mod pending;
pub(crate) mod task;
pub(crate) mod uuid;
