//! The API of the inspector, under `/_claiv/api/`: events, documents, the request log, faults, previews of deletions and recalls, the state and
//! the clock. Only the emulator has it; `docs/inspector.md` describes it.
//!
//! Requests to it are not requests to the service: they are not logged or counted, and neither the quota nor faults apply to them. Responses have
//! no CORS fields, so pages of other origins cannot read them; and because each request needs an `Authorization` field, a browser asks by a
//! preflight before it sends one for such a page, and the preflight fails.

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

pub use answer::Clock;

/// The start of all paths of the API.
pub const PREFIX: &str = "/_claiv/api/";
/// The largest request body, in bytes: 512 MiB, so that a large state can be imported.
pub const MAX_BODY_BYTES: u64 = 512 * 1024 * 1024;

/// The result of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The response.
    pub response: Response,
    /// How the caller must change the clock, if at all.
    pub clock: Option<Clock>,
}

/// Whether a path belongs to the API.
pub fn is_inspector_path(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// Fails with 401 unless the request has an accepted API key.
pub fn authenticate(service: &Service, request: &Request) -> Result<(), ApiError> {
    auth::authenticate(request, service.settings().api_keys.as_deref())
}

/// Answers a request to the API.
pub fn respond(service: &mut Service, request: &Request, now: i64) -> Outcome {
    let answer = authenticate(service, request).and_then(|()| {
        service.store.purge(now);
        execute(service, request, now)
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

/// Routes a request to its handler.
fn execute(service: &mut Service, request: &Request, now: i64) -> Result<Answer, ApiError> {
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
        ("GET", "section") => library::section(&service.store, query()),
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

/// Answers what an endpoint of the service would answer, without a trace. Allows GET requests and recalls only.
fn quiet(service: &mut Service, request: &Request, path: &str, now: i64) -> Result<Answer, ApiError> {
    let recalls = request.method == "POST" && path.ends_with("/recall");
    if !recalls && request.method != "GET" {
        return Err(ApiError::new(405, "method_not_allowed", "Only GET requests and recalls are allowed here."));
    }
    let request = Request { path: format!("/{path}"), ..request.clone() };
    let settings = service.settings().clone();
    let reply = router::dry_run(&request, &mut service.store, &settings, now)?;
    Ok(Answer { text: reply.text.unwrap_or_else(|| crate::json::to_text(&reply.body)), clock: None })
}

/// Replaces the state.
fn import(service: &mut Service, body: &[u8]) -> Result<Answer, ApiError> {
    let text = std::str::from_utf8(body).map_err(|_| ApiError::unreadable("is not UTF-8"))?;
    service.store.import(text).map_err(|error| ApiError::unreadable(&format!("cannot be imported: {error}")))?;
    Ok(Answer::done())
}

/// Reads how the clock is to be changed.
fn clock(mut fields: Fields) -> Result<Answer, ApiError> {
    let time = fields.time("time");
    let advance = fields.number("advance_ms", -1e15, 1e15);
    if time.is_some() == advance.is_some() {
        fields.add_issue("", "must have time or advance_ms");
    }
    fields.check()?;
    let clock = time.map(Clock::Set).or(advance.map(Clock::Advance));
    Ok(Answer { text: json!({ "moved": true }).to_string(), clock })
}

#[cfg(test)]
mod tests;
