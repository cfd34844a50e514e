//! An attempt: fetch, the head of its answer, the text of its body, and what they mean.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{Phase, State, Step};
use crate::error::{Error, api, outcome};
use crate::hooks::tell;
use crate::platform::host::{self, now};
use crate::platform::names::Name;
use crate::platform::signal::{AbortController, has_fired};
use crate::retry::Failure;
use crate::transport::{self, Answer, Read};

impl State {
    pub(super) fn attempt(&mut self) -> Step {
        self.attempt = self.attempt.saturating_add(1);
        if !host::is_none(&self.config.on_request) {
            tell(&self.config.on_request, &self.event());
        }
        self.begun = now();
        // A hook may have aborted just now; then nothing is sent.
        if has_fired(&self.request.options.signal) {
            return Err(outcome::aborted(self.call(), &self.request.options.signal));
        }
        self.set_limit()?;
        self.answer = Answer::default();
        self.phase = Phase::Head;
        let Ok(controller) = AbortController::new() else {
            return self.lacks("needs AbortController, which this host does not have.");
        };
        let signal = controller.signal();
        self.controller = Some(controller);
        match transport::send(&self.config, &self.request, &self.authorization, &signal) {
            Ok(promise) => self.wait(&promise, Phase::Head),
            Err(_) if host::is_none(&self.config.fetch) && !host::has_fetch() => {
                self.lacks("needs fetch, which this host does not have. Give one in the fetch option.")
            }
            Err(error) => self.broken(&error),
        }
    }

    pub(super) fn broken(&mut self, error: &JsValue) -> Step {
        let error = outcome::transport(self.call(), error);
        self.over(error, Failure::Transport, false)
    }

    pub(super) fn lacks(&mut self, what: &'static str) -> Step {
        let error = Error::plain(self.call().s(what));
        self.over(error, Failure::Final, true)
    }

    /// Takes what fetch gave, and goes on to its body.
    pub(super) fn read_head(&mut self, value: &JsValue) -> Step {
        match self.answer.read_head(value, &self.authorization.key, &self.request.url) {
            Read::Text(promise) => self.wait(&promise, Phase::Body),
            Read::Broken(_) if self.answer.status >= 400 => self.read_body(Name::Empty.js()),
            Read::Broken(error) => self.broken(&error),
            Read::Redirect(origin) => self.answered(outcome::redirected(self.call(), &origin), Failure::Final),
            Read::Unusable(why) => self.answered(outcome::unusable(self.call(), why), Failure::Final),
        }
    }

    pub(super) fn read_body(&mut self, text: &JsValue) -> Step {
        if !text.is_string() {
            return self.answered(outcome::unusable(self.call(), "its text() gives no string"), Failure::Final);
        }
        let status = self.answer.status;
        if status >= 400 {
            let said = self.answer.read_refusal(text, &self.authorization.key);
            let mut error = outcome::refused(self.call(), status, &said, &self.answer.request_id);
            if let Some(ms) = self.answer.wish {
                error = error.number(Name::RetryAfterMs, ms);
            }
            let should_retry = self.answer.should_retry;
            return self.answered(error, Failure::Status { status, should_retry });
        }
        let why = match host::parse_json(text) {
            Ok(value) if host::is_record(&value) => return self.succeed(value),
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text = transport::redact(text, &self.authorization.key);
        let text = text.unchecked_ref::<JsString>();
        // JSON that was begun and not ended: the connection broke where nothing marks a body's length.
        let is_cut = text.char_code_at(0) == f64::from(b'{');
        let error = outcome::not_json(self.call(), status, why, text);
        self.answered(error, if is_cut { Failure::Transport } else { Failure::Final })
    }

    /// An answer came, and it is an error.
    pub(super) fn answered(&mut self, error: Error, failure: Failure) -> Step {
        self.answer.redact_headers(&self.authorization.key);
        let answer = &self.answer;
        let id: &JsValue = if host::is_none(&answer.request_id) { Name::Empty.js() } else { &answer.request_id };
        let error = error.number(Name::Status, answer.status.into()).with(Name::RequestId, id);
        let error = error.with_some(Name::Headers, &answer.headers);
        let is_certain = matches!(failure, Failure::Status { .. }) && api::refused(answer.status);
        self.over(error, failure, is_certain)
    }
}
