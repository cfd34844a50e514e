//! An in-memory Claiv Memory service.
//!
//! The service itself is plain Rust and knows neither JavaScript nor the time: [`service::Service`] is told both. `js` carries
//! requests of the Fetch standard to it and its responses back.

pub mod api;
pub mod auth;
pub mod errors;
pub mod faults;
pub mod hash;
pub mod http;
pub mod ids;
pub mod index;
pub mod inspect;
pub mod json;
pub mod log;
pub mod markdown;
pub mod meter;
pub mod options;
pub mod quota;
pub mod router;
pub mod search;
pub mod service;
pub mod store;
pub mod text;
pub mod time;
pub mod validate;

mod js;

#[cfg(test)]
mod testing;
