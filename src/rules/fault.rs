//! One thing that is wrong with what the caller gave, and the sentence that says so.

use wasm_bindgen::prelude::*;

use crate::platform::host;

/// Longest piece of a caller's value that a message shows, in characters.
const SHOWN: usize = 40;

/// One fault: where, and what would be right.
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) message: String,
}

/// The faults found so far.
#[derive(Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// Notes that what stands at `path` is wrong.
    pub(crate) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault { path: path.into(), message: message.into() });
    }

    /// Notes that `value` is not what was expected. Only its type is told: content stays out of messages.
    pub(crate) fn wrong(&mut self, path: impl Into<String>, expected: &str, value: &JsValue) {
        self.add(path, ["must be ", expected, " (got ", type_name(value), ")"].concat());
    }

    /// As [`Faults::wrong`], showing the value itself: for numbers, times and names of a closed set.
    pub(crate) fn wrong_value(&mut self, path: impl Into<String>, expected: &str, value: &JsValue) {
        self.add(path, ["must be ", expected, " (got ", &describe(value), ")"].concat());
    }

    /// Notes that reading or encoding `path` threw.
    pub(crate) fn threw(&mut self, path: impl Into<String>, doing: &str, error: &JsValue) {
        self.add(path, ["could not be ", doing, ": ", &one_line(error)].concat());
    }

    /// All faults in one sentence.
    pub(crate) fn sentence(&self) -> String {
        let mut text = String::new();
        for fault in &self.0 {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(&fault.path);
            text.push(' ');
            text.push_str(&fault.message);
        }
        text
    }
}

/// `typeof`, with null and arrays told apart.
pub(crate) fn type_name(value: &JsValue) -> &'static str {
    if value.is_undefined() {
        "undefined"
    } else if value.is_null() {
        "null"
    } else if value.is_string() {
        match value.unchecked_ref::<js_sys::JsString>().length() {
            0 => "an empty string",
            _ => "a string",
        }
    } else if value.as_f64().is_some() {
        "a number"
    } else if value.as_bool().is_some() {
        "a boolean"
    } else if value.is_function() {
        "a function"
    } else if value.is_symbol() {
        "a symbol"
    } else if value.is_bigint() {
        "a BigInt"
    } else if matches!(host::is_array(value), Ok(true)) {
        "an array"
    } else {
        "an object"
    }
}

/// A short rendering of a value: numbers and strings as they are, the rest by type.
pub(crate) fn describe(value: &JsValue) -> String {
    if value.is_string() {
        // Whatever its length, only the beginning is copied.
        let start = value.unchecked_ref::<js_sys::JsString>().slice(0, 100);
        return ["\"", &shorten(&String::from(start)), "\""].concat();
    }
    if (value.as_f64().is_some() || value.as_bool().is_some())
        && let Ok(text) = host::to_text(value)
    {
        return String::from(text);
    }
    type_name(value).into()
}

/// What was thrown, on one line: the first of its own.
pub(crate) fn one_line(error: &JsValue) -> String {
    match host::to_text(error) {
        Ok(text) => shorten_to(String::from(text.slice(0, 300)).lines().next().unwrap_or_default(), 200),
        Err(_) => type_name(error).into(),
    }
}

fn shorten(text: &str) -> String {
    shorten_to(text, SHOWN)
}

/// At most `most` characters of `text`, control characters as spaces.
pub(crate) fn shorten_to(text: &str, most: usize) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = text.chars().take(most).map(clean).collect();
    if text.chars().nth(most).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{Faults, shorten_to};

    #[test]
    fn a_long_value_is_cut_and_its_line_breaks_are_flattened() {
        assert_eq!(shorten_to("short", 5), "short");
        assert_eq!(shorten_to("a\nb\tc", 9), "a b c");
        assert_eq!(shorten_to("héllo wörld", 5), "héllo…");
    }

    #[test]
    fn all_faults_stand_in_one_sentence_with_their_paths() {
        let mut faults = Faults::default();
        faults.add("user_id", "is required");
        faults.add("limit", "must be a whole number");
        assert_eq!(faults.sentence(), "user_id is required; limit must be a whole number");
    }
}
