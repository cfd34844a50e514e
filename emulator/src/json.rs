//! Parses and writes JSON, with lone surrogates kept.
//!
//! `JSON.stringify` writes a lone surrogate as `\udXXX`, which no Rust `String` can represent. While a text is parsed, such an escape is
//! encoded as two characters: [`MARK`] and one of the last 2,048 code points of plane 16. When it is written, it becomes the same escape
//! again. A `MARK` that the text itself contains is doubled, so every string is restored exactly.

use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// The first of the two characters that encode a lone surrogate: a private-use character.
pub const MARK: char = '\u{10F7FF}';

/// The first UTF-8 byte of all characters of plane 16, `MARK` among them.
const PLANE_16_BYTE: u8 = 0xF4;

/// The second character that encodes the surrogate U+D800; those up to U+DFFF follow, to U+10FFFF.
const FIRST_ENCODED: u32 = 0x10_F800;
const FIRST_SURROGATE: u32 = 0xD800;
const SURROGATES: u32 = 0x800;

/// Parses JSON text (RFC 8259).
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(&encode_surrogates(text)).map_err(|error| error.to_string())
}

/// Writes a JSON value on one line.
pub fn to_text(value: &Value) -> String {
    decode_surrogates(value.to_string())
}

/// Writes a value as JSON on one line. The types that are written here can always be serialised; an error would give an empty text.
pub fn write(value: &impl Serialize) -> String {
    decode_surrogates(serde_json::to_string(value).unwrap_or_default())
}

/// The number as an integer, if it is one of at most 2⁵³ − 1 in size.
pub fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    exact.then_some(number as i64)
}

/// A number as JavaScript writes it: integers without a fraction.
pub fn number(number: f64) -> Value {
    match whole(number) {
        Some(whole) => Value::from(whole),
        None => Value::from(number),
    }
}

/// Encodes text that is not JSON, for instance of a query, as [`parse`] encodes strings: doubles each `MARK`.
pub fn encode_plain(text: String) -> String {
    if text.contains(MARK) { text.replace(MARK, &format!("{MARK}{MARK}")) } else { text }
}

/// A JSON text with lone surrogates encoded, which serde_json can parse.
pub fn encode_surrogates(text: &str) -> Cow<'_, str> {
    if !may_need_encoding(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find(['\\', MARK]).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        rest = encode_escape(from, &mut out);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a text may contain escapes of surrogates or a `MARK`. Fast, as states of hundreds of megabytes are examined.
pub fn may_need_encoding(text: &str) -> bool {
    let mut escape = false;
    text.bytes().any(|byte| {
        let found = (escape && byte == b'u') || byte == PLANE_16_BYTE;
        escape = byte == b'\\';
        found
    })
}

/// Appends the `MARK` or the escape at the start of `from` in its encoded form, and returns the rest.
fn encode_escape<'a>(from: &'a str, out: &mut String) -> &'a str {
    let mut chars = from.chars();
    let first = chars.next();
    if first == Some(MARK) {
        out.extend([MARK, MARK]);
        return chars.as_str();
    }
    let Some((unit, after)) = unicode_escape(from) else {
        // Another escape: both of its characters, so that an escaped backslash does not count as the start of the next escape.
        out.extend(first);
        out.extend(chars.next());
        return chars.as_str();
    };
    let low = unicode_escape(after).filter(|(low, _)| (0xDC00..=0xDFFF).contains(low));
    match (unit, low) {
        (0xD800..=0xDBFF, Some((low, after))) => {
            let pair = char::decode_utf16([unit, low]).next().and_then(Result::ok);
            match pair {
                Some(MARK) => out.extend([MARK, MARK]),
                Some(char) => out.push(char),
                None => {}
            }
            after
        }
        (0xD800..=0xDFFF, _) => {
            let code = u32::from(unit).saturating_sub(FIRST_SURROGATE).saturating_add(FIRST_ENCODED);
            out.push(MARK);
            out.extend(char::from_u32(code));
            after
        }
        _ => {
            out.push_str(from.get(..6).unwrap_or_default());
            after
        }
    }
}

/// Parses `\uXXXX` at the start of the text.
fn unicode_escape(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

/// Turns encoded surrogates in JSON text into escapes again.
fn decode_surrogates(text: String) -> String {
    if !text.contains(MARK) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char != MARK {
            out.push(char);
            continue;
        }
        let encoded = chars.peek().and_then(|next| decode_surrogate(*next));
        match encoded {
            Some(unit) => {
                out.push_str(&format!("\\u{unit:04x}"));
                chars.next();
            }
            None => {
                out.push(MARK);
                chars.next_if_eq(&MARK);
            }
        }
    }
    out
}

/// The surrogate that this character encodes, if it encodes one.
fn decode_surrogate(encoded: char) -> Option<u32> {
    let offset = u32::from(encoded).checked_sub(FIRST_ENCODED)?;
    (offset < SURROGATES).then(|| offset.saturating_add(FIRST_SURROGATE))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn strings_are_restored_exactly() {
        let mark = MARK.to_string();
        for (text, same) in [
            (r#""plain""#.to_string(), None),
            (r#""\ud800""#.into(), None),
            (r#""\udfff\ud800 x""#.into(), None),
            (r#""a\ud83d""#.into(), None),
            (r#""\ud83d\ud83d\ude00""#.into(), Some("\"\\ud83d😀\"".to_string())),
            (r#""\\ud800""#.into(), None),
            (r#""\\\ud800""#.into(), None),
            (r#""\u0000\u001f""#.into(), None),
            (format!("\"{mark}\""), None),
            (format!("\"{mark}{mark}\""), None),
            (format!("\"{mark}\u{10F800}\""), None),
            (format!("\"{mark}\\ud801\""), None),
            (r#""\udbfd\udfff""#.into(), Some(format!("\"{mark}\""))),
            (
                r#"{"\udead":"\uD9AB","k":[1,1.5,-0.1,1e21]}"#.into(),
                Some(r#"{"\udead":"\ud9ab","k":[1,1.5,-0.1,1e+21]}"#.into()),
            ),
            ("\"שלום 🧠\"".into(), None),
        ] {
            let value = parse(&text).unwrap();
            assert_eq!(to_text(&value), same.unwrap_or_else(|| text.clone()), "{text}");
        }
    }

    #[test]
    fn different_strings_stay_different() {
        let texts = [
            r#""\ud800""#.to_string(),
            format!("\"{MARK}\""),
            format!("\"{MARK}\u{10F800}\""),
            "\"\u{10F800}\"".into(),
        ];
        let values: Vec<Value> = texts.iter().map(|text| parse(text).unwrap()).collect();
        for (at, value) in values.iter().enumerate() {
            assert_eq!(values.iter().filter(|other| *other == value).count(), 1, "{}", texts.get(at).unwrap());
        }
    }

    #[test]
    fn text_that_is_not_json_is_refused() {
        for text in ["", "{", "nul", r#""\u12""#, r#""\uzzzz""#, r#""\u+123""#, "\"a\nb\"", "1 2", "\\ud800", "[1,]"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
