//! What a call can fail with, and the error that the caller gets for it.
//!
//! Which class an error has, its message and its fields are decided here. The classes themselves are JavaScript
//! (`pkg-template/client/errors.js`), since wasm-bindgen cannot declare a class that extends Error. What crosses is a plain object with the
//! name of the class, the message and the fields ([`Failure::into_js`]).

mod error_response;
mod outcomes;
pub(crate) mod status;
mod types;

pub(crate) use error_response::ErrorResponse;
pub(crate) use outcomes::*;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::host::{Fields, list};
use crate::rules::{Issue, Issues};

/// What a call failed with: a variant for each class, or group of classes, with its fields.
pub(crate) enum ClaivError {
    /// The base class: a closed client, a key function that threw.
    Plain { cause: Option<JsValue> },
    /// The server answered with an error status.
    Api { response: ResponseFields, code: JsValue, details: JsValue, retry_after_ms: Option<f64> },
    /// No complete response came in time.
    Timeout { timeout_ms: f64, scope: &'static str, elapsed_ms: f64, attempt: u32, cause: Option<JsValue> },
    /// The request or its response did not get through.
    Network { cause: JsValue },
    /// The caller's signal fired.
    Abort { cause: JsValue },
    /// Arguments or options break the rules; nothing was sent.
    Validation { issues: Vec<Issue> },
    /// A response came that is none of the API's.
    Response { response: ResponseFields, excerpt: JsString, location: Option<String> },
}

/// The fields that an error has of the response it is about.
pub(crate) struct ResponseFields {
    /// 0 where none came.
    pub(crate) status: u16,
    /// Undefined where the response had none.
    pub(crate) request_id: JsValue,
    /// The response's Headers, without the API key; undefined where there are none.
    pub(crate) headers: JsValue,
}

impl ResponseFields {
    #[inline(never)]
    fn add_to(self, fields: &mut Fields) {
        let id = if self.request_id.is_undefined() { JsValue::from_str("") } else { self.request_id };
        fields.add("status", self.status);
        fields.add("requestId", id);
        fields.add_defined("headers", self.headers);
    }
}

/// What a call failed with, and the message of its error. Boxed, since it is large and every step of a call can return one.
pub(crate) struct Failure(Box<FailureParts>);

/// The contents of a [`Failure`].
pub(crate) struct FailureParts {
    pub(crate) error: ClaivError,
    pub(crate) message: String,
}

impl std::ops::Deref for Failure {
    type Target = FailureParts;

    fn deref(&self) -> &FailureParts {
        &self.0
    }
}

impl std::ops::DerefMut for Failure {
    fn deref_mut(&mut self) -> &mut FailureParts {
        &mut self.0
    }
}

/// An attempt that is over, as errors and hooks show it.
pub(crate) struct Attempt {
    /// Absent where no response came.
    pub(crate) status: Option<u16>,
    pub(crate) request_id: JsValue,
    /// From the call of fetch to the attempt's end.
    pub(crate) duration_ms: f64,
    /// What went wrong; absent for the attempt that succeeded.
    pub(crate) error: Option<String>,
}

/// The attempts of a call as an array of plain objects.
pub(crate) fn attempts_to_js(attempts: &[Attempt]) -> Array {
    list(attempts.iter().map(Attempt::to_js))
}

impl Attempt {
    fn to_js(&self) -> JsValue {
        let mut fields = Fields::default();
        fields.add_given("status", self.status);
        fields.add_defined("requestId", self.request_id.clone());
        fields.add("durationMs", self.duration_ms);
        fields.add_given("error", self.error.as_deref());
        fields.to_js()
    }
}

/// What an error has of the whole call, whatever went wrong.
#[derive(Default)]
pub(crate) struct CallRecord {
    pub(crate) attempts: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    pub(crate) may_have_been_applied: bool,
    /// The key that the request carried.
    pub(crate) idempotency_key: Option<JsString>,
    /// A JavaScript function that takes the API key out of a text: for printing the error's cause, which is the very value that was thrown.
    pub(crate) redactor: Option<JsValue>,
}

impl ClaivError {
    /// The name of its JavaScript class.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            ClaivError::Plain { .. } => "ClaivError",
            ClaivError::Api { response, .. } => status::class(response.status),
            ClaivError::Timeout { .. } => "ClaivTimeoutError",
            ClaivError::Network { .. } => "ClaivNetworkError",
            ClaivError::Abort { .. } => "ClaivAbortError",
            ClaivError::Validation { .. } => "ClaivValidationError",
            ClaivError::Response { .. } => "ClaivResponseError",
        }
    }
}

impl Failure {
    pub(crate) fn new(error: ClaivError, message: String) -> Failure {
        Failure(Box::new(FailureParts { error, message }))
    }

    /// A failure of the base class.
    #[inline(never)]
    pub(crate) fn plain(message: &str) -> Failure {
        Failure::new(ClaivError::Plain { cause: None }, message.into())
    }

    /// The parts of an error as a plain object: `class`, `message` and the fields. JavaScript makes the error of it (`createError`).
    #[inline(never)]
    pub(crate) fn into_js(self, record: CallRecord) -> JsValue {
        let FailureParts { error, message } = *self.0;
        let mut fields = Fields::default();
        fields.add("class", error.class());
        fields.add("message", message);
        match error {
            ClaivError::Plain { cause } => fields.add_given("cause", cause),
            ClaivError::Network { cause } | ClaivError::Abort { cause } => fields.add("cause", cause),
            ClaivError::Validation { issues } => fields.add("issues", list(issues.iter().map(Issue::to_js))),
            ClaivError::Timeout { timeout_ms, scope, elapsed_ms, attempt, cause } => {
                fields.add_given("cause", cause);
                fields.add("timeoutMs", timeout_ms);
                fields.add("scope", scope);
                fields.add("elapsedMs", elapsed_ms);
                fields.add("attempt", attempt);
            }
            ClaivError::Api { response, code, details, retry_after_ms } => {
                fields.add("code", code);
                fields.add("details", details);
                fields.add_given("retryAfterMs", retry_after_ms);
                response.add_to(&mut fields);
            }
            ClaivError::Response { response, excerpt, location } => {
                fields.add("excerpt", excerpt);
                fields.add_given("location", location);
                response.add_to(&mut fields);
            }
        }
        fields.add("attempts", attempts_to_js(&record.attempts));
        fields.add("mayHaveBeenApplied", record.may_have_been_applied);
        fields.add_given("idempotencyKey", record.idempotency_key);
        fields.add_given("redactor", record.redactor);
        fields.to_js()
    }

    /// The parts of the error of a call that failed before anything was sent.
    #[inline(never)]
    pub(crate) fn into_js_unsent(self) -> JsValue {
        self.into_js(CallRecord::default())
    }
}

/// Arguments or options break the rules; nothing was sent. `what` is what follows from that, as the message begins.
#[inline(never)]
pub(crate) fn validation(what: &str, issues: Issues) -> Failure {
    let message = issues.sentence(what);
    Failure::new(ClaivError::Validation { issues: issues.into_list() }, message)
}
