//! Faults a test asks for.

use crate::errors::{self, ApiError};
use crate::http::{Request, Response};
use crate::router;
use serde_json::json;

/// A fault, and the requests it meets.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// Only requests of this method.
    pub method: Option<String>,
    /// Only requests to this path; a `*` at its end stands for anything.
    pub path: Option<String>,
    /// How many more requests it meets; all of them without it.
    pub times: Option<u64>,
    /// Whether the request takes effect before the fault does.
    pub after: bool,
    /// How long to wait, in milliseconds; infinite for ever.
    pub delay_ms: f64,
    /// What becomes of the response.
    pub answer: Answer,
    /// Keep so many bytes of the response's body.
    pub truncate: Option<Truncate>,
    /// Whether the connection is gone after them, so that the body has no end.
    pub cut: bool,
}

/// What becomes of the response.
#[derive(Clone, Debug, Default)]
pub enum Answer {
    /// It is the service's own.
    #[default]
    Own,
    /// It never comes: the connection is gone.
    Drop,
    /// It is replaced.
    Other(Other),
}

/// A response in place of the service's own.
#[derive(Clone, Debug, Default)]
pub struct Other {
    /// The status code.
    pub status: u16,
    /// Header fields; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; without it an error of the service's shape.
    pub body: Option<Vec<u8>>,
    /// The code of that error.
    pub code: Option<String>,
    /// Its message.
    pub message: Option<String>,
    /// Its `details.retry_after`.
    pub retry_after: Option<f64>,
}

/// Where a body is cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truncate {
    /// In its middle.
    Half,
    /// After so many bytes.
    At(usize),
}

impl Fault {
    fn meets(&self, request: &Request) -> bool {
        let method = self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method));
        let path = self.path.as_ref().is_none_or(|path| match path.strip_suffix('*') {
            Some(start) => request.path.starts_with(start),
            None => request.path == *path,
        });
        // A browser's preflight is no request of the client's: only a fault that asks for it meets it.
        method && path && (self.method.is_some() || request.method != "OPTIONS")
    }

    /// Whether the service acts on the request at all.
    pub fn takes_effect(&self) -> bool {
        self.after || matches!(self.answer, Answer::Own)
    }

    /// The response the fault makes of the service's own; nothing if the connection is gone.
    pub fn alter(&self, own: Option<Response>, request_id: &str) -> Option<Response> {
        let mut response = match &self.answer {
            Answer::Own => own?,
            Answer::Drop => return None,
            Answer::Other(other) => other.response(request_id),
        };
        if self.cut && response.is_bodiless() {
            return None;
        }
        if let Some(truncate) = self.truncate {
            let length = response.body.len();
            response.body.truncate(match truncate {
                Truncate::Half => length / 2,
                Truncate::At(bytes) => bytes,
            });
        }
        Some(response)
    }
}

impl Other {
    fn response(&self, request_id: &str) -> Response {
        let mut response = match &self.body {
            Some(body) => Response { status: self.status, headers: Vec::new(), body: body.clone() },
            None if self.status < 400 => Response { status: self.status, headers: Vec::new(), body: Vec::new() },
            None => {
                let code = self.code.as_deref().unwrap_or_else(|| errors::code_of(self.status));
                let message = self.message.as_deref().unwrap_or("A scripted fault.");
                let mut error = ApiError::new(self.status, code, message);
                error.details =
                    self.retry_after.map(|seconds| Box::new(json!({ "retry_after": crate::json::number(seconds) })));
                router::respond(self.status, &error.body(request_id), &[], request_id)
            }
        };
        for (name, value) in &self.headers {
            response.headers.retain(|(given, _)| given != name);
            response.headers.push((name.clone(), value.clone()));
        }
        router::stamp(&mut response, request_id);
        response
    }
}

/// The faults still to come, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    queue: Vec<(u64, Fault)>,
    /// How many were ever added.
    added: u64,
}

impl Faults {
    /// Adds one.
    pub fn add(&mut self, fault: Fault) {
        self.added = self.added.saturating_add(1);
        self.queue.push((self.added, fault));
    }

    /// All of them, each with the number by which it can be taken back.
    pub fn list(&self) -> impl Iterator<Item = (u64, &Fault)> {
        self.queue.iter().map(|(id, fault)| (*id, fault))
    }

    /// Takes one back, and tells whether it was still to come.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.queue.len();
        self.queue.retain(|(known, _)| *known != id);
        self.queue.len() < before
    }

    /// Drops all.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// How many are still to come.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The fault that meets this request, if one does.
    pub fn meet(&mut self, request: &Request) -> Option<Fault> {
        let at = self.queue.iter().position(|(_, fault)| fault.meets(request))?;
        let (_, fault) = self.queue.get_mut(at)?;
        let met = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.queue.remove(at);
            }
        }
        Some(met)
    }
}

#[cfg(test)]
mod tests;
