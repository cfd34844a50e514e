//! What comes after an attempt: another one or the end, and what is told of it.

use super::{Phase, State, Step, millis};
use crate::error::Error;
use crate::hooks::tell;
use crate::platform::host::{self, now};
use crate::platform::names::Name;
use crate::platform::value::{Fields, List, Val};
use crate::platform::wait;
use crate::retry::{Failure, Policy, Verdict};

impl State {
    /// An attempt failed. What follows: another one, or the end.
    pub(super) fn over(&mut self, error: Error, failure: Failure, is_certain: bool) -> Step {
        self.answer.look(self.authorization.key);
        error.redact(self.authorization.key);
        self.uncertain |= !is_certain;
        self.remember(error.field(Name::Message));
        match self.judge(failure) {
            Verdict::GiveUp => Err(error),
            Verdict::RetryAfter(ms) => {
                if !self.config.on_retry.is_none() {
                    let event = self.event_of_answer().with(Name::Error, error.field(Name::Class));
                    tell(*self.config.on_retry, event.number(Name::WaitMs, ms));
                }
                self.phase = Phase::Pause;
                self.set_timer(wait::not_before(ms));
                Ok(None)
            }
        }
    }

    pub(super) fn judge(&self, failure: Failure) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        let wish = self.answer.wish;
        let verdict = policy.judge(failure, self.attempt, wish, Some(self.left()), host::random());
        let Some(batch) = &self.batch else { return verdict };
        // A 429 holds back the other calls of a batch, and them this one.
        if self.answer.status == 429 {
            batch.hold(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => wish.unwrap_or(0.0).min(limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::RetryAfter(ms) if ms.max(batch.held()) < self.left() => Verdict::RetryAfter(ms.max(batch.held())),
            _ => Verdict::GiveUp,
        }
    }

    /// Hands out what the server sent, and tells those who asked about it.
    pub(super) fn succeed(&mut self, value: Val) -> Step {
        self.timer = None;
        let on_response = self.request.options.on_response;
        if !(on_response.is_none() && self.config.on_response.is_none()) {
            self.answer.look(self.authorization.key);
            self.remember(Val::UNDEFINED);
        }
        if !on_response.is_none() {
            self.answer.redact_headers(self.authorization.key);
            let event = self
                .event_of_answer()
                .with(Name::Headers, self.answer.headers)
                .number(Name::DurationMs, self.elapsed())
                .with(Name::Attempts, *self.attempts())
                .with_some(Name::IdempotencyKeyUsed, self.request.idempotency_key);
            tell(on_response, event);
        }
        Ok(Some(value))
    }

    /// Notes an attempt that is over, and tells of its answer.
    pub(super) fn remember(&mut self, error: Val) {
        self.timer = None;
        let duration = millis(now() - self.begun);
        if self.answer.status > 0 && !self.config.on_response.is_none() {
            tell(*self.config.on_response, self.event_of_answer().number(Name::DurationMs, duration));
        }
        let attempt = self.with_answer(Fields::empty()).number(Name::DurationMs, duration);
        self.attempts().push(*attempt.with_some(Name::Error, error));
    }

    /// The attempts that were noted. Most calls need no list of them.
    fn attempts(&mut self) -> List {
        if self.attempts.is_none() {
            self.attempts = List::empty();
        }
        self.attempts
    }

    /// Adds what the caller needs in order to go on: what was tried, and whether it may have been applied.
    pub(super) fn finish(&mut self, error: Error) -> Val {
        if !self.config.on_error.is_none() {
            let event = self.event_of_answer().with(Name::Error, error.field(Name::Class));
            tell(*self.config.on_error, event.number(Name::DurationMs, self.elapsed()));
        }
        let error = error.after(self.attempts(), self.uncertain);
        error.with_some(Name::IdempotencyKeyUsed, self.request.idempotency_key).into_js()
    }

    pub(super) fn event(&self) -> Fields {
        Fields::empty()
            .with(Name::Method, self.request.endpoint.method.js())
            .with(Name::Path, self.request.path)
            .number(Name::Attempt, self.attempt.into())
    }

    pub(super) fn event_of_answer(&self) -> Fields {
        self.with_answer(self.event())
    }

    /// The same object with what is known of the answer.
    fn with_answer(&self, fields: Fields) -> Fields {
        let status = self.answer.status;
        let fields = if status > 0 { fields.number(Name::Status, status.into()) } else { fields };
        fields.with_some(Name::RequestId, self.answer.request_id)
    }
}
