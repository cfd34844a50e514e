//! The body of a response with an error status, in whatever shape it came.

use wasm_bindgen::prelude::*;

use crate::host::{Name, is_record, short_text, text_or_none};
use crate::retry::retry_after;

/// The parts of such a body; undefined where it does not have them.
pub(crate) struct ErrorResponse {
    pub(crate) code: JsValue,
    pub(crate) message: JsValue,
    pub(crate) details: JsValue,
    pub(crate) request_id: JsValue,
}

impl ErrorResponse {
    /// Reads `{error: {code, message, request_id, details}}`, the form of the API, and also `{error: "text"}`, `{message: "text"}`,
    /// `{detail: "text"}` and a bare string (a body that is no JSON), which proxies and frameworks send.
    pub(crate) fn of(body: &JsValue) -> ErrorResponse {
        let error = field(body, Name::Error);
        let source = if is_record(&error) { &error } else { body };
        let text = |value| text_or_none(value).map(JsValue::from);
        let message = text(field(source, Name::Message))
            .or_else(|| text(error.clone()))
            .or_else(|| text(field(source, Name::Detail)))
            .or_else(|| text(body.clone()));
        ErrorResponse {
            code: text(field(source, Name::Code)).unwrap_or_default(),
            message: message.unwrap_or_default(),
            details: field(source, Name::Details),
            request_id: text(field(source, Name::RequestIdField)).unwrap_or_default(),
        }
    }

    /// The same with `change` applied to each part.
    pub(crate) fn map(self, change: impl Fn(JsValue) -> JsValue) -> ErrorResponse {
        ErrorResponse {
            code: change(self.code),
            message: change(self.message),
            details: change(self.details),
            request_id: change(self.request_id),
        }
    }

    /// `details.retry_after` in seconds: a number, or a string of one.
    pub(crate) fn retry_after(&self) -> Option<f64> {
        let value = field(&self.details, Name::RetryAfter);
        value.as_f64().or_else(|| retry_after::decimal(short_text(&value).as_bytes()))
    }
}

/// A field of an object that JSON.parse made; undefined where there is none.
#[inline(never)]
fn field(value: &JsValue, name: Name) -> JsValue {
    if is_record(value) { name.get(value) } else { JsValue::UNDEFINED }
}
