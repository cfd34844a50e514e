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
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::host::{Fields, to_js};
use crate::rules::{Issue, Issues};

/// What a call failed with.
pub(crate) enum ClaivError {
    /// No class in particular: a closed client, a key function that threw.
    Plain { cause: Option<JsValue> },
    /// The server answered with an error status.
    Api { answer: AnswerFields, code: JsValue, details: JsValue, retry_after_ms: Option<f64> },
    /// No complete answer came in time.
    Timeout { timeout_ms: f64, scope: &'static str, elapsed_ms: f64, attempt: u32, cause: Option<JsValue> },
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

impl AnswerFields {
    #[inline(never)]
    fn add_to(self, fields: &mut Fields) {
        let id = if self.request_id.is_undefined() { JsValue::from_str("") } else { self.request_id };
        fields.add("status", self.status);
        fields.add("requestId", id);
        fields.add_defined("headers", self.headers);
    }
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
pub(crate) struct Attempt {
    /// Absent where no answer came.
    pub(crate) status: Option<u16>,
    pub(crate) request_id: JsValue,
    /// From the call of fetch to the attempt's end.
    pub(crate) duration_ms: f64,
    /// What went wrong; absent for the attempt that succeeded.
    pub(crate) error: Option<String>,
}

impl Serialize for Attempt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = Fields::default();
        fields.add_given("status", self.status);
        fields.add_defined("requestId", self.request_id.clone());
        fields.add("durationMs", self.duration_ms);
        fields.add_given("error", self.error.as_deref());
        fields.serialize(serializer)
    }
}

/// What the caller needs to know beside what went wrong.
#[derive(Default)]
pub(crate) struct CallRecord {
    pub(crate) attempts: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    pub(crate) may_have_been_applied: bool,
    /// The key that the request carried.
    pub(crate) idempotency_key: Option<JsString>,
    /// Takes the API key out of a text: for what lies behind the error, which the caller gets as it is.
    pub(crate) hide: Option<JsValue>,
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
        let mut fields = Fields::default();
        fields.add("class", error.class());
        fields.add("message", message);
        match error {
            ClaivError::Plain { cause } => fields.add_given("cause", cause),
            ClaivError::Network { cause } | ClaivError::Abort { cause } => fields.add("cause", cause),
            ClaivError::Validation { issues } => fields.add("issues", to_js(&issues)),
            ClaivError::Timeout { timeout_ms, scope, elapsed_ms, attempt, cause } => {
                fields.add_given("cause", cause);
                fields.add("timeoutMs", timeout_ms);
                fields.add("scope", scope);
                fields.add("elapsedMs", elapsed_ms);
                fields.add("attempt", attempt);
            }
            ClaivError::Api { answer, code, details, retry_after_ms } => {
                fields.add("code", code);
                fields.add("details", details);
                fields.add_given("retryAfterMs", retry_after_ms);
                answer.add_to(&mut fields);
            }
            ClaivError::Response { answer, excerpt, location } => {
                fields.add("excerpt", excerpt);
                fields.add_given("location", location);
                answer.add_to(&mut fields);
            }
        }
        fields.add("attempts", to_js(&record.attempts));
        fields.add("mayHaveBeenApplied", record.may_have_been_applied);
        fields.add_given("idempotencyKey", record.idempotency_key);
        fields.add_given("hide", record.hide);
        to_js(&fields)
    }

    /// The error of a call that failed before anything was sent.
    pub(crate) fn of_nothing_sent(self) -> JsValue {
        self.into_js(CallRecord::default())
    }
}

/// What the caller gave breaks the rules; nothing was sent.
pub(crate) fn validation(what: &str, issues: Issues) -> Failed {
    let message = issues.sentence(what);
    Failed::new(ClaivError::Validation { issues: issues.into_list() }, message)
}
