//! The last argument of every method.

use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::headers;
use super::limits::Limits;
use super::reader::OptionReader;
use crate::host::{Name, is_record};
use crate::rules::{FieldPath, Issues, Kind};

/// How many ingests of a batch run at once when nothing is said.
const CONCURRENCY: f64 = 4.0;

/// What one call sets for itself.
pub(crate) struct CallOptions {
    pub(crate) limits: Limits,
    /// An AbortSignal of any realm or polyfill.
    pub(crate) signal: Option<JsValue>,
    /// Headers of this call, by names in lower case.
    pub(crate) headers: Option<Object>,
    /// Told of this call's success.
    pub(crate) on_response: Option<Function>,
    /// True sends fields that would be refused as unknown.
    pub(crate) allow_unknown_fields: bool,
}

/// The names of a call's options.
pub(crate) const CALL_OPTIONS: &[Name] = &[
    Name::Signal,
    Name::Timeout,
    Name::TotalTimeout,
    Name::MaxRetries,
    Name::MaxRetryDelay,
    Name::MaxResponseBytes,
    Name::Headers,
    Name::OnResponse,
    Name::AllowUnknownFields,
];

/// The options of `ingestMany`: those of each of its calls, and two of its own.
pub(crate) struct BatchOptions {
    pub(crate) call: Rc<CallOptions>,
    /// How many calls run at once.
    pub(crate) concurrency: usize,
    /// Told whenever an event has settled.
    pub(crate) on_progress: Option<Function>,
}

impl CallOptions {
    /// Reads the options of one call; what is not set is the client's.
    pub(crate) fn read(value: &JsValue, limits: Limits, issues: &mut Issues) -> Rc<CallOptions> {
        let Some(mut reader) = open(value, issues) else { return Rc::new(CallOptions::none(limits)) };
        let options = CallOptions::shared(limits, &mut reader);
        reader.finish();
        Rc::new(options)
    }

    fn none(limits: Limits) -> CallOptions {
        CallOptions { limits, signal: None, headers: None, on_response: None, allow_unknown_fields: false }
    }

    fn shared(limits: Limits, reader: &mut OptionReader<'_>) -> CallOptions {
        let limits = limits.overridden(reader);
        let signal = Some(reader.value(Name::Signal, Kind::Signal)).filter(|signal| signal.is_object());
        let given = reader.value(Name::Headers, Kind::Any);
        let headers = headers::read(&given, reader.path(Name::Headers), reader.issues);
        CallOptions {
            limits,
            signal,
            headers,
            on_response: reader.function(Name::OnResponse),
            allow_unknown_fields: reader.flag(Name::AllowUnknownFields).unwrap_or(false),
        }
    }
}

impl BatchOptions {
    /// Reads the options of `ingestMany`.
    pub(crate) fn read(value: &JsValue, limits: Limits, issues: &mut Issues) -> BatchOptions {
        let Some(mut reader) = open(value, issues) else {
            return BatchOptions {
                call: Rc::new(CallOptions::none(limits)),
                concurrency: CONCURRENCY as usize,
                on_progress: None,
            };
        };
        let call = Rc::new(CallOptions::shared(limits, &mut reader));
        let concurrency = reader.number(Name::Concurrency, Kind::Concurrency).unwrap_or(CONCURRENCY) as usize;
        let on_progress = reader.function(Name::OnProgress);
        reader.finish();
        BatchOptions { call, concurrency, on_progress }
    }
}

/// Begins to read a call's options, where there are any.
fn open<'a>(value: &'a JsValue, issues: &'a mut Issues) -> Option<OptionReader<'a>> {
    if value.is_undefined() {
        return None;
    }
    if !is_record(value) {
        issues.expected(FieldPath::text("options"), "an object such as { signal, timeout }", value);
        return None;
    }
    Some(OptionReader::new(value, "options.", issues))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The last argument of every method: what this one call does differently from its client. */
export interface CallOptions {
  /** Cuts the call short, whatever it is doing: the promise rejects with `ClaivAbortError`. */
  signal?: ClaivSignal | undefined;
  /** Milliseconds for one attempt, from the call of fetch to the last byte of the body. Above 0; default: the client's. */
  timeout?: number | undefined;
  /** Milliseconds for the whole call: all attempts and the waits between them. Above 0; default: the client's. */
  totalTimeout?: number | undefined;
  /** Attempts after the first. A whole number, 0 or more; default: the client's. */
  maxRetries?: number | undefined;
  /** The longest wait that the server may ask for, in milliseconds; beyond it the call fails at once. Above 0; default: the client's. */
  maxRetryDelay?: number | undefined;
  /** The most bytes of an answer's body, after decompression; more is a `ClaivResponseError`. A whole number, 1 or more; default: the client's. */
  maxResponseBytes?: number | undefined;
  /** Headers of this call, over the client's `defaultHeaders`. `authorization`, `content-type` and `accept` cannot be given. */
  headers?: ClaivHeaders | undefined;
  /**
   * Sends fields that are refused otherwise: those that a deletion does not know, those of another version of the method, and what looks like a
   * known field with another spelling. Default: false.
   */
  allowUnknownFields?: boolean | undefined;
  /** Told of this call's success: status, headers, request id and all attempts. It cannot change or delay the call. */
  onResponse?: ((response: ClaivCallResponse) => unknown) | undefined;
}
"#;
