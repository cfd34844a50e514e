//! Hooks: what a client tells of its calls to whoever watches. Never the key, never content.

use wasm_bindgen::prelude::*;

use crate::platform::host;
use crate::platform::value::{Fields, Val};
use crate::platform::wait;

/// Tells a hook, where there is one. Whatever it does, the call goes on as it would have: what it throws is dropped, and a promise
/// that it returns is not waited for, nor may its rejection become anybody's.
#[inline(never)]
pub(crate) fn tell(hook: Val, event: Fields) {
    if let Ok(returned) = host::call(hook, *event)
        && returned.is_object()
    {
        wait::ignore(returned);
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
  headers: Headers;
  requestId?: string;
  /** Milliseconds since the call began. */
  durationMs: number;
  /** All attempts, the successful one last. */
  attempts: ClaivAttempt[];
  /** The key that an ingest carried. */
  idempotencyKey?: string;
}
"#;
