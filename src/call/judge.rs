//! What follows a failed attempt: another one after a wait, or the end of the call.

use super::Call;
use super::attempt::FailedAttempt;
use crate::error::Failed;
use crate::hooks::HookEvent;
use crate::host::random;
use crate::retry::{FailureKind, Policy, Verdict};
use crate::transport::redact_message;

impl Call {
    /// An attempt failed. What follows: the milliseconds until another one, or the end.
    pub(super) fn judge(&mut self, attempt: FailedAttempt) -> Result<f64, Failed> {
        let FailedAttempt { mut failed, kind, may_have_been_applied } = attempt;
        failed.message = redact_message(std::mem::take(&mut failed.message), self.authorization.as_ref());
        self.may_have_been_applied |= may_have_been_applied;
        self.answer.read_headers(self.authorization.as_ref());
        self.remember(Some(&failed.message));
        match self.verdict(kind) {
            Verdict::GiveUp => Err(failed),
            Verdict::RetryAfter(ms) => {
                let event = HookEvent { error: Some(failed.error.class()), wait_ms: Some(ms), ..HookEvent::default() };
                self.tell(self.client.hooks.on_retry.as_ref(), event);
                Ok(ms)
            }
        }
    }

    fn verdict(&self, kind: FailureKind) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        let asked = self.answer.retry_after_ms;
        let left = self.left();
        let verdict = policy.judge(kind, self.attempt, asked, Some(left), random());
        let Some(pace) = &self.pace else { return verdict };
        // A 429 delays every call of the batch: the others, and this one by what they were told.
        if self.answer.status == 429 {
            pace.hold(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => asked.unwrap_or(0.0).min(limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::GiveUp => Verdict::GiveUp,
            Verdict::RetryAfter(ms) => {
                let ms = ms.max(pace.held());
                if ms < left { Verdict::RetryAfter(ms) } else { Verdict::GiveUp }
            }
        }
    }
}
