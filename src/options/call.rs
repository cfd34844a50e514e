//! The last argument of every method.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::headers::ExtraHeaders;
use super::limits::{LIMIT_OPTIONS, Limits, option, refuse_unknown};
use crate::hooks::callback;
use crate::platform::abort::Signal;
use crate::platform::host;
use crate::rules::Faults;

/// What one call sets for itself.
pub(crate) struct CallOptions {
    pub(crate) limits: Limits,
    pub(crate) signal: Option<Signal>,
    pub(crate) headers: ExtraHeaders,
    /// Told of this call's success.
    pub(crate) on_response: Option<Function>,
}

/// The options that only calls have.
const OPTIONS: &[&str] = &["signal", "headers", "onResponse"];

impl CallOptions {
    /// Reads them; what is not set is the client's. `more` are options that this method takes besides.
    pub(crate) fn read(value: &JsValue, limits: Limits, more: &[&str], faults: &mut Faults) -> CallOptions {
        let mut options = CallOptions { limits, signal: None, headers: ExtraHeaders::default(), on_response: None };
        if value.is_undefined() {
            return options;
        }
        let Some(source) = host::as_fields(value).filter(|_| host::is_record(value)) else {
            faults.wrong("options", "an object such as { signal, timeout }", value);
            return options;
        };
        const PREFIX: &str = "options.";
        refuse_unknown(source, PREFIX, &[LIMIT_OPTIONS, OPTIONS, more], faults);
        options.limits = limits.overridden(source, PREFIX, faults);
        if let Some(signal) = option(source, PREFIX, "signal", faults) {
            if Signal::is_one(&signal) {
                options.signal = Some(signal.unchecked_into());
            } else {
                faults.wrong("options.signal", "an AbortSignal", &signal);
            }
        }
        if let Some(headers) = option(source, PREFIX, "headers", faults) {
            options.headers = ExtraHeaders::read(&headers, "options.headers", faults);
        }
        options.on_response = callback(source, PREFIX, "onResponse", faults);
        options
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The last argument of every method: what this one call does differently from its client. */
export interface CallOptions {
  /** Cuts the call short, whatever it is doing: the promise rejects with `ClaivAbortError`. */
  signal?: AbortSignal;
  /** Milliseconds for one attempt, from the call of fetch to the last byte of the body. Above 0; default: the client's. */
  timeout?: number;
  /** Milliseconds for the whole call: all attempts and the waits between them. Above 0; default: the client's. */
  totalTimeout?: number;
  /** Attempts after the first. A whole number, 0 or more; default: the client's. */
  maxRetries?: number;
  /** The longest wait that the server may ask for, in milliseconds; beyond it the call fails at once. Above 0; default: the client's. */
  maxRetryDelay?: number;
  /** Headers of this call, over the client's `defaultHeaders`. `authorization`, `content-type` and `accept` cannot be given. */
  headers?: HeadersInit;
  /** Told of this call's success: status, headers, request id and all attempts. It cannot change or delay the call. */
  onResponse?: (response: ClaivCallResponse) => unknown;
}
"#;
