//! What the inspector asks for, under `/_claiv/api/`: what is remembered and why it is recalled, the requests that came in, faults, a
//! deletion before it is done, the state and the clock. It is the emulator's own; `docs/inspector.md` describes it.
//!
//! Its requests are no requests to the service: they are not logged, counted, limited or met by faults. A page of another origin is not
//! allowed to read the answers, and since each request needs a key, a browser does not even send it for such a page.

mod answer;
mod calls;
mod events;
mod faults;
mod forget;
mod library;
mod overview;

use crate::auth;
use crate::errors::ApiError;
use crate::http::{Body, Request, Response};
use crate::router;
use crate::service::Service;
use crate::validate::Fields;
use answer::Answer;
use serde_json::json;

/// What the paths of the inspector's requests begin with.
pub const PREFIX: &str = "/_claiv/api/";
/// The largest body taken: a state of some size can be imported.
pub const MAX_BODY_BYTES: u64 = 512 * 1024 * 1024;

/// Where the clock is asked to be moved, which is not the service's to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    /// Forward by so many milliseconds, or back.
    Advance(f64),
    /// To this time, in milliseconds since 1970.
    Set(i64),
    /// Back to how it was made.
    Reset,
}

/// What came of a request: a response, and what is to become of the clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The response.
    pub response: Response,
    /// How the clock is to be moved.
    pub clock: Option<Clock>,
}

/// Whether a request is the inspector's.
pub fn is_for(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// Whether a request may be answered: as everywhere else, a key is asked for.
pub fn admit(service: &Service, request: &Request) -> Result<(), ApiError> {
    auth::admit(request, service.settings().api_keys.as_deref())
}

/// Answers a request of the inspector.
pub fn respond(service: &mut Service, request: &Request, now: i64) -> Outcome {
    let answer = admit(service, request).and_then(|()| {
        service.store.purge(now);
        run(service, request, now)
    });
    match answer {
        Ok(answer) => Outcome { response: response(200, answer.text), clock: answer.clock },
        Err(error) => Outcome { response: refusal(&error), clock: None },
    }
}

/// An error as a response.
pub fn refusal(error: &ApiError) -> Response {
    response(error.status, crate::json::to_text(&error.body("")))
}

fn response(status: u16, json: String) -> Response {
    let headers =
        [("content-type", "application/json"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")];
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_string())).to_vec();
    Response { status, headers, body: json.into_bytes() }
}

fn run(service: &mut Service, request: &Request, now: i64) -> Result<Answer, ApiError> {
    let Body::Bytes(body) = &request.body else {
        return Err(ApiError::too_large(format!("The body is larger than {MAX_BODY_BYTES} bytes.")));
    };
    let path = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let query = || Fields::of_query(request.query_pairs());
    match (request.method.as_str(), path) {
        ("GET", "overview") => overview::overview(service, now),
        ("GET", "users") => overview::users(&service.store, query()),
        ("GET", "threads") => events::threads(&service.store, query()),
        ("GET", "events") => events::events(&service.store, query()),
        ("GET", "event") => events::event(&service.store, query()),
        ("GET", "documents") => library::documents(&service.store, query(), now),
        ("GET", "requests") => calls::calls(&service.log, query()),
        ("DELETE", "requests") => {
            service.log.clear();
            Ok(Answer::done())
        }
        ("GET", "faults") => Ok(faults::list(&service.faults)),
        ("DELETE", "faults") => faults::remove(&mut service.faults, query()),
        ("POST", "forget-preview") => forget::preview(&service.store, Fields::of_body(body)?),
        ("GET", "state") => Ok(Answer { text: service.store.export(), clock: None }),
        ("PUT", "state") => import(service, body),
        ("POST", "reset") => {
            service.reset();
            Ok(Answer { clock: Some(Clock::Reset), ..Answer::done() })
        }
        ("POST", "clock") => clock(Fields::of_body(body)?),
        (_, path) => match path.strip_prefix("quiet/") {
            Some(path) => quiet(service, request, path, now),
            None => Err(ApiError::not_found(format!("There is nothing at {PREFIX}{path}."))),
        },
    }
}

/// What an endpoint of the service would answer, without its being a request to the service: whatever only reads, and recalls.
fn quiet(service: &mut Service, request: &Request, path: &str, now: i64) -> Result<Answer, ApiError> {
    let recalls = request.method == "POST" && path.ends_with("/recall");
    if !recalls && request.method != "GET" {
        return Err(ApiError::new(405, "method_not_allowed", "Only what reads can be asked for quietly."));
    }
    let request = Request { path: format!("/{path}"), ..request.clone() };
    let settings = service.settings().clone();
    let reply = router::look(&request, &mut service.store, &settings, now)?;
    Ok(Answer { text: reply.text.unwrap_or_else(|| crate::json::to_text(&reply.body)), clock: None })
}

fn import(service: &mut Service, body: &[u8]) -> Result<Answer, ApiError> {
    let text = std::str::from_utf8(body).map_err(|_| ApiError::unreadable("is not UTF-8"))?;
    service.store.import(text).map_err(|error| ApiError::unreadable(&format!("cannot be imported: {error}")))?;
    Ok(Answer::done())
}

fn clock(mut fields: Fields) -> Result<Answer, ApiError> {
    let time = fields.time("time");
    let advance = fields.number("advance_ms", -1e15, 1e15);
    if time.is_some() == advance.is_some() {
        fields.fault("", "must have time or advance_ms");
    }
    fields.check()?;
    let clock = time.map(Clock::Set).or(advance.map(Clock::Advance));
    Ok(Answer { text: json!({ "moved": true }).to_string(), clock })
}

#[cfg(test)]
mod tests;
