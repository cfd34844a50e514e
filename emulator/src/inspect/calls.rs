//! The request log, grouped by call: a request of a client with its retries.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::log::{Entry, Log};
use crate::validate::Fields;
use serde::Serialize;
use serde_json::Value;

/// The largest, and default, number of calls in an answer.
const MAX_CALLS: i64 = 500;

#[derive(Debug, Serialize)]
struct Calls<'a> {
    /// How many requests the log has.
    requests: usize,
    /// How many calls they are.
    total: usize,
    /// The latest calls, the oldest first.
    calls: Vec<Call<'a>>,
}

/// A call of a client: a request and its retries.
#[derive(Debug, Serialize)]
struct Call<'a> {
    /// The number of its first request.
    id: u64,
    method: &'a Value,
    path: &'a Value,
    query: &'a Value,
    body: &'a Value,
    body_bytes: &'a Value,
    user_id: Option<&'a str>,
    idempotency_key: Option<&'a str>,
    attempts: Vec<Attempt<'a>>,
}

#[derive(Debug, Serialize)]
struct Attempt<'a> {
    number: u64,
    request_id: &'a Value,
    time: &'a Value,
    /// The time since the end of the attempt before, in milliseconds.
    waited_ms: Option<f64>,
    status: Option<u16>,
    /// Null while it is under way, and where it was aborted.
    duration_ms: Option<f64>,
    /// Whether a fault applied to it.
    fault: bool,
    /// Whether the response says that the event was stored before.
    deduped: bool,
    headers: &'a Value,
    /// The body of the response, unless it is larger than 16 KiB.
    answer: Option<&'a str>,
}

/// `GET requests`.
pub(super) fn calls(log: &Log, mut fields: Fields) -> Result<Answer, ApiError> {
    let limit = fields.integer("limit", 1, MAX_CALLS).unwrap_or(MAX_CALLS);
    fields.check()?;
    let mut calls: Vec<Call> = Vec::new();
    for entry in log.entries() {
        match calls.iter_mut().rev().find(|call| call.is_repeated_by(entry)) {
            Some(call) => {
                let waited = call.ended_at().map(|ended| entry.at - ended);
                call.attempts.push(Attempt { waited_ms: waited.map(|waited| waited.max(0.0)), ..attempt(entry) });
            }
            None => calls.push(call(entry)),
        }
    }
    let total = calls.len();
    let keep = usize::try_from(limit).unwrap_or_default();
    calls.drain(..total.saturating_sub(keep));
    Ok(Answer::of(&Calls { requests: log.entries().count(), total, calls }))
}

fn call(entry: &Entry) -> Call<'_> {
    let of = |name: &str| entry.record.get(name).unwrap_or(&Value::Null);
    let text = |name: &str| of("body").get(name).and_then(Value::as_str);
    Call {
        id: entry.number,
        method: of("method"),
        path: of("path"),
        query: of("query"),
        body: of("body"),
        body_bytes: of("bodyBytes"),
        user_id: text("user_id"),
        idempotency_key: text("idempotency_key"),
        attempts: vec![attempt(entry)],
    }
}

fn attempt(entry: &Entry) -> Attempt<'_> {
    let of = |name: &str| entry.record.get(name).unwrap_or(&Value::Null);
    Attempt {
        number: entry.number,
        request_id: of("requestId"),
        time: of("time"),
        waited_ms: None,
        status: entry.status,
        duration_ms: entry.duration_ms,
        fault: of("fault") == true,
        deduped: entry.response_body.as_ref().is_some_and(|answer| answer.contains("\"deduped\":true")),
        headers: of("headers"),
        answer: entry.response_body.as_deref(),
    }
}

impl Call<'_> {
    /// Whether a request is another attempt of this call: it has the same idempotency key, or it is equal and the attempt before it failed.
    fn is_repeated_by(&self, entry: &Entry) -> bool {
        let of = |name: &str| entry.record.get(name).unwrap_or(&Value::Null);
        let same_target = self.method == of("method") && self.path == of("path");
        if !same_target {
            return false;
        }
        if let Some(key) = self.idempotency_key {
            let text = |name: &str| of("body").get(name).and_then(Value::as_str);
            return text("idempotency_key") == Some(key) && text("user_id") == self.user_id;
        }
        // Nothing marks a retry of a request without a key. An equal request is taken for one if the client would have retried.
        let failed = self.attempts.last().is_some_and(|last| match last.status {
            Some(status) => matches!(status, 408 | 429 | 500..=599),
            None => last.duration_ms.is_some(),
        });
        failed && self.query == of("query") && self.body == of("body") && self.body_bytes == of("bodyBytes")
    }

    /// When its last attempt ended, in milliseconds since 1970; `None` while it is under way, and where it was aborted.
    fn ended_at(&self) -> Option<f64> {
        let last = self.attempts.last()?;
        let began = crate::time::parse(last.time.as_str()?)?;
        #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
        Some(began as f64 + last.duration_ms?)
    }
}
