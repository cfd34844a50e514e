//! An attempt: fetch, the head of its answer, the text of its body, and what they mean.

use super::{Phase, State, Step};
use crate::error::{Error, api, outcome};
use crate::hooks::tell;
use crate::platform::host::{self, now};
use crate::platform::names::Name;
use crate::platform::signal::{controller, has_fired};
use crate::platform::value::{List, Val, forget_after};
use crate::retry::Failure;
use crate::transport::{self, Answer, Read};

impl State {
    pub(super) fn attempt(&mut self) -> Step {
        self.attempt = self.attempt.saturating_add(1);
        self.answer = Answer::default();
        self.timer = None;
        // However many attempts there are, what they meet does not add up: of those before, only what was noted is needed.
        match self.attempt {
            0 | 1 => {}
            2 => self.mark = *List::empty(),
            _ => forget_after(self.mark),
        }
        if !self.config.on_request.is_none() {
            tell(*self.config.on_request, self.event());
        }
        if self.phase != Phase::New {
            self.begun = now();
        }
        // A hook may have aborted just now; then nothing is sent.
        if has_fired(self.request.options.signal) {
            return Err(outcome::aborted(self.call(), self.request.options.signal));
        }
        let Some(controller) = controller() else {
            return self.lacks("needs AbortController, which this host does not have.");
        };
        self.controller = controller;
        self.set_limit()?;
        self.phase = Phase::Head;
        match transport::send(&self.config, &self.request, self.authorization, controller) {
            Ok(promise) => self.wait(promise, Phase::Head),
            Err(_) if self.config.fetch.is_none() && !host::has_fetch() => {
                self.lacks("needs fetch, which this host does not have. Give one in the fetch option.")
            }
            Err(error) => self.broken(error),
        }
    }

    pub(super) fn broken(&mut self, error: Val) -> Step {
        let error = outcome::transport(self.call(), error);
        self.over(error, Failure::Transport, false)
    }

    pub(super) fn lacks(&mut self, what: &'static str) -> Step {
        let error = Error::plain(self.call().s(what));
        self.over(error, Failure::Final, true)
    }

    /// Takes what fetch gave, and goes on to its body.
    pub(super) fn read_head(&mut self, value: Val) -> Step {
        match self.answer.read_head(value, self.authorization.key, self.request.url) {
            Read::Text(promise) => self.wait(promise, Phase::Body),
            Read::Broken(_) if self.answer.status >= 400 => self.read_body(Name::Empty.js()),
            Read::Broken(error) => self.broken(error),
            Read::Redirect(origin) => self.answered(outcome::redirected(self.call(), origin), Failure::Final),
            Read::Unusable(why) => self.answered(outcome::unusable(self.call(), why), Failure::Final),
        }
    }

    /// Nothing came of what was waited for: of fetch or of the body. A body that somebody else has read fails as any other does that
    /// was read before.
    pub(super) fn unread(&mut self, error: Val) -> Step {
        match self.phase {
            Phase::Body if self.answer.is_locked() => return self.taken(),
            Phase::Body => {
                if let Ok(promise) = transport::read_twice() {
                    self.first = error;
                    return self.wait(promise, Phase::Again);
                }
            }
            Phase::Again => {
                let message = |error| host::field(error, Name::Message);
                return if message(error) == message(self.first) { self.taken() } else { self.broken(self.first) };
            }
            _ => {}
        }
        self.broken(error)
    }

    fn taken(&mut self) -> Step {
        let why = "its body has already been read or is locked";
        self.answered(outcome::unusable(self.call(), why), Failure::Final)
    }

    pub(super) fn read_body(&mut self, text: Val) -> Step {
        let status = self.answer.status;
        if status >= 400 {
            let said = self.answer.read_refusal(text, self.authorization.key);
            let mut error = outcome::refused(self.call(), status, &said, self.answer.request_id);
            if let Some(ms) = self.answer.wish {
                error = error.number(Name::RetryAfterMs, ms);
            }
            let should_retry = self.answer.should_retry;
            return self.answered(error, Failure::Status { status, should_retry });
        }
        let why = match transport::record_of(text) {
            Ok(value) if !value.is_none() => return self.succeed(value),
            _ if !text.is_string() => {
                return self.answered(outcome::unusable(self.call(), "its text() gives no string"), Failure::Final);
            }
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text = transport::redact(text, self.authorization.key);
        // JSON that was begun and not ended: the connection broke where nothing marks a body's length.
        let is_cut = text.text().unit(0) == f64::from(b'{');
        let error = outcome::not_json(self.call(), status, why, text);
        self.answered(error, if is_cut { Failure::Transport } else { Failure::Final })
    }

    /// An answer came, and it is an error.
    pub(super) fn answered(&mut self, error: Error, failure: Failure) -> Step {
        self.answer.look(self.authorization.key);
        self.answer.redact_headers(self.authorization.key);
        let answer = self.answer;
        let id = answer.request_id.or(Name::Empty.js());
        let error = error.number(Name::Status, answer.status.into()).with(Name::RequestId, id);
        let error = error.with_some(Name::Headers, answer.headers);
        let is_certain = matches!(failure, Failure::Status { .. }) && api::refused(answer.status);
        self.over(error, failure, is_certain)
    }
}
