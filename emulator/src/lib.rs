//! An in-memory Claiv Memory service.
//!
//! [`service::Service`] is plain Rust: it gets each request with the current time and uses no JavaScript. The module `js` exports the class
//! `ClaivEmulator`, which converts requests and responses of the Fetch standard and waits where a response is delayed.

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
