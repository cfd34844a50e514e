//! The options of a client.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::limits::Limits;
use super::reader::OptionReader;
use super::{ApiKey, base_url, headers};
use crate::error::{self, Failure};
use crate::host::{Name, copy_fields, is_object, is_record, text_length};
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
    /// The depth of calls that are made now (`call_depth.rs`).
    pub(crate) call_depth: Rc<Cell<u32>>,
}

/// The hooks of a client.
pub(crate) struct Hooks {
    pub(crate) on_call: Option<Function>,
    pub(crate) on_request: Option<Function>,
    pub(crate) on_response: Option<Function>,
    pub(crate) on_retry: Option<Function>,
    pub(crate) on_error: Option<Function>,
}

impl ClientOptions {
    /// Reads the constructor's argument. All issues are reported together. The object has the same options, as they were read.
    pub(crate) fn read(source: &JsValue) -> Result<(ClientOptions, Object), Failure> {
        const UNUSABLE: &str = "The client's options are not usable";
        let mut issues = Issues::default();
        if !is_record(source) {
            issues.add_expected(FieldPath::text("options"), "an object such as { apiKey }", source);
            return Err(error::validation(UNUSABLE, issues));
        }
        let mut reader = OptionReader::new(source, "", &mut issues);
        let limits = Limits::DEFAULT.overridden(&mut reader);
        let fetch = reader.function(Name::Fetch);
        let hooks = Hooks {
            on_call: reader.function(Name::OnCall),
            on_request: reader.function(Name::OnRequest),
            on_response: reader.function(Name::OnResponse),
            on_retry: reader.function(Name::OnRetry),
            on_error: reader.function(Name::OnError),
        };
        let validate = reader.flag(Name::Validate).unwrap_or(true);
        let auto_idempotency = reader.flag(Name::AutoIdempotency).unwrap_or(true);
        let insecure_allowed = reader.flag(Name::AllowInsecureHttp) == Some(true);
        let base_url = reader.value(Name::BaseUrl, Kind::Any);
        let base_url = base_url::read(&base_url, insecure_allowed, reader.issues);
        let headers = reader.value(Name::DefaultHeaders, Kind::Any);
        let headers = headers::read(&headers, reader.path(Name::DefaultHeaders), reader.issues);
        let headers = headers::add_client(headers, reader.flag(Name::ClientHeader));
        let api_key = reader.value(Name::ApiKey, Kind::Any);
        let api_key = ApiKey::read(api_key, reader.issues);
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
                    call_depth: Rc::default(),
                },
                values,
            )),
            _ => Err(error::validation(UNUSABLE, issues)),
        }
    }
}

/// The environment variables that `fromEnv` reads, each with the option that it sets.
const VARIABLES: [(Name, Name); 2] = [(Name::EnvApiKey, Name::ApiKey), (Name::EnvBaseUrl, Name::BaseUrl)];

/// The options that `fromEnv` makes a client with: `overrides`, and where these do not set them the key and the base URL of `env`, by default
/// the host's environment.
pub(crate) fn from_env(env: JsValue, overrides: &JsValue) -> Result<Object, Failure> {
    let mut issues = Issues::default();
    let path = FieldPath::text("options");
    let options = if is_record(overrides) {
        copy_fields(overrides).unwrap_or_else(|error| {
            issues.add_exception(path, "read", &error);
            Object::new()
        })
    } else {
        if !overrides.is_undefined() {
            issues.add_expected(path, "an object", overrides);
        }
        Object::new()
    };
    let env = if env.is_undefined() { process_env() } else { env };
    if is_object(&env) {
        for (variable, option) in VARIABLES {
            if !option.get(&options).is_undefined() {
                continue;
            }
            match variable.try_get(&env) {
                // A variable that is empty counts as not set.
                Ok(value) if value.is_undefined() || (value.is_string() && text_length(&value) == 0) => {}
                Ok(value) => option.set(&options, &value),
                Err(error) => issues.add_exception(FieldPath::of(variable), "read", &error),
            }
        }
    } else if !env.is_undefined() {
        issues.add_expected(FieldPath::text("env"), "an object of environment variables", &env);
    }
    if issues.is_empty() && Name::ApiKey.get(&options).is_undefined() {
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
    Name::Env.get(&Name::Process.get(&js_sys::global()))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The options of a client. */
export interface ClaivClientOptions extends ClaivLimits {
  /**
   * The API key, sent as a bearer token; never shown by the client. Or a function that returns one (or a promise of one),
   * called once per call: for short-lived tokens in browsers.
   */
  apiKey: string | (() => string | PromiseLike<string>);
  /**
   * Where the API lives: an absolute http(s) URL, a path prefix is kept. Plain http only to this machine, unless
   * `allowInsecureHttp` is set. Default: `https://api.claiv.io`.
   */
  baseUrl?: string | undefined;
  /** What sends the requests. Default: the host's `fetch`, looked up at each call. */
  fetch?: ClaivFetch | undefined;
  /** Headers of every request. `authorization`, `content-type`, `content-length` and `accept` cannot be given. */
  defaultHeaders?: ClaivHeaders | undefined;
  /**
   * Whether the header `x-claiv-client` goes with every request, with the client's name and version: `claiv-memory/0.1.0`. Default: true, but false
   * in browsers (where there is a `location`): there a server of another origin has to allow it in its answer to a preflight.
   */
  clientHeader?: boolean | undefined;
  /**
   * Called for each call, while its method is being called. What it returns is the `context` of all later events of this call. With `ingestMany`
   * each event is a call.
   */
  onCall?: ((event: ClaivCallEvent) => unknown) | undefined;
  /** Called before each attempt. No hook gets the key or content, and none can change or delay a call. */
  onRequest?: ((event: ClaivRequestEvent) => unknown) | undefined;
  /** Called for each response, success or not. */
  onResponse?: ((event: ClaivResponseEvent) => unknown) | undefined;
  /** Called before each wait for another attempt. */
  onRetry?: ((event: ClaivRetryEvent) => unknown) | undefined;
  /**
   * Called for each call that failed in the end, also for one that was aborted before it was sent, and for each such event of `ingestMany`. Not for
   * arguments that break the rules, which never become a call, and not where the WebAssembly module itself failed during the call.
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
