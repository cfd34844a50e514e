//! What the caller sets: for a client, and for one call.

mod base_url;
mod call;
mod client;
mod headers;
mod key;
mod limits;
mod table;

pub(crate) use call::{CallOptions, MANY, PLAIN};
pub(crate) use client::{Config, from_env};
pub(crate) use key::{ApiKey, Authorization};
pub(crate) use table::Values;
