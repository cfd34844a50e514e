//! The failures of a call, each with its message. `call` is what a message begins with, such as `POST /v1/ingest`.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{ClaivError, ErrorResponse, Failure, ResponseFields, status};
use crate::host::{Name, concat, number_text, one_line, text_length};

/// Longest excerpt of a body, in UTF-16 units.
const EXCERPT: u32 = 200;

/// `timeout` has passed for an attempt, or `totalTimeout` for the whole call.
pub(crate) fn timed_out(call: &str, timeout_ms: f64, is_total: bool, attempt: u32, elapsed_ms: f64) -> Failure {
    let (option, scope) = if is_total { ("totalTimeout", "total") } else { ("timeout", "attempt") };
    let (ms, count) = (number_text(timeout_ms), number_text(attempt.into()));
    let message = concat(&[call, " had no complete answer within ", &ms, " ms (", option, ", attempt ", &count, ")."]);
    Failure::new(ClaivError::Timeout { timeout_ms, scope, elapsed_ms, attempt, cause: None }, message)
}

/// How many causes, each of the one before, are looked into.
const MAX_CAUSE_DEPTH: usize = 8;

/// True for what a fetch rejects with at a timeout of the host's own: undici's for the headers and for a body that stalls (Node), and the
/// TimeoutError of Bun and of every `AbortSignal.timeout`. undici's timeout for connecting is none of these: nothing was sent by then, and
/// another attempt may find another address.
pub(crate) fn is_host_timeout(thrown: &JsValue) -> bool {
    let mut cause = thrown.clone();
    for _ in 0..MAX_CAUSE_DEPTH {
        if !cause.is_object() {
            return false;
        }
        let code = Name::Code.get(&cause);
        if Name::HeadersTimeout.is(&code)
            || Name::BodyTimeout.is(&code)
            || Name::TimeoutError.is(&Name::NameField.get(&cause))
        {
            return true;
        }
        cause = Name::Cause.get(&cause);
    }
    false
}

/// A timeout of the host's own passed before `timeout`. How long that is the host does not say: `took_ms` is how long the attempt took.
pub(crate) fn timed_out_by_host(call: &str, cause: JsValue, took_ms: f64, attempt: u32, elapsed_ms: f64) -> Failure {
    let (ms, count) = (number_text(took_ms), number_text(attempt.into()));
    let message = concat(&[
        call,
        " had no complete answer when fetch gave up by a limit of its own, after ",
        &ms,
        " ms (attempt ",
        &count,
        "). Give one with longer limits in the fetch option.",
    ]);
    let cause = Some(cause);
    Failure::new(ClaivError::Timeout { timeout_ms: took_ms, scope: "host", elapsed_ms, attempt, cause }, message)
}

/// The host cannot make such a request: nothing was sent.
pub(crate) fn impossible_request(call: &str, cause: JsValue) -> Failure {
    let message = concat(&[" was not sent: fetch cannot make this request: ", &one_line(&cause), "."]);
    caused(call, &message, cause)
}

/// The caller's signal fired.
pub(crate) fn aborted(call: &str, reason: JsValue) -> Failure {
    Failure::new(ClaivError::Abort { cause: reason }, concat(&[call, " was aborted by its signal."]))
}

/// fetch or reading the body failed. In Node what happened is in the error's own cause.
pub(crate) fn network(call: &str, cause: JsValue) -> Failure {
    let deeper = if cause.is_object() { Name::Cause.get(&cause) } else { JsValue::UNDEFINED };
    let deeper = if deeper.is_object() { concat(&[" (", &one_line(&deeper), ")"]) } else { String::new() };
    let message = concat(&[call, " did not get through: ", &one_line(&cause), &deeper, "."]);
    Failure::new(ClaivError::Network { cause }, message)
}

/// A function or object of the caller's threw an exception, and the call cannot go on without it.
#[inline(never)]
pub(crate) fn caused(call: &str, what: &str, cause: JsValue) -> Failure {
    Failure::new(ClaivError::Plain { cause: Some(cause) }, concat(&[call, what]))
}

/// A function of the caller's (fetch, key function, hook) calls the client from within itself without end.
pub(crate) fn endless_recursion() -> Failure {
    Failure::plain(
        "The call was not sent: the client's fetch option, key function or hooks call the client again and again from within each other.",
    )
}

/// A response that is none of the API's.
pub(crate) fn invalid_response(call: &str, response: ResponseFields, why: &str) -> Failure {
    with_response(concat(&[call, " got no usable answer: ", why, "."]), response, JsString::from(""), None)
}

/// A success whose body is not a JSON object.
pub(crate) fn not_json(call: &str, response: ResponseFields, why: &str, text: &JsString) -> Failure {
    let excerpt = text.slice(0, EXCERPT);
    let quoted =
        if text_length(&excerpt) == 0 { "it is empty".into() } else { concat(&["\"", &one_line(&excerpt), "\""]) };
    let status = number_text(response.status.into());
    let message = concat(&[call, " was answered with status ", &status, ", but ", why, ": ", &quoted, "."]);
    with_response(message, response, excerpt, None)
}

/// A redirect, to an origin where that is known.
pub(crate) fn redirected(call: &str, response: ResponseFields, origin: Option<String>) -> Failure {
    let to = origin.as_deref().unwrap_or("elsewhere");
    let why = ", and redirects are not followed, so that the API key stays where it belongs. Check the baseUrl option.";
    with_response(concat(&[call, " was redirected to ", to, why]), response, JsString::from(""), origin)
}

fn with_response(message: String, response: ResponseFields, excerpt: JsString, location: Option<String>) -> Failure {
    Failure::new(ClaivError::Response { response, excerpt, location }, message)
}

/// A value with a text before it; nothing where it is undefined.
#[inline(never)]
fn shown_after(before: &str, value: &JsValue) -> String {
    if value.is_undefined() { String::new() } else { concat(&[before, &one_line(value)]) }
}

/// An error status.
pub(crate) fn api(call: &str, response: ResponseFields, body: ErrorResponse, retry_after_ms: Option<f64>) -> Failure {
    let status = response.status;
    let mut text = shown_after(": ", &body.message);
    // The sentence gets a full stop of its own.
    while text.ends_with('.') {
        text.pop();
    }
    let id = shown_after(" (request id ", &response.request_id);
    let message = concat(&[
        call,
        " was answered with ",
        &number_text(status.into()),
        &shown_after(" ", &body.code),
        &text,
        ".",
        status::advice(status),
        &id,
        if id.is_empty() { "" } else { ")" },
    ]);
    let code = if body.code.is_undefined() { JsValue::from_str("unknown") } else { body.code };
    Failure::new(ClaivError::Api { response, code, details: body.details, retry_after_ms }, message)
}
