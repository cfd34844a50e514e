//! All that touches the host.

mod alloc;
mod fields;
pub(crate) mod host;
pub(crate) mod names;
pub(crate) mod say;
pub(crate) mod signal;
pub(crate) mod uuid;
pub(crate) mod value;
pub(crate) mod wait;
