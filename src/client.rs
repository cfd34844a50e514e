//! The client as it is exported to JavaScript. Its API methods stand with their endpoints in `api`.
//!
//! Users get a JavaScript class around this one (`pkg-template/client/index.js`). It refuses copies of a client, and makes errors of what
//! this one rejects with: plain objects with the parts of an error.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use crate::call::{self, Call};
use crate::call_depth::CallDepth;
use crate::endpoint::Endpoint;
use crate::error::{self, Failure};
use crate::options::{CallOptions, ClientOptions, from_env};
use crate::request::{Arguments, Request};
use crate::rules::Issues;

/// A client of the Claiv Memory API.
///
/// Make one and keep it: it holds no connection and no timer between calls, any number can live side by side, and one serves any
/// number of calls at once.
///
/// @example
/// const claiv = ClaivClient.fromEnv(); // or new ClaivClient({ apiKey }), with a string
/// await claiv.ingest({ user_id: "user-123", type: "message", content: "User prefers dark mode" });
#[wasm_bindgen]
pub struct ClaivClient {
    pub(crate) options: Rc<ClientOptions>,
    options_as_read: Object,
    closed: Cell<bool>,
}

#[wasm_bindgen]
impl ClaivClient {
    /// Makes a client. Nothing is sent, read or started by it.
    ///
    /// @throws ClaivValidationError naming every option that is not usable.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "ClaivClientOptions")] options: JsValue,
    ) -> Result<ClaivClient, JsValue> {
        let (options, options_as_read) = ClientOptions::read(&options).map_err(Failure::into_js_unsent)?;
        Ok(ClaivClient { options: Rc::new(options), options_as_read, closed: Cell::new(false) })
    }

    /// Makes a client from `CLAIV_API_KEY` and `CLAIV_BASE_URL`: of the object given (a Worker's `env`), else of the host's
    /// environment (`process.env`). A variable that is empty counts as not set.
    ///
    /// @param env - an object of variables; default: the host's environment
    /// @param options - more options, which win over the environment
    /// @throws ClaivValidationError when there is no key, or an option is not usable.
    // Returns the options of that client: the JavaScript class makes the client with them, so that a subclass gets one of its own.
    #[wasm_bindgen(js_name = fromEnv, unchecked_return_type = "ClaivClient")]
    pub fn from_env(
        #[wasm_bindgen(unchecked_optional_param_type = "object")] env: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "ClaivEnvOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        from_env(env, &options).map(JsValue::from).map_err(Failure::into_js_unsent)
    }

    /// The options as they were read. The same client is made with them again where this instance of the module fails.
    #[wasm_bindgen(js_name = __options, skip_typescript)]
    pub fn options_as_read(&self) -> Object {
        self.options_as_read.clone()
    }

    /// The base URL, without a trailing slash.
    #[wasm_bindgen(js_name = __base, skip_typescript)]
    pub fn base(&self) -> JsValue {
        JsValue::from_str(&self.options.base_url)
    }

    /// Closes the client: calls in flight finish, later ones reject with a ClaivError. Closing twice does nothing.
    /// `using` and `await using` call it.
    pub fn close(&self) {
        self.closed.set(true);
    }
}

/// Turns a call into a promise and runs it: the one place that does. The future is boxed, so that this is compiled once for all calls.
#[inline(never)]
pub(crate) fn run(call: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    future_to_promise(call)
}

impl ClaivClient {
    /// A call without positional arguments.
    #[inline(never)]
    pub(crate) fn call(&self, endpoint: &'static Endpoint, payload: JsValue, options: JsValue) -> Promise {
        self.call_with(endpoint, [JsValue::UNDEFINED, JsValue::UNDEFINED], payload, options)
    }

    /// Every method of the API ends here. Checks and encodes the arguments at once; where they break the rules, the promise rejects.
    #[inline(never)]
    pub(crate) fn call_with(
        &self,
        endpoint: &'static Endpoint,
        positional: [JsValue; 2],
        payload: JsValue,
        options: JsValue,
    ) -> Promise {
        match self.prepare(endpoint, &Arguments { positional, payload }, &options) {
            Ok((mut request, call_depth)) => {
                request.emit_call(&self.options, &call_depth, &JsValue::UNDEFINED);
                run(Box::pin(call::run(Call::new(&self.options, request, call_depth, None))))
            }
            Err(failure) => Promise::reject(&failure.into_js_unsent()),
        }
    }

    /// Checks and encodes the arguments of a call.
    pub(crate) fn prepare(
        &self,
        endpoint: &'static Endpoint,
        arguments: &Arguments,
        options: &JsValue,
    ) -> Result<(Request, CallDepth), Failure> {
        let call_depth = self.begin()?;
        let mut issues = Issues::default();
        let options = CallOptions::read(options, self.options.limits, &mut issues);
        Ok((Request::new(&self.options, endpoint, arguments, options, issues)?, call_depth))
    }

    /// Begins a call. `Err` where the client is closed, or where calls are nested too deeply.
    pub(crate) fn begin(&self) -> Result<CallDepth, Failure> {
        if self.closed.get() {
            return Err(Failure::plain("This client is closed: make a new one for further calls."));
        }
        CallDepth::of_new_call(&self.options.call_depth).ok_or_else(error::endless_recursion)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
declare global {
  interface SymbolConstructor {
    readonly dispose: unique symbol;
    readonly asyncDispose: unique symbol;
  }
}

export interface ClaivClient {
  /** Where the client sends its calls, without a trailing slash. */
  readonly baseUrl: string;
  /** Closes the client when a `using` block ends. */
  [Symbol.dispose](): void;
  /** Closes the client when an `await using` block ends. */
  [Symbol.asyncDispose](): Promise<void>;
}
"#;
