//! The options of a client, and of one call.

mod base_url;
mod call;
mod client;
mod headers;
mod key;
mod limits;
mod reader;

pub(crate) use call::{BatchOptions, CALL_OPTIONS, CallOptions};
pub(crate) use client::{ClientOptions, from_env};
pub(crate) use key::{ApiKey, Authorization};

#[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("host.d.ts");
