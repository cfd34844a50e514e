//! From what went wrong to the ClaivError that the caller gets: its class, its sentence and its fields.
//!
//! The classes themselves are JavaScript (`pkg-template/client/errors.js`), since wasm-bindgen cannot declare a
//! class that extends Error.

pub(crate) mod api;
mod body;
pub(crate) mod outcome;
mod types;

pub(crate) use body::ErrorBody;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::platform::host::Fields;
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::rules::Faults;
use crate::transport::redact;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(parts: &Fields) -> JsValue;
}

/// An error on its way to JavaScript: an object of its fields, with `class` and `message` among them.
pub(crate) struct Error(Fields);

impl Error {
    /// An error of a class.
    pub(crate) fn new(class: Name, message: &JsString) -> Error {
        Error(Fields::empty().with(Name::Class, class.js()).with(Name::Message, message))
    }

    /// An error of no class in particular.
    pub(crate) fn plain(message: Say) -> Error {
        Error::new(Name::ClaivError, &message.end())
    }

    /// The same error with one more field.
    pub(crate) fn with(self, name: Name, value: &JsValue) -> Error {
        Error(self.0.with(name, value))
    }

    /// The same error with one more field, where there is a value for it.
    pub(crate) fn with_some(self, name: Name, value: &JsValue) -> Error {
        Error(self.0.with_some(name, value))
    }

    /// The same error with a number.
    pub(crate) fn number(self, name: Name, value: f64) -> Error {
        Error(self.0.number(name, value))
    }

    /// Takes the key out of its sentence, which a custom fetch may have put into what it threw.
    pub(crate) fn redact(&self, secret: &JsValue) {
        self.0.set(Name::Message, &redact(&self.field(Name::Message), secret));
    }

    /// What the caller needs to know: what was tried, and whether it may have been applied.
    pub(crate) fn after(self, attempts: &Array, uncertain: bool) -> Error {
        self.with(Name::Attempts, attempts).with(Name::MayHaveBeenApplied, &uncertain.into())
    }

    /// The error of a call that failed before anything was sent.
    pub(crate) fn of_nothing_sent(self) -> JsValue {
        self.after(&Array::new(), false).into_js()
    }

    /// One of its fields; its `class` and `message`, too.
    pub(crate) fn field(&self, name: Name) -> JsValue {
        self.0.peek(name)
    }

    /// The JavaScript error.
    pub(crate) fn into_js(self) -> JsValue {
        create_error(&self.0)
    }
}

/// What the caller gave breaks the rules; nothing was sent.
pub(crate) fn validation(what: &'static str, faults: &Faults) -> Error {
    Error::new(Name::ValidationError, &faults.sentence(what)).with(Name::Issues, faults.issues())
}
