//! The check of a caller's values against the rules.

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use super::{Faults, Field, Kind, MOST_CONTENT, Presence, TOO_LONG};
use crate::platform::host::{self, Fields};
use crate::platform::names;
use crate::time::iso8601::{self, Instant};
use crate::transport::content;

/// Nobody reads more.
const MOST_FAULTS: usize = 100;

/// Checks each listed field of `source`. `before` is what stands before their names in paths, such as `limits.`.
pub(crate) fn check_fields(source: &Fields, before: &str, fields: &[Field], faults: &mut Faults) {
    for field in fields {
        let joined;
        let path = if before.is_empty() {
            field.name
        } else {
            joined = [before, field.name].concat();
            &joined
        };
        match source.get(field.name) {
            Err(error) => faults.threw(path, "read", &error),
            Ok(value) if value.is_undefined() => match field.presence {
                Presence::Optional | Presence::Or(_) | Presence::Nullable => {}
                Presence::Required => {
                    faults.add(path, ["is required: ", &expected(field.kind)].concat());
                }
                // A trap that throws here threw at the read above, too.
                Presence::Narrowing => {
                    if host::has_own(source, &names::js(field.name)).unwrap_or(false) {
                        faults.add(path, "is undefined: leave it out to delete without this limit, or give it a value");
                    }
                }
            },
            Ok(value) if value.is_null() && matches!(field.presence, Presence::Nullable) => {}
            Ok(value) => {
                check_value(path, field.kind, &value, faults);
                if let Kind::TimeFrom(start) = field.kind {
                    check_order(source, start, path, &value, faults);
                }
            }
        }
    }
}

/// Checks one value that was given.
pub(crate) fn check_value(path: &str, kind: Kind, value: &JsValue, faults: &mut Faults) {
    match kind {
        Kind::Text => {
            if text_length(value) == 0 {
                faults.wrong(path, &expected(kind), value);
            }
        }
        Kind::Id => check_id(path, value, faults),
        Kind::Time | Kind::TimeFrom(_) => {
            if instant(value).is_none() {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::Number => {
            if !value.as_f64().is_some_and(f64::is_finite) {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::Millis => {
            if !value.as_f64().is_some_and(|ms| ms > 0.0 && ms.is_finite()) {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::Integer(span) => {
            // NaN fails both comparisons.
            let fits = |n: f64| n >= span.least && n <= span.most && n.trunc() == n;
            if !value.as_f64().is_some_and(fits) {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::OneOf(known) => {
            if !known.iter().any(|name| names::is(value, name)) {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::Record => {
            if !host::is_record(value) {
                faults.wrong(path, &expected(kind), value);
            }
        }
        Kind::Texts => check_texts(path, value, faults),
        Kind::Flag => {
            if value.as_bool().is_none() {
                faults.wrong(path, &expected(kind), value);
            }
        }
        Kind::TimeOrEpoch => {
            if !value.as_f64().is_some_and(f64::is_finite) && instant(value).is_none() {
                faults.wrong_value(path, &expected(kind), value);
            }
        }
        Kind::Content => {
            if !content::is_source(value) {
                check_content(path, value, faults);
            }
        }
        Kind::Group(fields) => {
            if host::is_record(value) {
                check_fields(value.unchecked_ref(), &[path, "."].concat(), fields, faults);
            } else {
                faults.wrong(path, &expected(kind), value);
            }
        }
    }
}

/// Checks the text of a document.
pub(crate) fn check_content(path: &str, text: &JsValue, faults: &mut Faults) {
    if text_length(text) == 0 {
        faults.wrong(path, &expected(Kind::Content), text);
    } else if is_beyond(text.unchecked_ref(), MOST_CONTENT) {
        faults.add(path, TOO_LONG);
    }
}

/// True where `text` takes more than `most` bytes of UTF-8. It is counted by pieces, and only where its length leaves that open.
fn is_beyond(text: &JsString, most: usize) -> bool {
    const PIECE: u32 = 65_536;
    let length = text.length();
    if length as usize > most || length as usize <= most / 3 {
        return length as usize > most;
    }
    let (mut start, mut bytes) = (0, 0_usize);
    while start < length && bytes <= most {
        let mut end = length.min(start.saturating_add(PIECE));
        // A pair of surrogates stays together: it takes four bytes.
        if end < length && (0xD800..0xDC00).contains(&(text.char_code_at(end.saturating_sub(1)) as u32)) {
            end = end.saturating_sub(1);
        }
        bytes = bytes.saturating_add(String::from(text.slice(start, end)).len());
        start = end;
    }
    bytes > most
}

fn check_id(path: &str, value: &JsValue, faults: &mut Faults) {
    if text_length(value) == 0 {
        faults.wrong(path, &expected(Kind::Id), value);
    } else if [".", ".."].iter().any(|dots| names::is(value, dots)) {
        faults.add(path, "must not be \".\" or \"..\", which a URL resolves away");
    } else if let Err(error) = host::encode_component(value.unchecked_ref()) {
        faults.threw(path, "put into a URL", &error);
    }
}

fn check_texts(path: &str, value: &JsValue, faults: &mut Faults) {
    if !matches!(host::is_array(value), Ok(true)) {
        return faults.wrong(path, &expected(Kind::Texts), value);
    }
    let items: &Array = value.unchecked_ref();
    let items: &Fields = items.unchecked_ref();
    let length = items.get("length").ok().and_then(|n| n.as_f64()).unwrap_or(0.0);
    let mut place = 0.0;
    // An array of four billion holes would have as many faults.
    while place < length && faults.0.len() < MOST_FAULTS {
        let number = host::to_text(&JsValue::from_f64(place));
        let Ok(number) = number else { return };
        let at = [path, "[", &String::from(&number), "]"].concat();
        match items.get_dynamic(&number) {
            Err(error) => faults.threw(at, "read", &error),
            Ok(item) if text_length(&item) == 0 => faults.wrong(at, &expected(Kind::Text), &item),
            Ok(_) => {}
        }
        place += 1.0;
    }
}

/// The end of a span must not lie before its start. Times that are no times have been reported already.
fn check_order(source: &Fields, start: &'static str, path: &str, end: &JsValue, faults: &mut Faults) {
    let Ok(start_value) = source.get(start) else { return };
    if let (Some(from), Some(to)) = (instant(&start_value), instant(end))
        && from.is_after(&to)
    {
        faults.add(path, ["must not be earlier than ", start].concat());
    }
}

fn instant(value: &JsValue) -> Option<Instant> {
    // Longest sensible form: 2026-01-31T23:59:59.123456789+00:00. A longer string is not copied at all.
    let length = text_length(value);
    if length == 0 || length > 40 {
        return None;
    }
    value.as_string().as_deref().and_then(iso8601::parse)
}

/// The length of a string in UTF-16 units; 0 for what is no string.
fn text_length(value: &JsValue) -> u32 {
    if value.is_string() { value.unchecked_ref::<JsString>().length() } else { 0 }
}

fn expected(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Id => "a non-empty string".into(),
        Kind::Content => "a non-empty string, a Blob or a ReadableStream".into(),
        Kind::Time | Kind::TimeFrom(_) => "an ISO 8601 time such as 2026-01-31T12:00:00Z".into(),
        Kind::Number => "a finite number".into(),
        Kind::Millis => "a finite number of milliseconds above 0".into(),
        Kind::Integer(span) => span.said.into(),
        Kind::Record | Kind::Group(_) => "a plain object".into(),
        Kind::Flag => "true or false".into(),
        Kind::TimeOrEpoch => "an ISO 8601 time or a Unix timestamp".into(),
        Kind::Texts => "an array of non-empty strings".into(),
        Kind::OneOf(known) => {
            let mut text = String::from("one of ");
            for (place, name) in known.iter().enumerate() {
                text.push_str(if place == 0 { "\"" } else { ", \"" });
                text.push_str(name);
                text.push('"');
            }
            text
        }
    }
}
