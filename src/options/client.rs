//! The options of a client.

use wasm_bindgen::prelude::*;

use super::limits::{Limits, SHARED};
use super::{ApiKey, base_url, headers, table};
use crate::error::{self, Error};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::{Fields, Kept, Val};
use crate::rules::{At, Faults, Field, Kind};

/// A client's options, checked. What is not given is undefined.
pub(crate) struct Config {
    pub(crate) api_key: ApiKey,
    /// Without a trailing slash.
    pub(crate) base_url: Kept,
    pub(crate) limits: Limits,
    /// The caller's; none for the host's, which is looked up when it is called.
    pub(crate) fetch: Kept,
    pub(crate) headers: Kept,
    pub(crate) on_request: Kept,
    pub(crate) on_response: Kept,
    pub(crate) on_retry: Kept,
    pub(crate) on_error: Kept,
    /// False switches the checks of requests off.
    pub(crate) validate: bool,
    /// True adds an idempotency key where an ingest has none.
    pub(crate) auto_idempotency: bool,
}

const OPTIONS: &[Field] = &[
    SHARED[0],
    SHARED[1],
    SHARED[2],
    SHARED[3],
    Field::optional(Name::Fetch, Kind::Function),
    Field::optional(Name::OnRequest, Kind::Function),
    Field::optional(Name::OnResponse, Kind::Function),
    Field::optional(Name::OnRetry, Kind::Function),
    Field::optional(Name::OnError, Kind::Function),
    Field::optional(Name::Validate, Kind::Flag),
    Field::optional(Name::AutoIdempotency, Kind::Flag),
    Field::optional(Name::AllowInsecureHttp, Kind::Flag),
    Field::optional(Name::BaseUrl, Kind::Any),
    Field::optional(Name::DefaultHeaders, Kind::Any),
    Field::optional(Name::ApiKey, Kind::Any),
];

impl Config {
    /// Reads the constructor's argument; all faults are told together.
    pub(crate) fn read(options: Val) -> Result<Config, Error> {
        const UNUSABLE: &str = "The client's options are not usable";
        let faults = Faults::default();
        if !host::is_record(options) {
            faults.not(At::name(Name::Options), "an object such as { apiKey }", options);
            return Err(error::validation(UNUSABLE, &faults));
        }
        let values = table::read(options, Name::Empty, OPTIONS, &faults);
        let switch = |value: Val, default| value.as_bool().unwrap_or(default);
        let config = Config {
            base_url: Kept::new(base_url::read(values[12], switch(values[11], false), &faults)),
            headers: Kept::new(headers::read(values[13], At::name(Name::DefaultHeaders), &faults)),
            api_key: ApiKey::read(values[14], &faults),
            limits: Limits::DEFAULT.overridden(&values),
            fetch: Kept::new(values[4]),
            on_request: Kept::new(values[5]),
            on_response: Kept::new(values[6]),
            on_retry: Kept::new(values[7]),
            on_error: Kept::new(values[8]),
            validate: switch(values[9], true),
            auto_idempotency: switch(values[10], true),
        };
        if faults.is_empty() { Ok(config) } else { Err(error::validation(UNUSABLE, &faults)) }
    }
}

/// The options that `fromEnv` stands for: `overrides`, and under them the key and base URL of `env` (else of the host's
/// environment).
pub(crate) fn from_env(env: Val, overrides: Val) -> Result<Val, Error> {
    let faults = Faults::default();
    let options = Fields::empty();
    if host::is_record(overrides) {
        if let Err(error) = host::assign(options, overrides) {
            faults.threw(At::name(Name::Options), "read", error);
        }
    } else if !overrides.is_none() {
        faults.not(At::name(Name::Options), "an object", overrides);
    }

    let env = if env.is_none() { host::process_env() } else { env };
    if !host::is_object(env) {
        if !env.is_none() {
            faults.not(At::name(Name::Env), "an object of environment variables", env);
        }
    } else {
        for (variable, name) in [(Name::EnvApiKey, Name::ApiKey), (Name::EnvBaseUrl, Name::BaseUrl)] {
            if !options.peek(name).is_none() {
                continue;
            }
            match env.fields().get(variable) {
                // Set to nothing is how environments unset a variable.
                Ok(value) if value.is_none() || (value.is_string() && host::text_length(value) == 0) => {}
                Ok(value) => options.set(name, value),
                Err(error) => faults.threw(At::name(variable), "read", error),
            }
        }
    }
    if faults.is_empty() && options.peek(Name::ApiKey).is_none() {
        faults.add(At::name(Name::EnvApiKey), "is not set in the environment, and no apiKey is given");
    }
    if faults.is_empty() {
        Ok(*options)
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
