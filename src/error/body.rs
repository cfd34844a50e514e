//! What the body of a refusal says, in whatever shape it came.

use wasm_bindgen::prelude::*;

use crate::platform::host::{ascii, field, is_none, is_record, text_or_none};
use crate::platform::names::Name;

/// What an error's body says; undefined for what it does not say.
pub(crate) struct ErrorBody {
    pub(super) code: JsValue,
    pub(super) message: JsValue,
    pub(super) details: JsValue,
    pub(crate) request_id: JsValue,
}

impl ErrorBody {
    /// Reads `{error: {code, message, request_id, details}}`, and makes the best of `{error: "text"}`, `{message: "text"}`,
    /// a bare string (a body that is no JSON) and nothing at all.
    pub(crate) fn of(body: &JsValue) -> ErrorBody {
        let error = of_record(body, Name::Error);
        let source = if is_record(&error) { &error } else { body };
        let texts = [of_record(source, Name::Message), error.clone(), of_record(source, Name::Detail), body.clone()];
        ErrorBody {
            code: text_or_none(of_record(source, Name::Code)),
            message: texts.into_iter().map(text_or_none).find(|text| !is_none(text)).unwrap_or_default(),
            details: of_record(source, Name::Details),
            request_id: text_or_none(of_record(source, Name::RequestIdField)),
        }
    }

    /// `details.retry_after` in seconds: a number, or a string of one.
    pub(crate) fn retry_after(&self) -> Option<f64> {
        let value = of_record(&self.details, Name::RetryAfter);
        value.as_f64().or_else(|| crate::retry::wish::decimal(ascii(&value, &mut [0; 64])))
    }
}

/// A field of an object that JSON.parse made; undefined where there is none.
#[inline(never)]
fn of_record(value: &JsValue, name: Name) -> JsValue {
    if is_record(value) { field(value, name) } else { JsValue::UNDEFINED }
}
