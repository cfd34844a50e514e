//! From what went wrong to the ClaivError that the caller gets: its class, its sentence and its fields.
//!
//! The classes themselves are JavaScript (`pkg-template/client/errors.js`), since wasm-bindgen cannot declare a
//! class that extends Error.

pub(crate) mod api;
mod body;
pub(crate) mod outcome;
mod types;

pub(crate) use body::ErrorBody;

use wasm_bindgen::prelude::*;

use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::value::{Fields, List, Val};
use crate::rules::Faults;
use crate::transport::redact;

#[wasm_bindgen(raw_module = "./errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = createError)]
    fn create_error(parts: &Fields) -> Val;
}

/// An error on its way to JavaScript: an object of its fields, with `class` and `message` among them.
#[derive(Clone, Copy)]
pub(crate) struct Error(Fields);

impl Error {
    /// An error of a class.
    #[inline(never)]
    pub(crate) fn new(class: Name, message: Say) -> Error {
        Error(Fields::empty().with(Name::Class, class.js()).with(Name::Message, message.end()))
    }

    /// An error of no class in particular.
    pub(crate) fn plain(message: Say) -> Error {
        Error::new(Name::ClaivError, message)
    }

    /// The same error with one more field.
    pub(crate) fn with(self, name: Name, value: Val) -> Error {
        Error(self.0.with(name, value))
    }

    /// The same error with one more field, where there is a value for it.
    pub(crate) fn with_some(self, name: Name, value: Val) -> Error {
        Error(self.0.with_some(name, value))
    }

    /// The same error with a number.
    pub(crate) fn number(self, name: Name, value: f64) -> Error {
        Error(self.0.number(name, value))
    }

    /// Takes the key out of its sentence, which a custom fetch may have put into what it threw.
    pub(crate) fn redact(self, secret: Val) {
        self.0.set(Name::Message, redact(self.field(Name::Message), secret));
    }

    /// What the caller needs to know: what was tried, and whether it may have been applied.
    pub(crate) fn after(self, attempts: List, uncertain: bool) -> Error {
        Error(self.0.with(Name::Attempts, *attempts).flag(Name::MayHaveBeenApplied, uncertain))
    }

    /// The error of a call that failed before anything was sent.
    pub(crate) fn of_nothing_sent(self) -> Val {
        self.after(List::empty(), false).into_js()
    }

    /// One of its fields; its `class` and `message`, too.
    pub(crate) fn field(self, name: Name) -> Val {
        self.0.peek(name)
    }

    /// The JavaScript error.
    pub(crate) fn into_js(self) -> Val {
        create_error(&self.0)
    }
}

/// What the caller gave breaks the rules; nothing was sent.
pub(crate) fn validation(what: &'static str, faults: &Faults) -> Error {
    Error::new(Name::ValidationError, Say::of(faults.sentence(what))).with(Name::Issues, faults.issues())
}
