//! The requests that came in.

use crate::auth::Redactor;
use crate::http::{Body, Request, Response};
use crate::time;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// Larger bodies are not recorded.
const BODY_BYTES: usize = 64 * 1024;

/// The answer is kept up to so many bytes.
const ANSWER_BYTES: usize = 16 * 1024;

/// One request.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counted from the start, or from the last reset of the service.
    pub number: u64,
    /// When it came, in milliseconds since 1970.
    pub at: f64,
    /// What JavaScript is told of it, but for how it ended.
    pub record: Value,
    /// The status it was answered with.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: Option<f64>,
    /// The body of the answer, if it is not long.
    pub answer: Option<String>,
}

/// The latest requests, oldest first.
#[derive(Clone, Debug)]
pub struct Log {
    entries: VecDeque<Entry>,
    limit: usize,
    number: u64,
}

impl Log {
    /// A log that keeps so many.
    pub fn new(limit: usize) -> Self {
        Log { entries: VecDeque::new(), limit, number: 0 }
    }

    /// Records a request, without its key, and yields the number by which its end is recorded.
    pub fn start(&mut self, request: &Request, request_id: &str, now: i64, fault: bool) -> u64 {
        self.number = self.number.saturating_add(1);
        if self.limit == 0 {
            return self.number;
        }
        if self.entries.len() >= self.limit {
            self.entries.pop_front();
        }
        let record = record(request, request_id, now, fault);
        #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
        let at = now as f64;
        self.entries.push_back(Entry {
            number: self.number,
            at,
            record,
            status: None,
            duration_ms: None,
            answer: None,
        });
        self.number
    }

    /// Records how a request ended; without a response it got no answer.
    pub fn end(&mut self, number: u64, response: Option<&Response>, duration_ms: f64) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.number == number) {
            entry.status = response.map(|response| response.status);
            entry.duration_ms = Some(duration_ms);
            let body = response.map(|response| response.body.as_slice()).filter(|body| body.len() <= ANSWER_BYTES);
            entry.answer = body.map(|body| crate::json::carry_plain(String::from_utf8_lossy(body).into_owned()));
        }
    }

    /// The requests that are kept, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The number of the latest request.
    pub fn last(&self) -> u64 {
        self.number
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// All as a JSON array.
    pub fn list(&self) -> Value {
        let full = |entry: &Entry| {
            let mut record = entry.record.clone();
            if let Some(map) = record.as_object_mut() {
                map.insert("status".into(), json!(entry.status));
                map.insert("durationMs".into(), entry.duration_ms.map_or(Value::Null, crate::json::number));
            }
            record
        };
        self.entries.iter().map(full).collect()
    }
}

fn record(request: &Request, request_id: &str, now: i64, fault: bool) -> Value {
    let hide = Redactor::of(request);
    let headers: Value = request.headers.iter().map(|(name, value)| (name.clone(), hide.header(name, value))).collect();
    let query: Value = request.query_pairs().iter().map(|(name, value)| (hide.text(name), hide.text(value))).collect();
    let body = match &request.body {
        Body::Bytes(bytes) if !bytes.is_empty() && bytes.len() <= BODY_BYTES => {
            let text = String::from_utf8_lossy(bytes);
            hide.value(
                crate::json::parse(&text)
                    .unwrap_or_else(|_| Value::String(crate::json::carry_plain(text.into_owned()))),
            )
        }
        _ => Value::Null,
    };
    json!({
        "requestId": request_id,
        "time": time::format(now),
        "method": request.method,
        "path": crate::json::carry_plain(hide.path(&request.path)),
        "query": query,
        "headers": headers,
        "body": body,
        "bodyBytes": request.body_bytes(),
        "fault": fault,
        "status": null,
        "durationMs": null,
    })
}
