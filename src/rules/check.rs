//! The check of a caller's values against the rules.

use wasm_bindgen::prelude::*;

use super::{Field, FieldPath, Issues, Kind, Presence, check_content, is_source};
use crate::host::{Name, concat, get, is_array, is_record, number_text, short_text, text_length};
use crate::time::iso8601::{self, Instant};

/// The most issues of one array.
const MAX_ISSUES: usize = 100;
/// The longest sensible time, `2026-01-31T23:59:59.123456789+00:00`, has 35 characters. A longer string is not read at all.
const MAX_TIME_LENGTH: u32 = 40;

/// Checks these fields of `source`, and returns how many of them have a value. `parent` is what comes before their names in paths, such as
/// `limits.`.
#[inline(never)]
pub(crate) fn check_fields(source: &JsValue, parent: &str, fields: &[Field], issues: &mut Issues) -> u32 {
    let mut count = 0u32;
    for field in fields {
        count = count.wrapping_add(u32::from(!read_field(source, parent, field, issues).is_undefined()));
    }
    count
}

/// Reads one field, once, checks it, and returns its value: undefined where there is none or it cannot be read.
#[inline(never)]
pub(crate) fn read_field(source: &JsValue, parent: &str, field: &Field, issues: &mut Issues) -> JsValue {
    let path = FieldPath::within(parent, field.name);
    let value = match field.name.try_get(source) {
        Ok(value) => value,
        Err(error) => {
            issues.add_exception(path, "read", &error);
            return JsValue::UNDEFINED;
        }
    };
    if value.is_undefined() {
        match field.presence {
            Presence::Required => issues.add(path, &["is required: ", &field.kind.expected()]),
            Presence::Narrowing if field.name.is_own(source) => {
                issues.add(path, &["is undefined: leave it out to delete without this limit, or give it a value"]);
            }
            _ => {}
        }
    } else if field.presence != Presence::Nullable || !value.is_null() {
        check_value(path, field.kind, &value, issues);
        if let Kind::TimeFrom(start) = field.kind
            && let (Some(from), Some(to)) = (instant(&start.get(source)), instant(&value))
            && from.is_after(&to)
        {
            // Only for two valid times: the others have an issue already.
            issues.add(path, &["must not be earlier than ", &start.text()]);
        }
    }
    value
}

/// Checks one value that is not undefined.
#[inline(never)]
pub(crate) fn check_value(path: FieldPath<'_>, kind: Kind, value: &JsValue, issues: &mut Issues) {
    let fits = match kind {
        Kind::Text => text_length(value) > 0,
        Kind::Id => {
            if text_length(value) > 0 {
                return check_id(path, value, issues);
            }
            false
        }
        Kind::Time | Kind::TimeFrom(_) => instant(value).is_some(),
        Kind::TimeOrEpoch => number(value).is_finite() || instant(value).is_some(),
        Kind::Number => number(value).is_finite(),
        Kind::Millis => number(value) > 0.0 && number(value).is_finite(),
        Kind::OneOf(members) => members.iter().any(|name| name.is(value)),
        Kind::Record => is_record(value),
        Kind::Group(fields) => {
            let fits = is_record(value);
            if fits {
                check_fields(value, &(path.join() + "."), fields, issues);
            }
            fits
        }
        Kind::Texts => {
            let fits = is_array(value);
            if fits {
                check_texts(path, value, issues);
            }
            fits
        }
        Kind::Flag => value.as_bool().is_some(),
        Kind::Content => {
            if !is_source(value) {
                check_content(path, value, issues);
            }
            true
        }
        Kind::Function => value.is_function(),
        Kind::Signal => is_signal(value),
        // NaN fails both comparisons.
        _ => kind.span().is_none_or(|(least, most)| {
            let number = number(value);
            number >= least && number <= most && number.trunc() == number
        }),
    };
    if !fits {
        issues.add_wrong_kind(path, kind, value);
    }
}

/// A number; NaN for any other value.
#[inline(never)]
fn number(value: &JsValue) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn check_id(path: FieldPath<'_>, value: &JsValue, issues: &mut Issues) {
    // What cannot be encoded is found when it is put into the path (`address.rs`).
    if matches!(&*short_text(value), "." | "..") {
        issues.add(path, &["must not be \".\" or \"..\", which a URL resolves away"]);
    }
}

fn check_texts(path: FieldPath<'_>, items: &JsValue, issues: &mut Issues) {
    let length = Name::Length.get(items).as_f64().unwrap_or_default();
    let mut place = 0.0;
    // An array of four billion holes would have as many issues.
    while place < length && issues.count() < MAX_ISSUES {
        let item = get(items, &JsValue::from_f64(place));
        if !item.as_ref().is_ok_and(|item| text_length(item) > 0) {
            let name = concat(&[&path.join(), "[", &number_text(place), "]"]);
            match item {
                Err(error) => issues.add_exception(FieldPath::text(&name), "read", &error),
                Ok(item) => issues.add_wrong_kind(FieldPath::text(&name), Kind::Text, &item),
            }
        }
        place += 1.0;
    }
}

/// True for an AbortSignal of any realm or polyfill.
fn is_signal(value: &JsValue) -> bool {
    value.is_object() && Name::Aborted.get(value).as_bool().is_some() && Name::AddEventListener.get(value).is_function()
}

fn instant(value: &JsValue) -> Option<Instant> {
    if !(1..=MAX_TIME_LENGTH).contains(&text_length(value)) {
        return None;
    }
    iso8601::parse(short_text(value).as_bytes())
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
