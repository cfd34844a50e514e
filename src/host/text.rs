//! Texts of messages. Foreign text in them is short, on one line and without control characters.

use wasm_bindgen::prelude::*;

use super::{Name, beginning, string_of, type_name};

/// The most characters that a message shows of a foreign text.
const MAX_LINE_LENGTH: usize = 200;
/// The most characters that a message shows of a value that is wrong.
const MAX_VALUE_LENGTH: usize = 40;

/// Joins the pieces of a text.
#[inline(never)]
pub(crate) fn concat(pieces: &[&str]) -> String {
    pieces.concat()
}

/// The first line of `String(value)`. However long that is, only the beginning is copied.
#[inline(never)]
pub(crate) fn one_line(value: &JsValue) -> String {
    match string_of(value) {
        Ok(text) => first_line(&beginning(&text, 300)),
        Err(_) => type_name(value),
    }
}

/// A value that is wrong, as a message shows it: numbers and flags as they are, the beginning of a string in quotes, the rest by type.
pub(crate) fn shown(value: &JsValue) -> String {
    if value.is_string() && super::text_length(value) > 0 {
        return concat(&["\"", &shortened(&beginning(value, 100), MAX_VALUE_LENGTH), "\""]);
    }
    if value.as_f64().is_some() || value.as_bool().is_some() { one_line(value) } else { type_name(value) }
}

/// Names in a sentence, each between these quotes: `timeout, signal`.
pub(crate) fn join_names(names: &[Name], quote: &str) -> String {
    let mut text = String::new();
    let mut separator = "";
    for name in names {
        for piece in [separator, quote, &name.text(), quote] {
            text.push_str(piece);
        }
        separator = ", ";
    }
    text
}

fn first_line(text: &str) -> String {
    let end = text.bytes().position(|byte| byte == b'\n').unwrap_or(text.len());
    shortened(text.get(..end).unwrap_or_default(), MAX_LINE_LENGTH)
}

/// At most `most` characters, with a mark where there were more, and spaces in place of control characters.
fn shortened(text: &str, most: usize) -> String {
    let mut short = String::new();
    for (place, character) in text.chars().enumerate() {
        if place == most {
            short.push('…');
            break;
        }
        short.push(if matches!(character, '\0'..='\x1f' | '\x7f'..='\u{9f}') { ' ' } else { character });
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{first_line, shortened};

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(first_line("as it is"), "as it is");
        assert_eq!(first_line("first\nsecond"), "first");
        assert_eq!(first_line("a\tb\u{7f}c\u{85}d"), "a b c d");
    }

    #[test]
    fn a_line_is_short() {
        let exact = "x".repeat(200);
        assert_eq!(first_line(&exact), exact);
        assert_eq!(first_line(&"é".repeat(201)), "é".repeat(200) + "…");
        assert_eq!(shortened("", 3), "");
        assert_eq!(shortened("abcd", 3), "abc…");
    }
}
