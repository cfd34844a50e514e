//! What a call can fail with, and the error that the caller gets for it.
//!
//! Here is decided which class an error has, what it says and which fields it carries. The classes themselves are JavaScript
//! (`pkg-template/client/errors.js`), since wasm-bindgen cannot declare a class that extends Error; what crosses is a plain object of
//! the class's name and the fields ([`Failed::into_js`]).

mod error_response;
mod outcomes;
pub(crate) mod status;
mod types;

pub(crate) use error_response::ErrorResponse;
pub(crate) use outcomes::*;

use js_sys::JsString;
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

use crate::rules::{Issue, Issues};

/// What a call failed with.
pub(crate) enum ClaivError {
    /// No class in particular: a closed client, a key function that threw.
    Plain { cause: Option<JsValue> },
    /// The server answered with an error status.
    Api { answer: AnswerFields, code: JsValue, details: JsValue, retry_after_ms: Option<f64> },
    /// No complete answer came in time.
    Timeout { timeout_ms: f64, scope: &'static str, elapsed_ms: f64, attempt: u32 },
    /// The request or its answer did not get through.
    Network { cause: JsValue },
    /// The caller's signal fired.
    Abort { cause: JsValue },
    /// What the caller gave breaks the rules; nothing was sent.
    Validation { issues: Vec<Issue> },
    /// An answer came that is none of the API's.
    Response { answer: AnswerFields, excerpt: JsString, location: Option<String> },
}

/// What errors tell of the answer that they are about.
pub(crate) struct AnswerFields {
    /// 0 where none came.
    pub(crate) status: u16,
    /// Undefined where the answer had none.
    pub(crate) request_id: JsValue,
    /// The response's Headers, without the key; undefined where there are none.
    pub(crate) headers: JsValue,
}

/// A failure with the sentence that tells it. Boxed, for it is rare and large.
pub(crate) struct Failed(Box<Failure>);

/// What is in the box.
pub(crate) struct Failure {
    pub(crate) error: ClaivError,
    pub(crate) message: String,
}

impl std::ops::Deref for Failed {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl std::ops::DerefMut for Failed {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

/// One attempt, as errors and hooks tell it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    /// Absent where no answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(with = "preserve", skip_serializing_if = "JsValue::is_undefined")]
    pub(crate) request_id: JsValue,
    /// From the call of fetch to the attempt's end.
    pub(crate) duration_ms: f64,
    /// What went wrong; absent for the attempt that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What the caller needs to know beside what went wrong.
#[derive(Default)]
pub(crate) struct CallRecord {
    pub(crate) attempts: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    pub(crate) may_have_been_applied: bool,
    /// The key that the request carried.
    pub(crate) idempotency_key: Option<JsString>,
}

/// A value that crosses as it is.
#[derive(Serialize)]
#[serde(transparent)]
struct ByReference(#[serde(with = "preserve")] JsValue);

/// The fields of all classes, as they cross. What a class does not have is left out.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct ErrorFields<'a> {
    class: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<ByReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<Issue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<ByReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<ByReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<ByReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<ByReference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<ByReference>,
    attempts: &'a [Attempt],
    may_have_been_applied: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<ByReference>,
}

impl ErrorFields<'_> {
    fn set_answer(&mut self, answer: AnswerFields) {
        let id = if answer.request_id.is_undefined() { JsValue::from_str("") } else { answer.request_id };
        self.status = Some(answer.status);
        self.request_id = Some(ByReference(id));
        self.headers = Some(ByReference(answer.headers)).filter(|headers| !headers.0.is_undefined());
    }
}

impl ClaivError {
    /// The name of its class.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            ClaivError::Plain { .. } => "ClaivError",
            ClaivError::Api { answer, .. } => status::class(answer.status),
            ClaivError::Timeout { .. } => "ClaivTimeoutError",
            ClaivError::Network { .. } => "ClaivNetworkError",
            ClaivError::Abort { .. } => "ClaivAbortError",
            ClaivError::Validation { .. } => "ClaivValidationError",
            ClaivError::Response { .. } => "ClaivResponseError",
        }
    }
}

impl Failed {
    pub(crate) fn new(error: ClaivError, message: String) -> Failed {
        Failed(Box::new(Failure { error, message }))
    }

    /// A failure of no class in particular.
    pub(crate) fn plain(message: &str) -> Failed {
        Failed::new(ClaivError::Plain { cause: None }, message.into())
    }

    /// The error as an object of its fields, `class` among them, of which JavaScript makes the error itself.
    #[inline(never)]
    pub(crate) fn into_js(self, record: CallRecord) -> JsValue {
        let Failure { error, message } = *self.0;
        let mut fields = ErrorFields {
            class: error.class(),
            message: &message,
            attempts: &record.attempts,
            may_have_been_applied: record.may_have_been_applied,
            idempotency_key: record.idempotency_key.map(|key| ByReference(key.into())),
            ..ErrorFields::default()
        };
        let by_reference = |value| Some(ByReference(value));
        match error {
            ClaivError::Validation { issues } => fields.issues = Some(issues),
            ClaivError::Plain { cause } => fields.cause = cause.map(ByReference),
            ClaivError::Network { cause } | ClaivError::Abort { cause } => fields.cause = by_reference(cause),
            ClaivError::Timeout { timeout_ms, scope, elapsed_ms, attempt } => {
                fields.timeout_ms = Some(timeout_ms);
                fields.scope = Some(scope);
                fields.elapsed_ms = Some(elapsed_ms);
                fields.attempt = Some(attempt);
            }
            ClaivError::Api { answer, code, details, retry_after_ms } => {
                fields.code = by_reference(code);
                fields.details = by_reference(details);
                fields.retry_after_ms = retry_after_ms;
                fields.set_answer(answer);
            }
            ClaivError::Response { answer, excerpt, location } => {
                fields.excerpt = by_reference(excerpt.into());
                fields.location = location;
                fields.set_answer(answer);
            }
        }
        to_js(&fields)
    }

    /// The error of a call that failed before anything was sent.
    pub(crate) fn of_nothing_sent(self) -> JsValue {
        self.into_js(CallRecord::default())
    }
}

/// A Rust struct as a plain object. Undefined where the host cannot make one.
pub(crate) fn to_js<T: Serialize>(value: &T) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or_default()
}

/// What the caller gave breaks the rules; nothing was sent.
pub(crate) fn validation(what: &str, issues: Issues) -> Failed {
    let message = issues.sentence(what);
    Failed::new(ClaivError::Validation { issues: issues.into_list() }, message)
}
