//! Sentences. They are put together by the host, so that numbers need no formatting here and foreign text is never copied.

use js_sys::{JsString, RegExp};
use wasm_bindgen::prelude::*;

use super::host;
use super::names::Name;

#[wasm_bindgen]
extern "C" {
    type Sentence;

    #[wasm_bindgen(method, js_name = concat)]
    fn and(this: &Sentence, more: &str) -> JsString;

    #[wasm_bindgen(method, js_name = concat)]
    fn and_value(this: &Sentence, more: &JsValue) -> JsString;

    #[wasm_bindgen(method, js_name = concat)]
    fn and_number(this: &Sentence, more: f64) -> JsString;

    #[wasm_bindgen(method)]
    fn replace(this: &Sentence, what: &RegExp, with: &str) -> JsString;
}

/// A sentence as far as it has been said. Each piece takes the sentence and gives the longer one.
pub(crate) struct Say(JsString);

impl Say {
    /// Begins with `text`.
    pub(crate) fn new(text: &'static str) -> Say {
        Say(Name::Empty.js().clone()).s(text)
    }

    /// Begins with a name.
    pub(crate) fn name(name: Name) -> Say {
        Say(name.js().clone())
    }

    /// Begins with a string.
    pub(crate) fn of(text: &JsString) -> Say {
        Say(text.clone())
    }

    /// Goes on with `text`.
    #[inline(never)]
    pub(crate) fn s(self, text: &'static str) -> Say {
        Say(self.0.unchecked_ref::<Sentence>().and(text))
    }

    /// Goes on with a string.
    #[inline(never)]
    pub(crate) fn v(self, text: &JsValue) -> Say {
        Say(self.0.unchecked_ref::<Sentence>().and_value(text))
    }

    /// Goes on with a number as JavaScript writes it.
    #[inline(never)]
    pub(crate) fn n(self, number: f64) -> Say {
        Say(self.0.unchecked_ref::<Sentence>().and_number(number))
    }

    /// The whole.
    pub(crate) fn end(self) -> JsString {
        self.0
    }
}

/// `text` with what `pattern` finds replaced.
#[inline(never)]
fn replace(text: &JsString, pattern: &str, flags: &str, with: &str) -> JsString {
    text.unchecked_ref::<Sentence>().replace(&RegExp::new(pattern, flags), with)
}

/// `text` without what `pattern` finds.
pub(crate) fn without(text: &JsString, pattern: &'static str) -> JsString {
    replace(text, pattern, "", "")
}

/// Text of somebody else's as it is shown: one line, 200 characters at most. Whatever the length, only the beginning is read.
pub(crate) fn one_line(value: &JsValue) -> JsString {
    match host::to_text(value) {
        Ok(text) => clean(&without(&text.slice(0, 300), "\\n[^]*"), "^([^]{200})[^]+"),
        Err(_) => host::type_name(value),
    }
}

/// The beginning of a text of the caller's, in quotes.
pub(crate) fn quoted(text: &JsString) -> JsString {
    Say::new("\"").v(&clean(&text.slice(0, 100), "^([^]{40})[^]+")).s("\"").end()
}

/// Cuts what `long` finds down to its first group, and makes spaces of control characters.
fn clean(text: &JsString, long: &str) -> JsString {
    replace(&replace(text, long, "u", "$1…"), "\\p{Cc}", "gu", " ")
}
