//! The last argument of every method.

use std::rc::Rc;

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use super::headers;
use super::limits::Limits;
use super::reader::OptionReader;
use crate::host::{Name, is_record};
use crate::rules::{FieldPath, Issues, Kind};

/// The default of `concurrency`.
const CONCURRENCY: usize = 4;

/// The options of one call; what it does not set is the client's.
pub(crate) struct CallOptions {
    pub(crate) limits: Limits,
    /// An AbortSignal of any realm or polyfill.
    pub(crate) signal: Option<JsValue>,
    /// Headers of this call, by names in lower case.
    pub(crate) headers: Option<Object>,
    /// Called once this call has succeeded.
    pub(crate) on_response: Option<Function>,
    /// True where fields that look like a mistake are sent all the same.
    pub(crate) allow_unknown_fields: bool,
}

/// The names of a call's options.
pub(crate) const CALL_OPTIONS: &[&[Name]] =
    &[Limits::NAMES, &[Name::Signal, Name::Headers, Name::OnResponse, Name::AllowUnknownFields]];

/// The options of `ingestMany`: those of each of its calls, and two of its own.
pub(crate) struct BatchOptions {
    pub(crate) call: Rc<CallOptions>,
    /// How many calls run at once.
    pub(crate) concurrency: usize,
    /// Called whenever an event has settled.
    pub(crate) on_progress: Option<Function>,
}

impl CallOptions {
    /// Reads the options of one call. `limits` are the client's.
    pub(crate) fn read(value: &JsValue, limits: Limits, issues: &mut Issues) -> Rc<CallOptions> {
        let mut options = CallOptions::unset(limits);
        if let Some(mut reader) = open(value, issues) {
            options.set(&mut reader);
            reader.finish();
        }
        Rc::new(options)
    }

    fn unset(limits: Limits) -> CallOptions {
        CallOptions { limits, signal: None, headers: None, on_response: None, allow_unknown_fields: false }
    }

    fn set(&mut self, reader: &mut OptionReader<'_>) {
        self.limits = self.limits.overridden(reader);
        self.signal = Some(reader.value(Name::Signal, Kind::Signal)).filter(JsValue::is_object);
        let headers = reader.value(Name::Headers, Kind::Any);
        self.headers = headers::read(&headers, reader.path(Name::Headers), reader.issues);
        self.on_response = reader.function(Name::OnResponse);
        self.allow_unknown_fields = reader.flag(Name::AllowUnknownFields) == Some(true);
    }
}

impl BatchOptions {
    /// Reads the options of `ingestMany`. `limits` are the client's.
    pub(crate) fn read(value: &JsValue, limits: Limits, issues: &mut Issues) -> BatchOptions {
        let mut call = CallOptions::unset(limits);
        let (mut concurrency, mut on_progress) = (CONCURRENCY, None);
        if let Some(mut reader) = open(value, issues) {
            call.set(&mut reader);
            if let Some(number) = reader.number(Name::Concurrency, Kind::Concurrency) {
                concurrency = number as usize;
            }
            on_progress = reader.function(Name::OnProgress);
            reader.finish();
        }
        BatchOptions { call: Rc::new(call), concurrency, on_progress }
    }
}

/// Begins to read a call's options, where there are any.
fn open<'a>(value: &'a JsValue, issues: &'a mut Issues) -> Option<OptionReader<'a>> {
    if value.is_undefined() {
        return None;
    }
    if !is_record(value) {
        issues.add_expected(FieldPath::text("options"), "an object such as { signal, timeout }", value);
        return None;
    }
    Some(OptionReader::new(value, "options.", issues))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The last argument of every method: what this one call does differently from its client. */
export interface CallOptions extends ClaivLimits {
  /** Ends the call at once, whatever it is doing: the promise rejects with `ClaivAbortError`. */
  signal?: ClaivSignal | undefined;
  /** Headers of this call, over the client's `defaultHeaders`. `authorization`, `content-type`, `content-length` and `accept` cannot be given. */
  headers?: ClaivHeaders | undefined;
  /**
   * Sends fields that are refused otherwise: those that a deletion does not know, those of another version of the method, and what looks like a
   * known field with another spelling. Default: false.
   */
  allowUnknownFields?: boolean | undefined;
  /** Called once this call has succeeded, with status, headers, request id and all attempts. It cannot change or delay the call. */
  onResponse?: ((response: ClaivCallResponse) => unknown) | undefined;
}
"#;
