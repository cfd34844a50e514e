//! The error of an attempt that did not succeed.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::text::{digits, number};
use super::{Error, api};
use crate::platform::host::{self, Fields};
use crate::platform::names;
use crate::rules::one_line;
use crate::transport::{Answer, Limit, Outcome};

/// Longest excerpt of a body, in UTF-16 units.
const EXCERPT: u32 = 200;

/// Where a call stands when it fails, for its sentences.
pub(crate) struct Place<'a> {
    /// Such as `POST /v1/ingest`.
    pub(crate) what: &'a str,
    /// Counted from 1; 0 before the first.
    pub(crate) attempt: u32,
    /// Milliseconds since the call began.
    pub(crate) elapsed: f64,
}

impl Place<'_> {
    fn fails(&self, how: &str) -> String {
        [self.what, " ", how].concat()
    }
}

/// The error that `answer` stands for. `None` for a success.
pub(crate) fn error_of(answer: &Answer, place: &Place<'_>) -> Option<Error> {
    let error = match &answer.outcome {
        Outcome::Success(_) => return None,
        Outcome::Refused { body, wish } => {
            let error = refused(answer.status, body, &answer.request_id, place);
            match wish {
                Some(ms) => error.with("retryAfterMs", *ms),
                None => error,
            }
        }
        Outcome::NotJson { excerpt, why } => {
            let shown = excerpt.slice(0, EXCERPT);
            unusable(
                &["was answered with status ", &digits(answer.status.into()), ", but ", why, ": ", &quoted(&shown)]
                    .concat(),
                shown,
                place,
            )
        }
        Outcome::Redirect { origin } => {
            let target = if origin.is_empty() { "elsewhere" } else { origin };
            let how = [
                "was redirected to ",
                target,
                ", and redirects are not followed, so that the API key stays where it belongs. Check the baseUrl option",
            ];
            let error = unusable(&how.concat(), "".into(), place);
            if origin.is_empty() { error } else { error.with("location", origin.as_str()) }
        }
        Outcome::Unusable(why) => unusable(&["got no usable answer: ", why].concat(), "".into(), place),
        Outcome::Transport(cause) => {
            let message = place.fails(&["did not get through: ", &reason(cause), "."].concat());
            Error::new("ClaivNetworkError", message).with("cause", cause)
        }
        Outcome::NoHost(why) => Error::new("ClaivError", place.fails(why)),
        Outcome::TimedOut(limit) => timed_out(*limit, place),
        Outcome::Aborted(reason) => aborted(reason, place),
    };
    if !matches!(
        answer.outcome,
        Outcome::Refused { .. } | Outcome::NotJson { .. } | Outcome::Redirect { .. } | Outcome::Unusable(_)
    ) {
        return Some(error);
    }
    let error = error.with("status", f64::from(answer.status)).with("requestId", &answer.request_id);
    Some(if answer.headers.is_undefined() { error } else { error.with("headers", &answer.headers) })
}

/// A limit was passed.
pub(crate) fn timed_out(limit: Limit, place: &Place<'_>) -> Error {
    let (name, scope) = if limit.total { ("totalTimeout", "total") } else { ("timeout", "attempt") };
    let message = place.fails(
        &[
            "had no complete answer within ",
            &number(limit.ms),
            " ms (",
            name,
            ", attempt ",
            &digits(place.attempt),
            ").",
        ]
        .concat(),
    );
    Error::new("ClaivTimeoutError", message)
        .with("timeoutMs", limit.ms)
        .with("scope", scope)
        .with("elapsedMs", place.elapsed)
        .with("attempt", f64::from(place.attempt))
}

/// The caller's signal fired.
pub(crate) fn aborted(reason: &JsValue, place: &Place<'_>) -> Error {
    Error::new("ClaivAbortError", place.fails("was aborted by its signal.")).with("cause", reason)
}

fn unusable(how: &str, excerpt: JsString, place: &Place<'_>) -> Error {
    Error::new("ClaivResponseError", place.fails(&[how, "."].concat())).with("excerpt", excerpt)
}

fn refused(status: u16, body: &JsValue, request_id: &JsValue, place: &Place<'_>) -> Error {
    let detail = ErrorBody::of(body);
    let code = detail.code.unwrap_or_else(|| "unknown".into());
    let mut message = place.fails("was answered with ");
    message.push_str(&digits(status.into()));
    if !names::is(&code, "unknown") {
        message.push(' ');
        message.push_str(&one_line(&code));
    }
    if let Some(said) = &detail.message {
        let said = one_line(said);
        message.push_str(": ");
        message.push_str(said.trim_end_matches('.'));
    }
    message.push('.');
    message.push_str(api::advice(status));
    if request_id.is_truthy() {
        message.push_str(" (request id ");
        message.push_str(&one_line(request_id));
        message.push(')');
    }
    Error::new(api::class(status), message).with("code", code).with("details", detail.details)
}

/// What an error's body says, in whatever shape it came.
pub(crate) struct ErrorBody {
    code: Option<JsString>,
    message: Option<JsString>,
    details: JsValue,
    pub(crate) request_id: Option<JsString>,
}

impl ErrorBody {
    /// Reads `{error: {code, message, request_id, details}}`, and makes the best of `{error: "text"}`, `{message: "text"}`,
    /// a bare string (a body that is no JSON) and nothing at all.
    pub(crate) fn of(body: &JsValue) -> ErrorBody {
        let error = field(body, "error");
        let source = if host::is_record(&error) { &error } else { body };
        let message =
            [field(source, "message"), error.clone(), field(source, "detail"), body.clone()].into_iter().find_map(text);
        ErrorBody {
            code: text(field(source, "code")),
            message,
            details: field(source, "details"),
            request_id: text(field(source, "request_id")),
        }
    }

    /// `details.retry_after` in seconds: a number, or a string of one.
    pub(crate) fn retry_after(&self) -> Option<f64> {
        let value = field(&self.details, "retry_after");
        let number = |text: JsString| crate::retry::wish::decimal(&String::from(text.slice(0, 64)));
        value.as_f64().or_else(|| text(value).and_then(number))
    }
}

/// A field of something that JSON.parse made; undefined where there is none.
fn field(value: &JsValue, name: &'static str) -> JsValue {
    if host::is_record(value) {
        value.unchecked_ref::<Fields>().get(name).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

fn text(value: JsValue) -> Option<JsString> {
    value.dyn_into::<JsString>().ok().filter(|text| text.length() > 0)
}

fn quoted(text: &JsString) -> String {
    if text.length() == 0 { "it is empty".into() } else { ["\"", &one_line(text), "\""].concat() }
}

/// What a failed fetch says; Node keeps what happened one level deeper, in the error's own cause.
fn reason(cause: &JsValue) -> String {
    let mut text = one_line(cause);
    let deeper = host::as_fields(cause).and_then(|cause| cause.get("cause").ok()).unwrap_or_default();
    if deeper.is_object() {
        text.push_str(" (");
        text.push_str(&one_line(&deeper));
        text.push(')');
    }
    text
}
