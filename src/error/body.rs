//! What the body of a refusal says, in whatever shape it came.

use crate::platform::host::{ascii, field, is_record, text_or_none};
use crate::platform::names::Name;
use crate::platform::value::Val;

/// What an error's body says; undefined for what it does not say.
pub(crate) struct ErrorBody {
    pub(super) code: Val,
    pub(super) message: Val,
    pub(super) details: Val,
    pub(crate) request_id: Val,
}

impl ErrorBody {
    /// Reads `{error: {code, message, request_id, details}}`, and makes the best of `{error: "text"}`, `{message: "text"}`,
    /// a bare string (a body that is no JSON) and nothing at all.
    pub(crate) fn of(body: Val) -> ErrorBody {
        let error = of_record(body, Name::Error);
        let source = if is_record(error) { error } else { body };
        let texts = [of_record(source, Name::Message), error, of_record(source, Name::Detail), body];
        ErrorBody {
            code: text_or_none(of_record(source, Name::Code)),
            message: texts.into_iter().map(text_or_none).find(|text| !text.is_none()).unwrap_or_default(),
            details: of_record(source, Name::Details),
            request_id: text_or_none(of_record(source, Name::RequestIdField)),
        }
    }

    /// `details.retry_after` in seconds: a number, or a string of one.
    pub(crate) fn retry_after(&self) -> Option<f64> {
        let value = of_record(self.details, Name::RetryAfter);
        value.as_f64().or_else(|| crate::retry::wish::decimal(ascii(value, &mut [0; 64])))
    }
}

/// A field of an object that JSON.parse made; undefined where there is none.
#[inline(never)]
fn of_record(value: Val, name: Name) -> Val {
    if is_record(value) { field(value, name) } else { Val::UNDEFINED }
}
