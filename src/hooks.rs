//! Hooks: what a client tells of its calls to whoever watches. Never the key, never content.

use js_sys::Function;
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

use crate::error::{Attempt, to_js};
use crate::host::call;
use crate::nesting::Nesting;
use crate::wait::ignore;

/// What a hook is told of its call. What does not apply is left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HookEvent<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    /// Counted from 1; 0 for a call that failed before its first attempt.
    pub(crate) attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(with = "preserve", skip_serializing_if = "JsValue::is_undefined")]
    pub(crate) request_id: JsValue,
    /// The name of an error's class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<&'static str>,
    #[serde(with = "preserve", skip_serializing_if = "JsValue::is_undefined")]
    pub(crate) headers: JsValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duration_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wait_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attempts: Option<&'a [Attempt]>,
    #[serde(with = "preserve", skip_serializing_if = "JsValue::is_undefined")]
    pub(crate) idempotency_key: JsValue,
}

/// How far a batch has come, as `onProgress` is told.
#[derive(Serialize)]
pub(crate) struct ProgressEvent {
    pub(crate) done: u32,
    pub(crate) total: u32,
    pub(crate) fulfilled: u32,
    pub(crate) rejected: u32,
    /// Which of the events settled just now.
    pub(crate) index: u32,
}

/// Tells a hook. Whatever it does, the call goes on as it would have: what it throws is dropped, and a promise
/// that it returns is not waited for, nor may its rejection become anybody's.
pub(crate) fn tell<T: Serialize>(hook: &Function, nesting: &Nesting, event: &T) {
    let event = to_js(event);
    if let Ok(returned) = nesting.within(|| call(hook, &event))
        && returned.is_object()
    {
        ignore(&returned);
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What every hook is told of its call. */
export interface ClaivHookEvent {
  /** Such as `"POST"`. */
  method: string;
  /** The path as sent, ids percent-encoded; without the query. */
  path: string;
  /** Counted from 1; 0 for a call that failed before its first attempt. */
  attempt: number;
}

/** An attempt is about to be sent. */
export interface ClaivRequestEvent extends ClaivHookEvent {}

/** An attempt was answered, with whatever status. */
export interface ClaivResponseEvent extends ClaivHookEvent {
  status: number;
  requestId?: string;
  /** Milliseconds from the call of fetch to the last byte of the body. */
  durationMs: number;
}

/** An attempt failed, and there will be another. */
export interface ClaivRetryEvent extends ClaivHookEvent {
  status?: number;
  requestId?: string;
  /** The name of the error's class. */
  error: string;
  /** Milliseconds until the next attempt. */
  waitMs: number;
}

/** A call failed for good. */
export interface ClaivErrorEvent extends ClaivHookEvent {
  status?: number;
  requestId?: string;
  /** The name of the error's class. */
  error: string;
  /** Milliseconds since the call began. */
  durationMs: number;
}

/** What a successful call's own `onResponse` is told. */
export interface ClaivCallResponse extends ClaivHookEvent {
  status: number;
  headers: HostHeaders;
  requestId?: string;
  /** Milliseconds since the call began. */
  durationMs: number;
  /** All attempts, the successful one last. */
  attempts: ClaivAttempt[];
  /** The key that an ingest carried. */
  idempotencyKey?: string;
}
"#;
