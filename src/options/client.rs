//! The options of a client.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::limits::Limits;
use super::reader::OptionReader;
use super::{ApiKey, base_url, headers};
use crate::error::{self, Failed};
use crate::host::{Name, assign, is_object, is_record, text_length};
use crate::rules::{FieldPath, Issues, Kind};

/// A client's options, checked.
pub(crate) struct ClientOptions {
    pub(crate) api_key: ApiKey,
    /// Without a trailing slash.
    pub(crate) base_url: String,
    pub(crate) limits: Limits,
    /// The caller's; none for the host's, which is looked up when it is called.
    pub(crate) fetch: Option<Function>,
    /// Headers of every request, by names in lower case.
    pub(crate) headers: Option<Object>,
    pub(crate) hooks: Hooks,
    /// False switches the checks of requests off.
    pub(crate) validate: bool,
    /// True adds an idempotency key where an ingest has none.
    pub(crate) auto_idempotency: bool,
    /// How deep calls are nested that the caller's functions make while they run (`nesting.rs`).
    pub(crate) nesting: Rc<Cell<u32>>,
}

/// Who is told of a client's calls.
pub(crate) struct Hooks {
    pub(crate) on_request: Option<Function>,
    pub(crate) on_response: Option<Function>,
    pub(crate) on_retry: Option<Function>,
    pub(crate) on_error: Option<Function>,
}

impl ClientOptions {
    /// Reads the constructor's argument; all issues are told together. The object that comes with them has the same options, as they
    /// were read.
    pub(crate) fn read(source: &JsValue) -> Result<(ClientOptions, Object), Failed> {
        const UNUSABLE: &str = "The client's options are not usable";
        let mut issues = Issues::default();
        if !is_record(source) {
            issues.expected(FieldPath::text("options"), "an object such as { apiKey }", source);
            return Err(error::validation(UNUSABLE, issues));
        }
        let mut reader = OptionReader::new(source, "", &mut issues);
        let limits = Limits::DEFAULT.overridden(&mut reader);
        let fetch = reader.function(Name::Fetch);
        let hooks = Hooks {
            on_request: reader.function(Name::OnRequest),
            on_response: reader.function(Name::OnResponse),
            on_retry: reader.function(Name::OnRetry),
            on_error: reader.function(Name::OnError),
        };
        let validate = reader.flag(Name::Validate).unwrap_or(true);
        let auto_idempotency = reader.flag(Name::AutoIdempotency).unwrap_or(true);
        let insecure_allowed = reader.flag(Name::AllowInsecureHttp).unwrap_or(false);
        let given = reader.value(Name::BaseUrl, Kind::Any);
        let base_url = base_url::read(&given, insecure_allowed, reader.issues);
        let given = reader.value(Name::DefaultHeaders, Kind::Any);
        let headers_path = reader.path(Name::DefaultHeaders);
        let headers = headers::read(&given, headers_path, reader.issues);
        let given = reader.value(Name::ApiKey, Kind::Any);
        let api_key = ApiKey::read(given, reader.issues);
        let values = reader.finish();
        match api_key {
            Some(api_key) if issues.is_empty() => Ok((
                ClientOptions {
                    api_key,
                    base_url,
                    limits,
                    fetch,
                    headers,
                    hooks,
                    validate,
                    auto_idempotency,
                    nesting: Rc::default(),
                },
                values,
            )),
            _ => Err(error::validation(UNUSABLE, issues)),
        }
    }
}

/// The variables that `fromEnv` reads, and the options that they stand for.
const VARIABLES: [(Name, Name); 2] = [(Name::EnvApiKey, Name::ApiKey), (Name::EnvBaseUrl, Name::BaseUrl)];

/// The options that `fromEnv` stands for: `overrides`, and under them the key and base URL of `env` (else of the host's
/// environment).
pub(crate) fn from_env(env: JsValue, overrides: &JsValue) -> Result<Object, Failed> {
    let mut issues = Issues::default();
    let options = Object::new();
    if is_record(overrides) {
        if let Err(error) = assign(&options, overrides) {
            issues.threw(FieldPath::text("options"), "read", &error);
        }
    } else if !overrides.is_undefined() {
        issues.expected(FieldPath::text("options"), "an object", overrides);
    }

    let env = if env.is_undefined() { process_env() } else { env };
    if is_object(&env) {
        for (variable, option) in VARIABLES {
            if !option.peek(&options).is_undefined() {
                continue;
            }
            match variable.of(&env) {
                // Set to nothing is how environments unset a variable.
                Ok(value) if value.is_undefined() || (value.is_string() && text_length(&value) == 0) => {}
                Ok(value) => option.set(&options, &value),
                Err(error) => issues.threw(FieldPath::of(variable), "read", &error),
            }
        }
    } else if !env.is_undefined() {
        issues.expected(FieldPath::text("env"), "an object of environment variables", &env);
    }
    if issues.is_empty() && Name::ApiKey.peek(&options).is_undefined() {
        issues.add(FieldPath::of(Name::EnvApiKey), &["is not set in the environment, and no apiKey is given"]);
    }
    if issues.is_empty() {
        Ok(options)
    } else {
        Err(error::validation("No client can be made from the environment", issues))
    }
}

/// `process.env`, where there is one (Node, Bun, Deno, Next).
fn process_env() -> JsValue {
    Name::Env.peek(&Name::Process.peek(&js_sys::global()))
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
  baseUrl?: string | undefined;
  /** Milliseconds for one attempt, from the call of fetch to the last byte of the body. Above 0; default: 30000. */
  timeout?: number | undefined;
  /** Milliseconds for a whole call: all attempts and the waits between them. Above 0; default: none. */
  totalTimeout?: number | undefined;
  /** Attempts after the first. A whole number, 0 or more; default: 2. */
  maxRetries?: number | undefined;
  /** The longest wait that the server may ask for, in milliseconds; beyond it a call fails at once. Above 0; default: 30000. */
  maxRetryDelay?: number | undefined;
  /** The most bytes of an answer's body, after decompression; more is a `ClaivResponseError`. A whole number, 1 or more; default: 33554432 (32 MiB). */
  maxResponseBytes?: number | undefined;
  /** What sends the requests. Default: the host's `fetch`, looked up at each call. */
  fetch?: ClaivFetch | undefined;
  /** Headers of every request. `authorization`, `content-type` and `accept` cannot be given. */
  defaultHeaders?: ClaivHeaders | undefined;
  /** Told before each attempt. Hooks are never told the key or content, and cannot change or delay a call. */
  onRequest?: ((event: ClaivRequestEvent) => unknown) | undefined;
  /** Told of each answer, success or not. */
  onResponse?: ((event: ClaivResponseEvent) => unknown) | undefined;
  /** Told of each wait before another attempt. */
  onRetry?: ((event: ClaivRetryEvent) => unknown) | undefined;
  /**
   * Told of each call that failed in the end, also of one that was aborted before it was sent, and of each such event of `ingestMany`. Not of
   * what breaks the rules: that never became a call.
   */
  onError?: ((event: ClaivErrorEvent) => unknown) | undefined;
  /** Allows plain http to another machine, which sends the key readable. Default: false. */
  allowInsecureHttp?: boolean | undefined;
  /** Whether requests are checked before they are sent. Default: true. */
  validate?: boolean | undefined;
  /** Whether an ingest without `idempotency_key` gets one, so that a retry stores nothing twice. Default: true. */
  autoIdempotency?: boolean | undefined;
}

/** The options that `ClaivClient.fromEnv` takes: those of a client, none of them required. */
export type ClaivEnvOptions = { [K in keyof ClaivClientOptions]?: ClaivClientOptions[K] | undefined };
"#;
