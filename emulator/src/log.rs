//! The request log: the latest requests with their responses, without API keys.

use crate::auth::Redactor;
use crate::http::{Body, Request, Response};
use crate::time;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The largest request body that is recorded, in bytes.
const MAX_REQUEST_BODY: usize = 64 * 1024;

/// The largest response body that is recorded, in bytes.
const MAX_RESPONSE_BODY: usize = 16 * 1024;

/// A request and how it ended.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, counted from 1 since the emulator was made.
    pub number: u64,
    /// When it arrived, in milliseconds since 1970.
    pub at: f64,
    /// The fields of `EmulatorRequest`; `status` and `durationMs` are null here.
    pub record: Value,
    /// The status of the response; `None` while it is under way, and where it was dropped or aborted.
    pub status: Option<u16>,
    /// How long it took, in milliseconds; `None` while it is under way, and where it was aborted.
    pub duration_ms: Option<f64>,
    /// The body of the response, unless it is larger than 16 KiB.
    pub response_body: Option<String>,
}

/// The latest requests, the oldest first.
#[derive(Clone, Debug)]
pub struct Log {
    entries: VecDeque<Entry>,
    limit: usize,
    number: u64,
}

impl Log {
    /// A log that keeps at most `limit` requests.
    pub fn new(limit: usize) -> Self {
        Log { entries: VecDeque::new(), limit, number: 0 }
    }

    /// Records a request without its key, and returns its number for [`end`](Log::end).
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
            response_body: None,
        });
        self.number
    }

    /// Records how a request ended; `None` where the connection was dropped.
    pub fn end(&mut self, number: u64, response: Option<&Response>, duration_ms: f64) {
        if let Some(entry) = self.entries.iter_mut().rev().find(|entry| entry.number == number) {
            entry.status = response.map(|response| response.status);
            entry.duration_ms = Some(duration_ms);
            let body = response.map(|response| response.body.as_slice()).filter(|body| body.len() <= MAX_RESPONSE_BODY);
            entry.response_body =
                body.map(|body| crate::json::encode_plain(String::from_utf8_lossy(body).into_owned()));
        }
    }

    /// The recorded requests, the oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The number of the latest request.
    pub fn last(&self) -> u64 {
        self.number
    }

    /// Removes all requests. Numbers go on.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// All requests as a JSON array of `EmulatorRequest`.
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

/// The fields of `EmulatorRequest`, before the request has ended.
fn record(request: &Request, request_id: &str, now: i64, fault: bool) -> Value {
    let hide = Redactor::of(request);
    let headers: Value = request.headers.iter().map(|(name, value)| (name.clone(), hide.header(name, value))).collect();
    let query: Value = request.query_pairs().iter().map(|(name, value)| (hide.text(name), hide.text(value))).collect();
    let body = match &request.body {
        Body::Bytes(bytes) if !bytes.is_empty() && bytes.len() <= MAX_REQUEST_BODY => {
            let text = String::from_utf8_lossy(bytes);
            hide.value(
                crate::json::parse(&text)
                    .unwrap_or_else(|_| Value::String(crate::json::encode_plain(text.into_owned()))),
            )
        }
        _ => Value::Null,
    };
    json!({
        "requestId": request_id,
        "time": time::format(now),
        "method": request.method,
        "path": crate::json::encode_plain(hide.path(&request.path)),
        "query": query,
        "headers": headers,
        "body": body,
        "bodyBytes": request.body_bytes(),
        "fault": fault,
        "status": null,
        "durationMs": null,
    })
}
