//! The options of a client.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use super::base_url;
use super::headers::ExtraHeaders;
use super::key::ApiKey;
use super::limits::{LIMIT_OPTIONS, Limits, option, refuse_unknown, switch};
use crate::error::{self, Error};
use crate::hooks::Hooks;
use crate::platform::host::{self, Fields};
use crate::rules::Faults;

/// A client's options, checked.
pub(crate) struct Config {
    pub(crate) api_key: ApiKey,
    /// Without a trailing slash.
    pub(crate) base_url: JsString,
    pub(crate) limits: Limits,
    /// The caller's; none for the host's, which is looked up when it is called.
    pub(crate) fetch: Option<Function>,
    pub(crate) headers: ExtraHeaders,
    pub(crate) hooks: Hooks,
    /// False switches the checks of requests off.
    pub(crate) validate: bool,
    /// True adds an idempotency key where an ingest has none.
    pub(crate) auto_idempotency: bool,
}

/// The options that only clients have.
const OPTIONS: &[&str] = &[
    "apiKey",
    "baseUrl",
    "fetch",
    "defaultHeaders",
    "onRequest",
    "onResponse",
    "onRetry",
    "onError",
    "allowInsecureHttp",
    "validate",
    "autoIdempotency",
];

impl Config {
    /// Reads the constructor's argument; all faults are told together.
    pub(crate) fn read(value: &JsValue) -> Result<Config, Error> {
        let mut faults = Faults::default();
        let empty = Fields::empty();
        let source = if host::is_record(value) {
            value.unchecked_ref()
        } else {
            faults.wrong("options", "an object such as { apiKey }", value);
            &empty
        };

        refuse_unknown(source, "", &[LIMIT_OPTIONS, OPTIONS], &mut faults);
        let insecure = switch(source, "allowInsecureHttp", false, &mut faults);
        let base = option(source, "", "baseUrl", &mut faults).unwrap_or_else(|| base_url::DEFAULT.into());
        let base_url = base_url::read(&base, insecure, &mut faults).into();
        let limits = Limits::DEFAULT.overridden(source, "", &mut faults);
        let fetch = option(source, "", "fetch", &mut faults).and_then(|fetch| {
            fetch.dyn_into::<Function>().map_err(|other| faults.wrong("fetch", "a function", &other)).ok()
        });
        let headers = option(source, "", "defaultHeaders", &mut faults)
            .map(|headers| ExtraHeaders::read(&headers, "defaultHeaders", &mut faults))
            .unwrap_or_default();
        let hooks = Hooks::read(source, &mut faults);
        let validate = switch(source, "validate", true, &mut faults);
        let auto_idempotency = switch(source, "autoIdempotency", true, &mut faults);
        let api_key = if host::is_record(value) {
            let given = option(source, "", "apiKey", &mut faults);
            ApiKey::read(given, &mut faults)
        } else {
            None
        };
        match api_key {
            Some(api_key) if faults.0.is_empty() => {
                Ok(Config { api_key, base_url, limits, fetch, headers, hooks, validate, auto_idempotency })
            }
            _ => Err(error::validation("The client's options are not usable", &faults)),
        }
    }
}

/// The options that `fromEnv` stands for: `overrides`, and under them the key and base URL of `env` (else of the host's
/// environment).
pub(crate) fn from_env(env: &JsValue, overrides: &JsValue) -> Result<JsValue, Error> {
    let mut faults = Faults::default();
    let options = Fields::empty();
    if host::is_record(overrides) {
        if let Err(error) = host::assign(&options, overrides) {
            faults.threw("options", "read", &error);
        }
    } else if !overrides.is_undefined() {
        faults.wrong("options", "an object", overrides);
    }

    let env = if env.is_undefined() { host::process_env() } else { Some(env.clone()) };
    match env.as_ref().map(|env| (env, host::as_fields(env))) {
        None => {}
        Some((env, None)) => faults.wrong("env", "an object of environment variables", env),
        Some((_, Some(env))) => {
            for (variable, name) in [("CLAIV_API_KEY", "apiKey"), ("CLAIV_BASE_URL", "baseUrl")] {
                if options.get(name).is_ok_and(|given| !given.is_undefined()) {
                    continue;
                }
                match env.get(variable) {
                    // Set to nothing is how environments unset a variable.
                    Ok(value) if value.is_undefined() || value.as_string().is_some_and(|text| text.is_empty()) => {}
                    Ok(value) => options.set(name, &value),
                    Err(error) => faults.threw(variable, "read", &error),
                }
            }
        }
    }
    if faults.0.is_empty() && options.get("apiKey").unwrap_or_default().is_undefined() {
        faults.add("CLAIV_API_KEY", "is not set in the environment, and no apiKey is given");
    }
    if faults.0.is_empty() {
        Ok(options.into())
    } else {
        Err(error::validation("No client can be made from the environment", &faults))
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of a client. */
export interface ClaivClientOptions {
  /**
   * The API key, sent as a bearer token; never shown by the client. Or a function that returns one (or a promise of one),
   * asked once per call: for short-lived tokens in browsers.
   */
  apiKey: string | (() => string | PromiseLike<string>);
  /**
   * Where the API lives: an absolute http(s) URL, a path prefix is kept. Plain http only to this machine, unless
   * `allowInsecureHttp` is set. Default: `https://api.claiv.io`.
   */
  baseUrl?: string;
  /** Milliseconds for one attempt, from the call of fetch to the last byte of the body. Above 0; default: 30000. */
  timeout?: number;
  /** Milliseconds for a whole call: all attempts and the waits between them. Above 0; default: none. */
  totalTimeout?: number;
  /** Attempts after the first. A whole number, 0 or more; default: 2. */
  maxRetries?: number;
  /** The longest wait that the server may ask for, in milliseconds; beyond it a call fails at once. Above 0; default: 30000. */
  maxRetryDelay?: number;
  /** What sends the requests. Default: the host's `fetch`, looked up at each call. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Headers of every request. `authorization`, `content-type` and `accept` cannot be given. */
  defaultHeaders?: HeadersInit;
  /** Told before each attempt. Hooks are never told the key or content, and cannot change or delay a call. */
  onRequest?: (event: ClaivRequestEvent) => unknown;
  /** Told of each answer, success or not. */
  onResponse?: (event: ClaivResponseEvent) => unknown;
  /** Told of each wait before another attempt. */
  onRetry?: (event: ClaivRetryEvent) => unknown;
  /** Told of each call that was checked and failed in the end. */
  onError?: (event: ClaivErrorEvent) => unknown;
  /** Allows plain http to another machine, which sends the key readable. Default: false. */
  allowInsecureHttp?: boolean;
  /** Whether requests are checked before they are sent. Default: true. */
  validate?: boolean;
  /** Whether an ingest without `idempotency_key` gets one, so that a retry stores nothing twice. Default: true. */
  autoIdempotency?: boolean;
}
"#;
