//! What is wrong with what the caller gave, and the sentences that say so.

use std::cell::Cell;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use super::Kind;
use crate::platform::host::{self, Fields};
use crate::platform::names::Name;
use crate::platform::say::{Say, one_line, quoted};

/// Where something stands: the name of a field, after what stands before it in its path, such as `limits.`. They are joined only
/// where there is a fault.
#[derive(Clone, Copy)]
pub(crate) struct At<'a>(pub(crate) &'a JsValue, pub(crate) &'a JsValue);

impl At<'_> {
    /// A name on its own.
    pub(crate) fn name(name: Name) -> At<'static> {
        At(Name::Empty.js(), name.js())
    }

    /// The whole path.
    pub(crate) fn path(&self) -> Say {
        Say::of(self.0.unchecked_ref()).v(self.1)
    }
}

/// The faults found so far: the `issues` of the error that they may become.
pub(crate) struct Faults(Array, Cell<u32>);

impl Faults {
    /// None yet.
    pub(crate) fn none() -> Faults {
        Faults(Array::new(), Cell::new(0))
    }

    /// How many.
    pub(crate) fn count(&self) -> u32 {
        self.1.get()
    }

    /// True while nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Notes that what stands at a path is wrong.
    #[inline(never)]
    pub(crate) fn add_path(&self, path: &JsString, message: &JsString) {
        self.1.set(self.count().wrapping_add(1));
        self.0.push(&Fields::empty().with(Name::Path, path).with(Name::Message, message));
    }

    /// Notes that what stands there is wrong.
    #[inline(never)]
    pub(crate) fn add(&self, at: At<'_>, message: &'static str) {
        self.add_path(&at.path().end(), &Say::new(message).end());
    }

    /// Notes that a value is not what it should be. A value that could be content is told by its type only.
    #[inline(never)]
    pub(crate) fn wrong(&self, at: At<'_>, kind: Kind, value: &JsValue) {
        let got = if kind.is_shown() { shown(value) } else { host::type_name(value) };
        self.add_path(&at.path().end(), &Say::new("must be ").v(&kind.expected()).s(" (got ").v(&got).s(")").end());
    }

    /// Notes that a value is not what is `expected`.
    #[inline(never)]
    pub(crate) fn not(&self, at: At<'_>, expected: &'static str, value: &JsValue) {
        let message = Say::new("must be ").s(expected).s(" (got ").v(&host::type_name(value)).s(")");
        self.add_path(&at.path().end(), &message.end());
    }

    /// Notes that reading or encoding threw.
    #[inline(never)]
    pub(crate) fn threw(&self, at: At<'_>, doing: &'static str, error: &JsValue) {
        let message = Say::new("could not be ").s(doing).s(": ").v(&one_line(error));
        self.add_path(&at.path().end(), &message.end());
    }

    /// All faults in one sentence, after what they mean.
    pub(crate) fn sentence(&self, what: &'static str) -> JsString {
        let mut say = Say::new(what);
        let mut before = ": ";
        for issue in self.0.iter() {
            say = say.s(before).v(&host::field(&issue, Name::Path)).s(" ").v(&host::field(&issue, Name::Message));
            before = "; ";
        }
        say.s(".").end()
    }

    /// The faults as the caller gets them: `{path, message}` each.
    pub(crate) fn issues(&self) -> &JsValue {
        &self.0
    }
}

/// Numbers and the beginnings of strings as they are, the rest by type.
fn shown(value: &JsValue) -> JsString {
    if value.is_string() {
        return quoted(value.unchecked_ref());
    }
    if (value.as_f64().is_some() || value.as_bool().is_some())
        && let Ok(text) = host::to_text(value)
    {
        return text;
    }
    host::type_name(value)
}
