//! What follows a failed attempt: another one after a wait, or the end of the call.

use super::Call;
use super::attempt::FailedAttempt;
use crate::error::Failure;
use crate::hooks::emit;
use crate::host::random;
use crate::retry::{FailureKind, Policy, Verdict};
use crate::transport::redact_message;

impl Call {
    /// Decides what follows a failed attempt. `Ok` is the milliseconds until the next one, `Err` the failure that ends the call.
    pub(super) fn judge(&mut self, attempt: FailedAttempt) -> Result<f64, Failure> {
        let FailedAttempt { mut failure, kind, may_have_been_applied } = attempt;
        failure.message = redact_message(std::mem::take(&mut failure.message), self.authorization.as_ref());
        self.may_have_been_applied |= may_have_been_applied;
        self.response.read_headers(self.authorization.as_ref());
        self.record_attempt(Some(&failure.message));
        match self.verdict_on(kind) {
            Verdict::GiveUp => Err(failure),
            Verdict::RetryAfter(ms) => {
                if let Some(hook) = &self.client.hooks.on_retry {
                    let mut event = self.event();
                    event.add("error", failure.error.class());
                    event.add("waitMs", ms);
                    emit(hook, &self.call_depth, &event);
                }
                Ok(ms)
            }
        }
    }

    /// The verdict of the retry policy on a failure of this kind. In a batch a 429 makes the pause of all its calls longer, and the wait of this one is
    /// at least that pause.
    fn verdict_on(&self, kind: FailureKind) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        let asked = self.response.retry_after_ms;
        let left = self.left();
        let verdict = policy.judge(kind, self.attempt, asked, left, random());
        let Some(pause) = &self.rate_limit_pause else { return verdict };
        if self.response.status == 429 {
            pause.prolong(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => asked.unwrap_or(0.0).min(limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::GiveUp => Verdict::GiveUp,
            Verdict::RetryAfter(ms) => {
                // Another call of the batch may have been asked to wait for longer.
                let ms = ms.max(pause.left());
                if ms < left { Verdict::RetryAfter(ms) } else { Verdict::GiveUp }
            }
        }
    }
}
