//! The client of the Claiv Memory API, for every JavaScript runtime.
//!
//! The modules, in the order in which a call passes through them:
//!
//! - [`api`] has one file per family of endpoints: method, path, fields, replay safety, types and docs side by side.
//! - [`client`] is the class that JavaScript gets. While a method is being called, [`request`] checks the fields against [`rules`] and
//!   writes body and [`address`]; [`options`] are those of a client and of a call.
//! - [`call`] is the one async function of every call: the key, then attempts, judged by [`retry`], and the waits between them.
//!   [`batch`] runs many calls, which share a [`rate_limit_pause`].
//! - [`transport`] makes the fetch of an attempt and reads its response. Nothing else touches the network.
//! - [`wait`] is how a call waits for promises, timers and signals.
//! - [`error`] makes the errors of calls, [`hooks`] the events of hooks.
//! - [`host`] has the few imports that js-sys and web-sys lack. `retry` and [`time`] use no JavaScript at all.

mod address;
mod api;
mod batch;
mod call;
mod call_depth;
mod client;
#[cfg(feature = "debug")]
mod debug;
mod endpoint;
mod error;
mod hooks;
mod host;
mod options;
mod rate_limit_pause;
mod request;
mod retry;
mod rules;
#[cfg(all(test, target_arch = "wasm32"))]
mod testing;
mod time;
mod transport;
mod wait;

pub use client::ClaivClient;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// Runs when an instance of the development build is started, before anything of it can be called.
#[cfg(feature = "debug")]
#[wasm_bindgen::prelude::wasm_bindgen(start, private)]
pub fn start() {
    debug::log_panics();
}
