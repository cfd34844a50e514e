//! From what went wrong to the ClaivError that the caller gets: its class, its sentence and its fields.
//!
//! The classes themselves are JavaScript (`pkg-template/client/errors.js`), since wasm-bindgen cannot declare a
//! class that extends Error.

pub(crate) mod api;
pub(crate) mod outcome;
pub(crate) mod text;
mod types;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::platform::host::Fields;
use crate::platform::names;
use crate::rules::Faults;
use crate::transport::redact;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(class: &JsString, message: &str, fields: &Fields) -> JsValue;
}

/// An error on its way to JavaScript.
pub(crate) struct Error {
    class: &'static str,
    message: String,
    fields: Fields,
}

impl Error {
    /// An error of the class with this name.
    pub(crate) fn new(class: &'static str, message: impl Into<String>) -> Error {
        Error { class, message: message.into(), fields: Fields::empty() }
    }

    /// The same error with one more field.
    pub(crate) fn with(self, name: &'static str, value: impl Into<JsValue>) -> Error {
        self.fields.set(name, &value.into());
        self
    }

    /// The same error without the key, which a custom fetch may have put into what it threw.
    pub(crate) fn redacted(mut self, secret: Option<&JsString>) -> Error {
        if secret.is_some() {
            self.message = redact(&JsString::from(self.message), secret).into();
        }
        self
    }

    /// The error of a call that failed before anything was sent.
    pub(crate) fn of_nothing_sent(self) -> Error {
        self.with("attempts", Array::new()).with("mayHaveBeenApplied", false)
    }

    /// The class's name, such as `ClaivTimeoutError`.
    pub(crate) fn class(&self) -> &'static str {
        self.class
    }

    /// The sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The JavaScript error.
    pub(crate) fn into_js(self) -> JsValue {
        create_error(&names::js(self.class), &self.message, &self.fields)
    }
}

/// What the caller gave breaks the rules; nothing was sent.
pub(crate) fn validation(what: &str, faults: &Faults) -> Error {
    let issues = Array::new();
    for fault in &faults.0 {
        let issue = Fields::empty();
        issue.set("path", &JsValue::from_str(&fault.path));
        issue.set("message", &JsValue::from_str(&fault.message));
        issues.push(&issue);
    }
    let message = [what, ": ", &faults.sentence(), "."].concat();
    Error::new("ClaivValidationError", message).with("issues", issues)
}
