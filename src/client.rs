//! The client: what is exported to JavaScript. Its API methods stand with their endpoints in `api`.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::call::{Call, Target};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::options::{CallOptions, Config, PLAIN, from_env};
use crate::platform::say::Say;
use crate::platform::value::Val;
use crate::platform::wait::{Deferred, START, Waiter};
use crate::request::Request;
use crate::rules::Faults;

/// A client of the Claiv Memory API.
///
/// Make one and keep it: it holds no connection and no timer between calls, any number can live side by side, and one serves any
/// number of calls at once.
///
/// @example
/// const claiv = new ClaivClient({ apiKey: process.env.CLAIV_API_KEY });
/// await claiv.ingest({ user_id: "user-123", type: "message", content: "User prefers dark mode" });
#[wasm_bindgen]
pub struct ClaivClient {
    pub(crate) config: Rc<Config>,
    closed: Cell<bool>,
}

#[wasm_bindgen]
impl ClaivClient {
    /// Makes a client. Nothing is sent, read or started by it.
    ///
    /// @throws ClaivValidationError naming every option that is not usable.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "ClaivClientOptions")] options: Val) -> Result<ClaivClient, Val> {
        let config = Config::read(options).map_err(Error::into_js)?;
        Ok(ClaivClient { config: Rc::new(config), closed: Cell::new(false) })
    }

    /// Makes a client from `CLAIV_API_KEY` and `CLAIV_BASE_URL`: of the object given (a Worker's `env`), else of the host's
    /// environment (`process.env`). A variable that is empty counts as not set.
    ///
    /// @param env - an object of variables; default: the host's environment
    /// @param options - more options, which win over the environment
    /// @throws ClaivValidationError when there is no key, or an option is not usable.
    #[wasm_bindgen(js_name = fromEnv)]
    pub fn from_env(
        #[wasm_bindgen(unchecked_optional_param_type = "object")] env: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "Partial<ClaivClientOptions>")] options: Val,
    ) -> Result<ClaivClient, Val> {
        let options = from_env(env, options).map_err(Error::into_js)?;
        ClaivClient::new(options)
    }

    /// Closes the client: calls in flight finish, later ones reject with a ClaivError. Closing twice does nothing.
    /// `using` and `await using` call it.
    pub fn close(&self) {
        self.closed.set(true);
    }
}

impl ClaivClient {
    /// A call without positional arguments.
    #[inline(never)]
    pub(crate) fn call(&self, endpoint: &'static Endpoint, payload: Val, options: Val) -> Val {
        self.call_with(endpoint, Val::UNDEFINED, Val::UNDEFINED, payload, options)
    }

    /// Every method of the API comes down to this. What is wrong with the arguments rejects the promise; it never throws.
    #[inline(never)]
    pub(crate) fn call_with(
        &self,
        endpoint: &'static Endpoint,
        first: Val,
        second: Val,
        payload: Val,
        options: Val,
    ) -> Val {
        let deferred = Deferred::new();
        let promise = deferred.promise();
        match self.prepare(endpoint, [first, second], payload, options) {
            Ok(request) => {
                Call::start(&self.config, request, Target::Promise(deferred)).told(START, Val::UNDEFINED);
            }
            Err(error) => deferred.settle(Err(error.of_nothing_sent())),
        }
        promise
    }

    /// A closed client calls no more.
    pub(crate) fn check_open(&self) -> Result<(), Error> {
        if self.closed.get() {
            return Err(Error::plain(Say::new("This client is closed: make a new one for further calls.")));
        }
        Ok(())
    }

    /// Checks and encodes a call.
    fn prepare(
        &self,
        endpoint: &'static Endpoint,
        args: [Val; 2],
        payload: Val,
        options: Val,
    ) -> Result<Box<Request>, Error> {
        self.check_open()?;
        let faults = Faults::default();
        let (options, _) = CallOptions::read(options, self.config.limits, PLAIN, &faults);
        Request::new(&self.config, endpoint, args, payload, options, &faults)
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
  /** Closes the client when a `using` block ends. */
  [Symbol.dispose](): void;
  /** Closes the client when an `await using` block ends. */
  [Symbol.asyncDispose](): Promise<void>;
}
"#;
