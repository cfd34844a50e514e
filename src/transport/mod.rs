//! What an attempt gives to the host and takes from it. The only place that touches the network.

mod answer;
mod body;
mod redact;

pub(crate) use answer::{Answer, Head};
pub(crate) use body::{Reading, discard, read_content};
pub(crate) use redact::{hider, redact, redact_message};

use js_sys::{Function, JsString, Object};
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

use crate::host::Name;
use crate::options::{Authorization, ClientOptions};
use crate::request::Request;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = initOf)]
    fn init_of(
        method: &str,
        controller: &AbortController,
        body: Option<&JsString>,
        authorization: Option<&JsString>,
        defaults: Option<&Object>,
        more: Option<&Object>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = send)]
    fn send_by_host(fetch: Option<&Function>, url: &JsString, init: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = isImpossible)]
    fn is_impossible_by_host(url: &JsString, init: &JsValue, error: &JsValue) -> Result<bool, JsValue>;

    /// web-sys's own `abort` is not `catch`, and a polyfill may throw.
    #[wasm_bindgen(catch, js_name = abort)]
    fn abort_by_host(controller: &AbortController) -> Result<(), JsValue>;

    /// The object that a JSON text stands for; undefined where it stands for something else. Throws for what is no JSON.
    #[wasm_bindgen(catch, js_name = recordOf)]
    pub(crate) fn record_of(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// What cuts a fetch short.
pub(crate) struct Abort(AbortController);

impl Abort {
    /// None where the host has no AbortController that works.
    pub(crate) fn new() -> Option<Abort> {
        AbortController::new().ok().map(Abort)
    }

    /// Cuts the fetch short.
    pub(crate) fn fire(&self) {
        // Whether or not the host can be told, the attempt is over.
        let _ = abort_by_host(&self.0);
    }
}

/// What fetch is given beside the URL. `Err` is what kept it from being made.
pub(crate) fn init(
    client: &ClientOptions,
    request: &Request,
    authorization: Option<&Authorization>,
    abort: &Abort,
) -> Result<JsValue, JsValue> {
    init_of(
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

/// True where `error`, which fetch failed with, says that the host cannot even make this request: it was not sent.
pub(crate) fn is_impossible(request: &Request, init: &JsValue, error: &JsValue) -> bool {
    is_impossible_by_host(&request.address.url, init, error).unwrap_or(false)
}

/// Whether the host has a `fetch` just now.
pub(crate) fn has_fetch() -> bool {
    Name::Fetch.peek(&js_sys::global()).is_function()
}
