//! The client of the Claiv Memory API, for every JavaScript runtime.
//!
//! The modules, in the order in which a call passes through them:
//!
//! - [`api`] has one file per family of endpoints: method, path, fields, replay safety, types and docs side by side.
//! - [`client`] is the class that JavaScript gets. While a method is being called, [`request`] checks the fields against [`rules`] and
//!   writes body and [`address`]; [`options`] are what a client and a call set.
//! - [`call`] is the one async function of every call: the key, then attempts, judged by [`retry`], and the waits between them.
//!   [`batch`] runs many of them, at a [`pace`].
//! - [`transport`] is an attempt: fetch, the head of its answer and its body. Nothing else touches the network.
//! - [`wait`] is how a call waits for promises, timers and signals.
//! - [`error`] is what a call can fail with, [`hooks`] what is told on the way.
//! - [`host`] has the few imports that js-sys and web-sys lack; `retry` and [`time`] know no JavaScript at all.

mod address;
mod api;
mod batch;
mod call;
mod client;
#[cfg(feature = "debug")]
mod debug;
mod endpoint;
mod error;
mod hooks;
mod host;
mod nesting;
mod options;
mod pace;
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
    debug::tell_panics();
}
