//! Scripted faults: delays, errors and lost connections that a test asks for.

use crate::errors::{self, ApiError};
use crate::http::{Request, Response};
use crate::router;
use serde_json::json;

/// A fault, and the requests that it applies to.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// Only requests of this method.
    pub method: Option<String>,
    /// Only requests to this path; a `*` at its end matches any rest.
    pub path: Option<String>,
    /// How many more requests it applies to; `None` for all.
    pub times: Option<u64>,
    /// Whether the request is executed before the fault takes effect.
    pub after: bool,
    /// How long to wait, in milliseconds; infinity for a request that is never answered.
    pub delay_ms: f64,
    /// What is sent instead of the response, if anything.
    pub response: ResponseFault,
    /// Where the body of the response is cut off, if at all.
    pub truncate: Option<Truncate>,
    /// Whether the connection is lost while the body is sent, after the part that `truncate` keeps.
    pub drop_in_body: bool,
}

/// What a fault does to the response.
#[derive(Clone, Debug, Default)]
pub enum ResponseFault {
    /// Sends the response of the service.
    #[default]
    None,
    /// Loses the connection before the response.
    Drop,
    /// Sends another response.
    Replace(Replacement),
}

/// A response that replaces that of the service.
#[derive(Clone, Debug, Default)]
pub struct Replacement {
    /// The status code.
    pub status: u16,
    /// Header fields; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body. Without one, an error in the shape of the service where the status is 400 or more, else no body.
    pub body: Option<Vec<u8>>,
    /// The code of that error.
    pub code: Option<String>,
    /// The message of that error.
    pub message: Option<String>,
    /// `details.retry_after` of that error, in seconds.
    pub retry_after: Option<f64>,
}

/// Where a body is cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truncate {
    /// After half of its bytes.
    Half,
    /// After this many bytes.
    At(usize),
}

impl Fault {
    /// Whether the fault applies to a request.
    fn matches(&self, request: &Request) -> bool {
        let method = self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(&request.method));
        let path = self.path.as_ref().is_none_or(|path| match path.strip_suffix('*') {
            Some(start) => request.path.starts_with(start),
            None => request.path == *path,
        });
        // A preflight is sent by the browser, not by the client: only a fault with `method: "OPTIONS"` applies to it.
        method && path && (self.method.is_some() || request.method != "OPTIONS")
    }

    /// Whether the request is executed at all.
    pub fn takes_effect(&self) -> bool {
        self.after || matches!(self.response, ResponseFault::None)
    }

    /// Applies the fault to the response of the service, which is `None` where the request was not executed. Returns `None` where the
    /// connection is lost.
    pub fn apply(&self, own: Option<Response>, request_id: &str) -> Option<Response> {
        let mut response = match &self.response {
            ResponseFault::None => own?,
            ResponseFault::Drop => return None,
            ResponseFault::Replace(other) => other.response(request_id),
        };
        if self.drop_in_body && response.is_bodiless() {
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

impl Replacement {
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
        router::add_common_headers(&mut response, request_id);
        response
    }
}

/// The faults that will still apply, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    queue: Vec<(u64, Fault)>,
    /// How many faults were ever added: the id of the latest.
    added: u64,
}

impl Faults {
    /// Adds a fault after the others.
    pub fn add(&mut self, fault: Fault) {
        self.added = self.added.saturating_add(1);
        self.queue.push((self.added, fault));
    }

    /// All faults, each with its id.
    pub fn list(&self) -> impl Iterator<Item = (u64, &Fault)> {
        self.queue.iter().map(|(id, fault)| (*id, fault))
    }

    /// Removes the fault with this id, and returns whether there was one.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.queue.len();
        self.queue.retain(|(known, _)| *known != id);
        self.queue.len() < before
    }

    /// Removes all faults.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// How many faults there are.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether there are no faults.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// The first fault that applies to this request, if any; counts it, and removes it once it applied as often as it should.
    pub fn take_matching(&mut self, request: &Request) -> Option<Fault> {
        let at = self.queue.iter().position(|(_, fault)| fault.matches(request))?;
        let (_, fault) = self.queue.get_mut(at)?;
        let taken = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.queue.remove(at);
            }
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests;
