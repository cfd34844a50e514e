//! Reports a call: records its attempts, calls the hooks, and makes the error that the caller gets.

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::Call;
use super::millis;
use crate::error::{Attempt, CallRecord, Failure, attempts_to_js};
use crate::hooks::{call_fields, emit};
use crate::host::{Fields, now};
use crate::transport::redactor;

impl Call {
    /// Records an attempt that is over, and calls `onResponse` where it had a response. `error` is what went wrong with it.
    pub(super) fn record_attempt(&mut self, error: Option<&str>) {
        let duration_ms = millis(now() - self.attempt_started);
        if self.response.status > 0
            && let Some(hook) = &self.client.hooks.on_response
        {
            let mut event = self.event();
            event.add("ok", error.is_none());
            event.add("durationMs", duration_ms);
            emit(hook, &self.call_depth, &event);
        }
        self.attempts.push(Attempt {
            status: Some(self.response.status).filter(|status| *status > 0),
            request_id: self.response.request_id.clone(),
            duration_ms,
            error: error.map(Into::into),
        });
    }

    /// Where the client or the call has an `onResponse`: records the last attempt of a call that succeeded, and calls both.
    pub(super) fn report_success(&mut self) {
        let options = Rc::clone(&self.request.options);
        if options.on_response.is_none() && self.client.hooks.on_response.is_none() {
            return;
        }
        self.response.read_headers(self.authorization.as_ref());
        self.record_attempt(None);
        // The call's own hook, once for the whole call.
        if let Some(hook) = &options.on_response {
            let mut event = self.event();
            event.add_defined("headers", self.response.shown_headers(self.authorization.as_ref()));
            event.add("durationMs", self.elapsed());
            event.add("attempts", attempts_to_js(&self.attempts));
            event.add_given("idempotencyKey", self.request.idempotency_key.clone());
            emit(hook, &self.call_depth, &event);
        }
    }

    /// Calls `onError`, and makes the error with what it has of the whole call.
    pub(super) fn report_failure(self, failure: Failure) -> JsValue {
        if let Some(hook) = &self.client.hooks.on_error {
            let mut event = self.event();
            event.add("error", failure.error.class());
            event.add("durationMs", self.elapsed());
            emit(hook, &self.call_depth, &event);
        }
        failure.into_js(CallRecord {
            attempts: self.attempts,
            may_have_been_applied: self.may_have_been_applied,
            idempotency_key: self.request.idempotency_key,
            redactor: redactor(self.authorization.as_ref()),
        })
    }

    /// The fields that every event of this call has.
    #[inline(never)]
    pub(super) fn event(&self) -> Fields {
        let mut fields =
            call_fields(self.request.endpoint, &self.request.address.path, self.attempt, &self.request.context);
        fields.add_given("status", Some(self.response.status).filter(|status| *status > 0));
        fields.add_defined("requestId", self.response.request_id.clone());
        fields
    }
}
