//! What an attempt gives to the host and takes from it. The only place that touches the network.

mod redact;
mod response;
mod text_reader;

pub(crate) use redact::{redact, redact_message, redactor};
pub(crate) use response::{NoBody, Response};
pub(crate) use text_reader::{TextReader, discard, read_content};

use js_sys::{Function, JsString, Object};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use crate::host::Name;
use crate::options::{Authorization, ClientOptions};
use crate::request::Request;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = requestInit)]
    fn request_init(
        method: &str,
        controller: &AbortController,
        body: Option<&JsString>,
        authorization: Option<&JsString>,
        defaults: Option<&Object>,
        own: Option<&Object>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = send)]
    fn send_by_host(fetch: Option<&Function>, url: &JsString, init: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = isImpossible)]
    fn is_impossible_by_host(url: &JsString, init: &JsValue, error: &JsValue) -> Result<bool, JsValue>;

    /// web-sys's own `abort` is not `catch`, and a polyfill may throw.
    #[wasm_bindgen(catch, js_name = abort)]
    fn abort_by_host(controller: &AbortController) -> Result<(), JsValue>;

    /// The object that a text of JSON describes; undefined for any other value. Throws for what is no JSON.
    #[wasm_bindgen(catch, js_name = parseObject)]
    pub(crate) fn parse_object(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// Aborts a fetch.
pub(crate) struct Abort(AbortController);

impl Abort {
    /// None where the host has no AbortController that works.
    pub(crate) fn new() -> Option<Abort> {
        AbortController::new().ok().map(Abort)
    }

    /// Aborts the fetch.
    #[inline(never)]
    pub(crate) fn fire(&self) {
        // The attempt is over, also where a polyfill's `abort` throws.
        let _ = abort_by_host(&self.0);
    }
}

/// The second argument of fetch. `Err` is what was thrown as it was made.
pub(crate) fn init(
    client: &ClientOptions,
    request: &Request,
    authorization: Option<&Authorization>,
    abort: &Abort,
) -> Result<JsValue, JsValue> {
    request_init(
        request.endpoint.method.text(),
        &abort.0,
        request.body.as_ref(),
        authorization.map(|authorization| &authorization.header),
        client.headers.as_ref(),
        request.options.headers.as_ref(),
    )
}

/// Calls fetch. `Err` is what it threw.
pub(crate) fn send(client: &ClientOptions, request: &Request, init: &JsValue) -> Result<JsValue, JsValue> {
    send_by_host(client.fetch.as_ref(), &request.address.url, init)
}

/// True where fetch failed with `error` because the host cannot make such a request: it was not sent.
pub(crate) fn is_impossible(request: &Request, init: &JsValue, error: &JsValue) -> bool {
    is_impossible_by_host(&request.address.url, init, error).unwrap_or(false)
}

/// Whether the host has a `fetch` just now.
pub(crate) fn has_fetch() -> bool {
    Name::Fetch.get(&js_sys::global()).is_function()
}
