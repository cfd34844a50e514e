//! The last argument of every method.

use wasm_bindgen::prelude::*;

use super::headers;
use super::limits::{Limits, SHARED};
use super::table::{self, Values};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::Val;
use crate::rules::{At, Faults, Field, Kind};

/// What one call sets for itself.
#[derive(Clone, Copy)]
pub(crate) struct CallOptions {
    pub(crate) limits: Limits,
    /// An AbortSignal, or undefined.
    pub(crate) signal: Val,
    /// An object of headers, or undefined.
    pub(crate) headers: Val,
    /// A function that is told of this call's success, or undefined.
    pub(crate) on_response: Val,
}

/// The options of `ingestMany`; the last two are its own.
pub(crate) const MANY: &[Field] = &[
    SHARED[0],
    SHARED[1],
    SHARED[2],
    SHARED[3],
    Field::optional(Name::Signal, Kind::Signal),
    Field::optional(Name::Headers, Kind::Any),
    Field::optional(Name::OnResponse, Kind::Function),
    Field::optional(Name::Concurrency, Kind::Lanes),
    Field::optional(Name::OnProgress, Kind::Function),
];

/// The options of a call.
pub(crate) const PLAIN: &[Field] = MANY.split_at(7).0;

impl CallOptions {
    /// Reads them; what is not set is the client's. All values are given, too, in the order of the table.
    pub(crate) fn read(value: Val, limits: Limits, fields: &[Field], faults: &Faults) -> (CallOptions, Values) {
        let mut values = Values::default();
        if value.is_none() {
            let none = Val::UNDEFINED;
            return (CallOptions { limits, signal: none, headers: none, on_response: none }, values);
        }
        if host::is_record(value) {
            values = table::read(value, Name::OfOptions, fields, faults);
        } else {
            faults.not(At::name(Name::Options), "an object such as { signal, timeout }", value);
        }
        let headers = headers::read(values[5], At(Name::OfOptions.js(), Name::Headers.js()), faults);
        let limits = limits.overridden(&values);
        (CallOptions { limits, signal: values[4], headers, on_response: values[6] }, values)
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
