//! The client of the Claiv Memory API, for every JavaScript runtime.
//!
//! One way through: a method of [`ClaivClient`] names an endpoint (`api`), `request` checks and encodes its arguments, `call` runs
//! attempts (`transport`) as the policy (`retry`) allows, and `error` turns what went wrong into a ClaivError. `platform` holds all that
//! touches the host.

#[cfg(feature = "lean-glue")]
use wasm_bindgen::prelude::*;

mod api;
mod batch;
mod call;
mod client;
#[cfg(feature = "debug")]
mod debug;
mod endpoint;
mod error;
mod hooks;
mod options;
mod platform;
mod request;
mod retry;
mod rules;
mod time;
mod transport;

pub use client::ClaivClient;
#[doc(hidden)]
pub use platform::value::Val;

/// Runs when the module is loaded, before anything of it can be called.
#[cfg(feature = "lean-glue")]
#[wasm_bindgen(start, private)]
pub fn start() {
    platform::names::load();
    #[cfg(feature = "debug")]
    debug::tell_panics();
}
