//! The errors of attempts and of what stands around them. Each message begins with the call that failed, such as `POST /v1/ingest`.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{AnswerFields, ClaivError, ErrorResponse, Failed, status};
use crate::host::{Name, concat, number_text, one_line, text_length};

/// Longest excerpt of a body, in UTF-16 units.
const EXCERPT: u32 = 200;

/// A limit was passed: `timeout` of an attempt, or the whole call's `totalTimeout`.
pub(crate) fn timed_out(call: &str, timeout_ms: f64, is_total: bool, attempt: u32, elapsed_ms: f64) -> Failed {
    let (option, scope) = if is_total { ("totalTimeout", "total") } else { ("timeout", "attempt") };
    let (ms, count) = (number_text(timeout_ms), number_text(attempt.into()));
    let message = concat(&[call, " had no complete answer within ", &ms, " ms (", option, ", attempt ", &count, ")."]);
    Failed::new(ClaivError::Timeout { timeout_ms, scope, elapsed_ms, attempt, cause: None }, message)
}

/// How deep causes are looked into.
const DEEPEST_CAUSE: usize = 8;

/// True for what a fetch rejects with where a limit of the host's own is over: undici's for the head and for a body that stalls (Node), and the
/// TimeoutError of Bun and of every `AbortSignal.timeout`. undici's limit for connecting is none of these: nothing was sent by then, and another
/// attempt may find another address.
pub(crate) fn is_host_limit(thrown: &JsValue) -> bool {
    let mut cause = thrown.clone();
    for _ in 0..DEEPEST_CAUSE {
        if !cause.is_object() {
            return false;
        }
        let code = Name::Code.peek(&cause);
        if Name::HeadersTimeout.is(&code)
            || Name::BodyTimeout.is(&code)
            || Name::TimeoutError.is(&Name::NameField.peek(&cause))
        {
            return true;
        }
        cause = Name::Cause.peek(&cause);
    }
    false
}

/// The host gave up before `timeout` was over. It does not tell its limit: `took_ms` is how long the attempt had taken.
pub(crate) fn timed_out_by_host(call: &str, cause: JsValue, took_ms: f64, attempt: u32, elapsed_ms: f64) -> Failed {
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
    Failed::new(ClaivError::Timeout { timeout_ms: took_ms, scope: "host", elapsed_ms, attempt, cause }, message)
}

/// The host cannot make such a request: nothing was sent.
pub(crate) fn impossible(call: &str, cause: JsValue) -> Failed {
    let message = concat(&[" was not sent: fetch cannot make this request: ", &one_line(&cause), "."]);
    caused(call, &message, cause)
}

/// The caller's signal fired.
pub(crate) fn aborted(call: &str, reason: JsValue) -> Failed {
    Failed::new(ClaivError::Abort { cause: reason }, concat(&[call, " was aborted by its signal."]))
}

/// fetch or the reading of the body failed. Node keeps what happened one level deeper, in the error's own cause.
pub(crate) fn not_through(call: &str, cause: JsValue) -> Failed {
    let deeper = if cause.is_object() { Name::Cause.peek(&cause) } else { JsValue::UNDEFINED };
    let deeper = if deeper.is_object() { concat(&[" (", &one_line(&deeper), ")"]) } else { String::new() };
    let message = concat(&[call, " did not get through: ", &one_line(&cause), &deeper, "."]);
    Failed::new(ClaivError::Network { cause }, message)
}

/// Something of the caller's threw where the call cannot go on without it.
pub(crate) fn caused(call: &str, what: &str, cause: JsValue) -> Failed {
    Failed::new(ClaivError::Plain { cause: Some(cause) }, concat(&[call, what]))
}

/// The client's own functions called it from within each other without end.
pub(crate) fn too_nested() -> Failed {
    Failed::plain(
        "The call was not sent: the client's fetch option, key function or hooks call the client again and again from within each other.",
    )
}

/// An answer that is none of the API's.
pub(crate) fn unusable(call: &str, answer: AnswerFields, why: &str) -> Failed {
    response(concat(&[call, " got no usable answer: ", why, "."]), answer, JsString::from(""), None)
}

/// A success whose body is not a JSON object.
pub(crate) fn not_json(call: &str, answer: AnswerFields, why: &str, text: &JsString) -> Failed {
    let excerpt = text.slice(0, EXCERPT);
    let quoted =
        if text_length(&excerpt) == 0 { "it is empty".into() } else { concat(&["\"", &one_line(&excerpt), "\""]) };
    let status = number_text(answer.status.into());
    let message = concat(&[call, " was answered with status ", &status, ", but ", why, ": ", &quoted, "."]);
    response(message, answer, excerpt, None)
}

/// A redirect, to an origin where that is known.
pub(crate) fn redirected(call: &str, answer: AnswerFields, origin: Option<String>) -> Failed {
    let to = origin.as_deref().unwrap_or("elsewhere");
    let why = ", and redirects are not followed, so that the API key stays where it belongs. Check the baseUrl option.";
    response(concat(&[call, " was redirected to ", to, why]), answer, JsString::from(""), origin)
}

fn response(message: String, answer: AnswerFields, excerpt: JsString, location: Option<String>) -> Failed {
    Failed::new(ClaivError::Response { answer, excerpt, location }, message)
}

/// An error status.
pub(crate) fn api(call: &str, answer: AnswerFields, said: ErrorResponse, retry_after_ms: Option<f64>) -> Failed {
    let status = answer.status;
    let mut message = concat(&[call, " was answered with ", &number_text(status.into())]);
    if !said.code.is_undefined() {
        message.push(' ');
        message.push_str(&one_line(&said.code));
    }
    if !said.message.is_undefined() {
        message.push_str(": ");
        message.push_str(&one_line(&said.message));
        while message.ends_with('.') {
            message.pop();
        }
    }
    message.push('.');
    message.push_str(status::advice(status));
    if !answer.request_id.is_undefined() {
        message = concat(&[&message, " (request id ", &one_line(&answer.request_id), ")"]);
    }
    let code = if said.code.is_undefined() { JsValue::from_str("unknown") } else { said.code };
    Failed::new(ClaivError::Api { answer, code, details: said.details, retry_after_ms }, message)
}
