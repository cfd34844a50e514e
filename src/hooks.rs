//! Hooks: functions of the caller's that are called with an event at each step of a call. No event has the API key or content.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use crate::call_depth::CallDepth;
use crate::endpoint::Endpoint;
use crate::host::{Fields, call};
use crate::options::ClientOptions;
use crate::wait::ignore;

/// The fields that every event has. `attempt` is counted from 1; 0 where none was made: in `onCall`, and for a call that failed before its first.
#[inline(never)]
pub(crate) fn call_fields(endpoint: &Endpoint, path: &str, attempt: u32, context: &JsValue) -> Fields {
    let mut fields = Fields::default();
    fields.add("method", endpoint.method.text());
    fields.add("path", path);
    fields.add("route", endpoint.path);
    fields.add("attempt", attempt);
    fields.add_defined("context", context.clone());
    fields
}

/// Calls `onCall`, where there is one, for a call or for a batch of so many `events`, and returns what it returns. `batch` is what it returned
/// for the batch that the call belongs to.
pub(crate) fn emit_call(
    client: &ClientOptions,
    call_depth: &CallDepth,
    endpoint: &Endpoint,
    path: &str,
    batch: &JsValue,
    events: Option<u32>,
) -> JsValue {
    let Some(hook) = &client.hooks.on_call else { return JsValue::UNDEFINED };
    let mut event = call_fields(endpoint, path, 0, batch);
    event.add("baseUrl", &client.base_url);
    event.add_given("events", events);
    emit(hook, call_depth, &event)
}

/// Calls a hook, and returns what it returns. Nothing that it does changes the call: an exception is dropped, and a promise that it
/// returns is not waited for, with its rejection marked as handled.
///
/// No hook is called for a call that ends because this instance of the module failed: the module cannot run any more by then, and
/// JavaScript, which rejects the call (`pkg-template/runtime/guard.js`), does not know its event.
pub(crate) fn emit(hook: &Function, call_depth: &CallDepth, event: &Fields) -> JsValue {
    let event = event.to_js();
    let returned = call_depth.deeper(|| call(hook, &event)).unwrap_or_default();
    if returned.is_object() {
        ignore(&returned);
    }
    returned
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The fields of every event that a hook is called with. */
export interface ClaivHookEvent {
  /** Such as `"POST"`. */
  method: string;
  /** The path as sent, ids percent-encoded; without the query. */
  path: string;
  /** The path with the names of ids in their place, such as `"/v6/documents/{documentId}"`: the same for all calls of a method. */
  route: string;
  /** Counted from 1; 0 for a call that failed before its first attempt. */
  attempt: number;
  /**
   * What `onCall` returned for this call; absent where it returned undefined, and where there is no `onCall`. Of an event of a batch that is not sent, and in
   * the `onCall` of each that is: what it returned for the batch.
   */
  context?: unknown;
}

/**
 * A method was called, and its arguments are right: `onCall` runs while the method does. With `ingestMany` it is called once for the batch, while the
 * method runs, and then once for each of the events when that is about to be sent.
 */
export interface ClaivCallEvent extends ClaivHookEvent {
  /** The client's base URL, without a trailing slash. */
  baseUrl: string;
  /** Of a batch: how many events it has. */
  events?: number;
}

/** An attempt is about to be sent. */
export interface ClaivRequestEvent extends ClaivHookEvent {}

/** A response to an attempt came, with whatever status. */
export interface ClaivResponseEvent extends ClaivHookEvent {
  status: number;
  /** True where the call succeeded with this response: no other attempt and no `onError` follows. */
  ok: boolean;
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

/** What the `onResponse` of a call that succeeded is called with. */
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
