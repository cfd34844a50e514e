//! Whether a failed attempt is followed by another.

use super::backoff;

/// Statuses that are retried for every call (`docs/api-contract.md`, "Errors").
const RETRIED: [u16; 5] = [429, 500, 502, 503, 504];

/// How an attempt failed, as far as retrying is concerned.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FailureKind {
    /// The server answered with an error status. `should_retry` is the value of its header `x-should-retry`.
    Status { status: u16, should_retry: Option<bool> },
    /// No complete response came: the connection was refused, reset or closed early. The server may have acted on the request.
    Transport,
    /// Anything that another attempt would not change: a timeout, a redirect, a body that is not JSON.
    Final,
}

/// The limits of a call that retries depend on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    /// Attempts after the first.
    pub(crate) max_retries: u32,
    /// The longest wait that the server may ask for, in milliseconds; also a cap of the backoff.
    pub(crate) max_retry_delay: f64,
    /// True when sending the request twice does no harm.
    pub(crate) replayable: bool,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The call fails with the attempt's error.
    GiveUp,
    /// Another attempt follows after so many milliseconds.
    RetryAfter(f64),
}

impl Policy {
    /// Judges the failure of attempt number `attempt` (1, 2, …). `asked` is what the server asked to wait and `left` what
    /// remains of the total timeout, infinite where there is none, in milliseconds; `random` is uniform in [0, 1).
    ///
    /// A retry is never earlier than the server asks for: a wait that is too long ends the call.
    pub(crate) fn judge(
        &self,
        failure: FailureKind,
        attempt: u32,
        asked: Option<f64>,
        left: f64,
        random: f64,
    ) -> Verdict {
        let retried = match failure {
            FailureKind::Status { should_retry: Some(wanted), .. } => wanted,
            FailureKind::Status { status, .. } => RETRIED.contains(&status),
            FailureKind::Transport => self.replayable,
            FailureKind::Final => false,
        };
        if !retried || attempt > self.max_retries {
            return Verdict::GiveUp;
        }
        let delay = match asked {
            Some(asked) if asked > self.max_retry_delay => return Verdict::GiveUp,
            Some(asked) => asked,
            None => backoff::delay_ms(attempt, random).min(self.max_retry_delay),
        };
        if delay < left { Verdict::RetryAfter(delay) } else { Verdict::GiveUp }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { max_retries: 2, max_retry_delay: 30_000.0, replayable: true };

    fn status(status: u16) -> FailureKind {
        FailureKind::Status { status, should_retry: None }
    }

    #[test]
    fn the_status_table() {
        for code in 400..600 {
            let retried = POLICY.judge(status(code), 1, None, f64::INFINITY, 0.0) != Verdict::GiveUp;
            assert_eq!(retried, matches!(code, 429 | 500 | 502 | 503 | 504), "{code}");
        }
    }

    #[test]
    fn the_server_overrides_the_status_table_both_ways() {
        let judged = |status, wanted| {
            POLICY.judge(FailureKind::Status { status, should_retry: Some(wanted) }, 1, None, f64::INFINITY, 0.0)
        };
        assert_eq!(judged(409, true), Verdict::RetryAfter(500.0));
        assert_eq!(judged(503, false), Verdict::GiveUp);
    }

    #[test]
    fn a_transport_failure_is_retried_only_where_a_replay_is_safe() {
        assert_eq!(POLICY.judge(FailureKind::Transport, 1, None, f64::INFINITY, 0.0), Verdict::RetryAfter(500.0));
        let unsafe_ = Policy { replayable: false, ..POLICY };
        assert_eq!(unsafe_.judge(FailureKind::Transport, 1, None, f64::INFINITY, 0.0), Verdict::GiveUp);
        assert_eq!(unsafe_.judge(status(503), 1, None, f64::INFINITY, 0.0), Verdict::RetryAfter(500.0));
    }

    #[test]
    fn what_is_final_is_never_retried() {
        assert_eq!(POLICY.judge(FailureKind::Final, 1, Some(1.0), f64::INFINITY, 0.0), Verdict::GiveUp);
    }

    #[test]
    fn attempts_end_after_max_retries() {
        assert_eq!(POLICY.judge(status(503), 2, None, f64::INFINITY, 0.0), Verdict::RetryAfter(1000.0));
        assert_eq!(POLICY.judge(status(503), 3, None, f64::INFINITY, 0.0), Verdict::GiveUp);
        let none = Policy { max_retries: 0, ..POLICY };
        assert_eq!(none.judge(status(503), 1, None, f64::INFINITY, 0.0), Verdict::GiveUp);
    }

    #[test]
    fn a_wait_that_is_asked_for_is_honoured_exactly_or_not_at_all() {
        let table = [
            (1.0, Verdict::RetryAfter(1.0)),
            (29_999.5, Verdict::RetryAfter(29_999.5)),
            (30_000.0, Verdict::RetryAfter(30_000.0)),
            (30_000.1, Verdict::GiveUp),
            (1e15, Verdict::GiveUp),
        ];
        for (asked, expected) in table {
            assert_eq!(POLICY.judge(status(429), 1, Some(asked), f64::INFINITY, 0.9), expected, "{asked}");
        }
    }

    #[test]
    fn a_wait_that_would_outlast_the_deadline_is_not_begun() {
        let judged = |asked, left| POLICY.judge(status(429), 1, asked, left, 0.0);
        assert_eq!(judged(Some(1000.0), 1001.0), Verdict::RetryAfter(1000.0));
        assert_eq!(judged(Some(1000.0), 1000.0), Verdict::GiveUp);
        assert_eq!(judged(None, 499.0), Verdict::GiveUp);
        assert_eq!(judged(None, 501.0), Verdict::RetryAfter(500.0));
        assert_eq!(judged(None, -1.0), Verdict::GiveUp);
    }

    #[test]
    fn the_longest_delay_caps_the_backoff_too() {
        let brief = Policy { max_retry_delay: 100.0, ..POLICY };
        assert_eq!(brief.judge(FailureKind::Transport, 2, None, f64::INFINITY, 0.5), Verdict::RetryAfter(100.0));
    }
}
