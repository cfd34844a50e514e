//! One attempt: what is handed to fetch, and what is read of its answer. The only place that talks to the network.

pub(crate) mod content;
mod response;

pub(crate) use response::{Answer, Read, read_twice, record_of, redact};

use wasm_bindgen::prelude::*;

use crate::options::{Authorization, Config};
use crate::platform::value::Val;
use crate::request::Request;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = send)]
    fn send_by_host(
        fetch: &Val,
        url: &Val,
        method: &Val,
        controller: &Val,
        body: &Val,
        authorization: &Val,
        defaults: &Val,
        more: &Val,
    ) -> Result<Val, JsValue>;
}

/// Calls fetch. `Err` is what it threw.
pub(crate) fn send(
    config: &Config,
    request: &Request,
    authorization: Authorization,
    controller: Val,
) -> Result<Val, Val> {
    Ok(send_by_host(
        &config.fetch,
        &request.url,
        &request.endpoint.method.js(),
        &controller,
        &request.body,
        &authorization.header,
        &config.headers,
        &request.options.headers,
    )?)
}
