//! Hooks: what a client tells of its calls to whoever watches. Never the key, never content.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::options::option;
use crate::platform::host::{self, Fields};
use crate::platform::pending::Pending;
use crate::rules::Faults;

/// A client's hooks.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) request: Option<Function>,
    pub(crate) response: Option<Function>,
    pub(crate) retry: Option<Function>,
    pub(crate) error: Option<Function>,
}

impl Hooks {
    /// Reads the hooks of a client's options.
    pub(crate) fn read(source: &Fields, faults: &mut Faults) -> Hooks {
        Hooks {
            request: callback(source, "", "onRequest", faults),
            response: callback(source, "", "onResponse", faults),
            retry: callback(source, "", "onRetry", faults),
            error: callback(source, "", "onError", faults),
        }
    }
}

/// The option `name` as a function, if it is given.
pub(crate) fn callback(source: &Fields, prefix: &str, name: &'static str, faults: &mut Faults) -> Option<Function> {
    let value = option(source, prefix, name, faults)?;
    value.dyn_into().map_err(|other| faults.wrong([prefix, name].concat(), "a function", &other)).ok()
}

/// Tells `event`. Whatever the hook does, the call goes on as it would have: what it throws is dropped, and a promise that it
/// returns is not waited for, nor may its rejection become anybody's.
pub(crate) fn tell(hook: &Function, event: &Event) {
    tell_fields(hook, &event.0);
}

/// As [`tell`], for what is not an event of one call.
pub(crate) fn tell_fields(hook: &Function, event: &Fields) {
    if let Ok(returned) = host::call(hook, &[event])
        && returned.is_object()
    {
        drop(Pending::promise(&returned));
    }
}

/// What a hook is given: a fresh plain object.
pub(crate) struct Event(Fields);

impl Event {
    /// An event of the call `method path`.
    pub(crate) fn new(method: &JsString, path: &JsString, attempt: u32) -> Event {
        let event = Event(Fields::empty()).with("method", method).with("path", path);
        event.with("attempt", attempt)
    }

    /// The event with one more field.
    pub(crate) fn with(self, name: &'static str, value: impl Into<JsValue>) -> Event {
        self.0.set(name, &value.into());
        self
    }

    /// The event with what is known of an answer.
    pub(crate) fn answer(self, status: u16, request_id: &JsString) -> Event {
        let event = if status > 0 { self.with("status", status) } else { self };
        if request_id.length() > 0 { event.with("requestId", request_id) } else { event }
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
