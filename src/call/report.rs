//! What is told of a call: its attempts, the events of hooks, and the error that the caller gets.

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::Call;
use super::millis;
use crate::error::{Attempt, CallRecord, Failed};
use crate::hooks::{HookEvent, call_fields, tell};
use crate::host::now;
use crate::transport::hider;

impl Call {
    /// Notes an attempt that is over, and tells of its answer.
    pub(super) fn remember(&mut self, error: Option<&str>) {
        let duration_ms = millis(now() - self.attempt_started);
        if self.answer.status > 0 {
            let event = HookEvent { ok: Some(error.is_none()), duration_ms: Some(duration_ms), ..HookEvent::default() };
            self.tell(self.client.hooks.on_response.as_ref(), event);
        }
        self.attempts.push(Attempt {
            status: Some(self.answer.status).filter(|status| *status > 0),
            request_id: self.answer.request_id.clone(),
            duration_ms,
            error: error.map(Into::into),
        });
    }

    /// Tells those who asked of the call's success.
    pub(super) fn tell_success(&mut self) {
        let options = Rc::clone(&self.request.options);
        if options.on_response.is_none() && self.client.hooks.on_response.is_none() {
            return;
        }
        self.answer.read_headers(self.authorization.as_ref());
        self.remember(None);
        if options.on_response.is_none() {
            return;
        }
        let event = HookEvent {
            headers: self.answer.shown_headers(self.authorization.as_ref()),
            duration_ms: Some(self.elapsed()),
            attempts: Some(&self.attempts),
            idempotency_key: self.request.idempotency_key.clone(),
            ..HookEvent::default()
        };
        self.tell(options.on_response.as_ref(), event);
    }

    /// Tells of the call's failure, and gives the error with what the caller needs in order to go on.
    pub(super) fn fail(self, failed: Failed) -> JsValue {
        let event =
            HookEvent { error: Some(failed.error.class()), duration_ms: Some(self.elapsed()), ..HookEvent::default() };
        self.tell(self.client.hooks.on_error.as_ref(), event);
        failed.into_js(CallRecord {
            attempts: self.attempts,
            may_have_been_applied: self.may_have_been_applied,
            idempotency_key: self.request.idempotency_key,
            hide: hider(self.authorization.as_ref()),
        })
    }

    /// Tells a hook, where there is one, and adds to its event what every hook is told.
    #[inline(never)]
    pub(super) fn tell(&self, hook: Option<&Function>, event: HookEvent<'_>) {
        let Some(hook) = hook else { return };
        let mut fields =
            call_fields(self.request.endpoint, &self.request.address.path, self.attempt, &self.request.context);
        fields.add_given("status", Some(self.answer.status).filter(|status| *status > 0));
        fields.add_defined("requestId", self.answer.request_id.clone());
        event.add_to(&mut fields);
        tell(hook, &self.nesting, &fields);
    }
}
