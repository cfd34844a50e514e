//! Reports a call: records its attempts, calls the hooks, and makes the error that the caller gets.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::Call;
use super::millis;
use crate::error::{Attempt, CallRecord, Failure};
use crate::hooks::{HookEvent, call_fields, emit};
use crate::host::now;
use crate::transport::redactor;

impl Call {
    /// Records an attempt that is over, and calls `onResponse` where it had a response. `error` is what went wrong with it.
    pub(super) fn record_attempt(&mut self, error: Option<&str>) {
        let duration_ms = millis(now() - self.attempt_started);
        if self.response.status > 0 {
            let event = HookEvent { ok: Some(error.is_none()), duration_ms: Some(duration_ms), ..HookEvent::default() };
            self.emit(self.client.hooks.on_response.as_ref(), event);
        }
        self.attempts.push(Attempt {
            status: Some(self.response.status).filter(|status| *status > 0),
            request_id: self.response.request_id.clone(),
            duration_ms,
            error: error.map(Into::into),
        });
    }

    /// Records the last attempt of a call that succeeded, and calls the `onResponse` of the client and of the call.
    pub(super) fn report_success(&mut self) {
        let options = Rc::clone(&self.request.options);
        if options.on_response.is_none() && self.client.hooks.on_response.is_none() {
            return;
        }
        self.response.read_headers(self.authorization.as_ref());
        self.record_attempt(None);
        if options.on_response.is_none() {
            return;
        }
        let event = HookEvent {
            headers: self.response.shown_headers(self.authorization.as_ref()),
            duration_ms: Some(self.elapsed()),
            attempts: Some(&self.attempts),
            idempotency_key: self.request.idempotency_key.clone(),
            ..HookEvent::default()
        };
        self.emit(options.on_response.as_ref(), event);
    }

    /// Calls `onError`, and makes the error with what it has of the whole call.
    pub(super) fn report_failure(self, failure: Failure) -> JsValue {
        let event =
            HookEvent { error: Some(failure.error.class()), duration_ms: Some(self.elapsed()), ..HookEvent::default() };
        self.emit(self.client.hooks.on_error.as_ref(), event);
        failure.into_js(CallRecord {
            attempts: self.attempts,
            may_have_been_applied: self.may_have_been_applied,
            idempotency_key: self.request.idempotency_key,
            redactor: redactor(self.authorization.as_ref()),
        })
    }

    /// Calls a hook, where there is one, with this event and the fields that every event has.
    #[inline(never)]
    pub(super) fn emit(&self, hook: Option<&Function>, event: HookEvent<'_>) {
        let Some(hook) = hook else { return };
        let mut fields =
            call_fields(self.request.endpoint, &self.request.address.path, self.attempt, &self.request.context);
        fields.add_given("status", Some(self.response.status).filter(|status| *status > 0));
        fields.add_defined("requestId", self.response.request_id.clone());
        event.add_to(&mut fields);
        emit(hook, &self.call_depth, &fields);
    }
}
