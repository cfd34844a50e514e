//! Sentences. They are put together by the host, so that numbers need no formatting here and foreign text is never copied.

use wasm_bindgen::prelude::*;

use super::host;
use super::names::Name;
use super::value::{Text, Val};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(method, js_name = concat)]
    fn and(this: &Text, more: &str) -> Val;

    #[wasm_bindgen(method, js_name = concat)]
    fn and_value(this: &Text, more: &Val) -> Val;

    #[wasm_bindgen(method, js_name = concat)]
    fn and_number(this: &Text, more: f64) -> Val;

    #[wasm_bindgen(method, js_name = replace)]
    fn replace(this: &Text, what: &Val, with: &str) -> Val;

    #[wasm_bindgen(constructor, js_class = "RegExp")]
    fn pattern(source: &str, flags: &str) -> Val;
}

/// A sentence as far as it has been said. Each piece takes the sentence and gives the longer one.
#[derive(Clone, Copy)]
pub(crate) struct Say(Val);

impl Say {
    /// Begins with `text`.
    #[inline(never)]
    pub(crate) fn new(text: &'static str) -> Say {
        Say::name(Name::Empty).s(text)
    }

    /// Begins with a name.
    pub(crate) fn name(name: Name) -> Say {
        Say::of(name.js())
    }

    /// Begins with a string.
    pub(crate) fn of(text: Val) -> Say {
        Say(text)
    }

    /// Goes on with `text`.
    #[inline(never)]
    pub(crate) fn s(self, text: &'static str) -> Say {
        Say(self.0.text().and(text))
    }

    /// Goes on with a string.
    #[inline(never)]
    pub(crate) fn v(self, text: Val) -> Say {
        Say(self.0.text().and_value(&text))
    }

    /// Goes on with a number as JavaScript writes it.
    #[inline(never)]
    pub(crate) fn n(self, number: f64) -> Say {
        Say(self.0.text().and_number(number))
    }

    /// The whole.
    pub(crate) fn end(self) -> Val {
        self.0
    }
}

/// `text` with what `pattern` finds replaced.
#[inline(never)]
fn replace(text: Val, pattern: &str, flags: &str, with: &str) -> Val {
    text.text().replace(&Val::pattern(pattern, flags), with)
}

/// `text` without what `pattern` finds.
pub(crate) fn without(text: Val, pattern: &'static str) -> Val {
    replace(text, pattern, "", "")
}

/// Text of somebody else's as it is shown: one line, 200 characters at most. Whatever the length, only the beginning is read.
#[inline(never)]
pub(crate) fn one_line(value: Val) -> Val {
    match host::to_text(value) {
        Ok(text) => clean(without(text.text().slice(0, 300), "\\n[^]*"), "^([^]{200})[^]+"),
        Err(_) => host::type_name(value),
    }
}

/// The beginning of a text of the caller's, in quotes.
pub(crate) fn quoted(text: Val) -> Val {
    Say::new("\"").v(clean(text.text().slice(0, 100), "^([^]{40})[^]+")).s("\"").end()
}

/// Cuts what `long` finds down to its first group, and makes spaces of control characters.
fn clean(text: Val, long: &str) -> Val {
    replace(replace(text, long, "u", "$1…"), "\\p{Cc}", "gu", " ")
}
