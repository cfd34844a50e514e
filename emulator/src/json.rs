//! JSON in and out, without losing what JavaScript strings can hold and Rust strings cannot.
//!
//! `JSON.stringify` writes a lone surrogate as `\udXXX`, which no Rust `String` can represent. Such an escape
//! is carried as two characters: [`MARK`] and one of the last 2,048 code points of plane 16, and becomes the same
//! escape on the way out. A genuine `MARK` in the text is doubled, so the mapping loses nothing.

use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// Announces a carried surrogate; a private-use character, doubled where the text itself contains it.
pub const MARK: char = '\u{10F7FF}';

/// The first byte of all characters of plane 16, `MARK` among them.
const MARK_START: u8 = 0xF4;

/// Where the surrogates U+D800 to U+DFFF are carried: U+10F800 to U+10FFFF.
const CARRIED: u32 = 0x10_F800;
const FIRST_SURROGATE: u32 = 0xD800;
const SURROGATES: u32 = 0x800;

/// Parses JSON text (RFC 8259).
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(&carry(text)).map_err(|error| error.to_string())
}

/// Writes JSON text on one line.
pub fn to_text(value: &Value) -> String {
    release(value.to_string())
}

/// Writes anything as JSON text on one line. Nothing that is kept can fail to be written.
pub fn write(value: &impl Serialize) -> String {
    release(serde_json::to_string(value).unwrap_or_default())
}

/// The whole number a double stands for, as far as doubles tell them apart.
pub fn whole(number: f64) -> Option<i64> {
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    exact.then_some(number as i64)
}

/// A number as JavaScript would write it: whole ones without a fraction.
pub fn number(number: f64) -> Value {
    match whole(number) {
        Some(whole) => Value::from(whole),
        None => Value::from(number),
    }
}

/// Plain text, for instance of a query, in the form in which [`parse`] yields strings.
pub fn carry_plain(text: String) -> String {
    if text.contains(MARK) { text.replace(MARK, &format!("{MARK}{MARK}")) } else { text }
}

/// A JSON text in which lone surrogates are carried, as serde_json can read it.
pub fn carry(text: &str) -> Cow<'_, str> {
    if !is_carried(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find(['\\', MARK]).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        rest = carry_one(from, &mut out);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a text may have escapes of surrogates or a `MARK`. A state of hundreds of megabytes is looked through for them.
pub fn is_carried(text: &str) -> bool {
    let mut escape = false;
    text.bytes().any(|byte| {
        let found = (escape && byte == b'u') || byte == MARK_START;
        escape = byte == b'\\';
        found
    })
}

/// Copies what starts `from` (a `MARK` or an escape) in its carried form, and yields what follows it.
fn carry_one<'a>(from: &'a str, out: &mut String) -> &'a str {
    let mut chars = from.chars();
    let first = chars.next();
    if first == Some(MARK) {
        out.extend([MARK, MARK]);
        return chars.as_str();
    }
    let Some((unit, after)) = unicode_escape(from) else {
        // Any other escape: both characters, so that an escaped backslash does not start the next one.
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
            let code = u32::from(unit).saturating_sub(FIRST_SURROGATE).saturating_add(CARRIED);
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

/// Reads `\uXXXX` at the start of the text.
fn unicode_escape(text: &str) -> Option<(u16, &str)> {
    let (digits, after) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

fn release(text: String) -> String {
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
        let carried = chars.peek().and_then(|next| surrogate(*next));
        match carried {
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

fn surrogate(carried: char) -> Option<u32> {
    let offset = u32::from(carried).checked_sub(CARRIED)?;
    (offset < SURROGATES).then(|| offset.saturating_add(FIRST_SURROGATE))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn strings_come_back_as_they_went_in() {
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
    fn broken_text_is_refused() {
        for text in ["", "{", "nul", r#""\u12""#, r#""\uzzzz""#, r#""\u+123""#, "\"a\nb\"", "1 2", "\\ud800", "[1,]"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
