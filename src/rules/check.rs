//! The check of a caller's values against the rules.

use super::{At, Faults, Field, Kind, Presence, check_content, is_source};
use crate::platform::host::{self, ascii, text_length};
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::is_signal;
use crate::platform::value::{Fields, Val};
use crate::time::iso8601::{self, Instant};

/// Nobody reads more.
const MOST_FAULTS: u32 = 100;

/// Checks each listed field of `source`. `before` is what stands before their names in paths, such as `limits.`.
#[inline(never)]
pub(crate) fn check_fields(source: Fields, before: Val, fields: &[Field], faults: &Faults) {
    for field in fields {
        check_field(source, before, field, faults);
    }
}

/// Checks one field, and gives its value. It is read once.
#[inline(never)]
pub(crate) fn check_field(source: Fields, before: Val, field: &Field, faults: &Faults) -> Val {
    let at = At(before, field.name.js());
    let value = match source.get(field.name) {
        Ok(value) => value,
        Err(error) => {
            faults.threw(at, "read", error);
            return Val::UNDEFINED;
        }
    };
    if value.is_none() {
        if field.presence == Presence::Required {
            faults.say(at, Say::new("is required: ").v(field.kind.expected()));
        }
        if field.presence == Presence::Narrowing && host::is_enumerable(*source, at.1) {
            faults.add(at, "is undefined: leave it out to delete without this limit, or give it a value");
        }
    } else if field.presence != Presence::Nullable || !value.is_null() {
        check_value(at, field.kind, value, faults);
        if let Kind::TimeFrom(start) = field.kind
            && let (Some(from), Some(to)) = (instant(source.peek(start)), instant(value))
            && from.is_after(&to)
        {
            // Times that are no times have been reported already.
            faults.say(at, Say::new("must not be earlier than ").v(start.js()));
        }
    }
    value
}

/// Checks one value that was given.
#[inline(never)]
pub(crate) fn check_value(at: At, kind: Kind, value: Val, faults: &Faults) {
    let number = || value.as_f64().unwrap_or(f64::NAN);
    let fits = match kind {
        Kind::Text => text_length(value) > 0,
        Kind::Id => {
            if text_length(value) > 0 {
                return check_id(at, value, faults);
            }
            false
        }
        Kind::Time | Kind::TimeFrom(_) => instant(value).is_some(),
        Kind::TimeOrEpoch => number().is_finite() || instant(value).is_some(),
        Kind::Number => number().is_finite(),
        Kind::Millis => {
            let ms = number();
            ms > 0.0 && ms.is_finite()
        }
        Kind::OneOf(set) => set.members().iter().any(|name| name.is(value)),
        Kind::Record => host::is_record(value),
        Kind::Group(shape) => {
            let fits = host::is_record(value);
            if fits {
                check_fields(value.fields(), at.path().s(".").end(), shape.fields(), faults);
            }
            fits
        }
        Kind::Texts => {
            let fits = host::is_array(value);
            if fits {
                check_texts(at, value.fields(), faults);
            }
            fits
        }
        Kind::Flag => value.as_bool().is_some(),
        Kind::Content => {
            if !is_source(value) {
                check_content(at, value, faults);
            }
            true
        }
        Kind::Function => value.is_function(),
        Kind::Signal => is_signal(value),
        // NaN fails both comparisons.
        _ => kind.span().is_none_or(|(least, most)| {
            let number = number();
            number >= least && number <= most && number.trunc() == number
        }),
    };
    if !fits {
        faults.wrong(at, kind, value);
    }
}

fn check_id(at: At, value: Val, faults: &Faults) {
    if matches!(ascii(value, &mut [0; 64]), b"." | b"..") {
        faults.add(at, "must not be \".\" or \"..\", which a URL resolves away");
    } else if let Err(error) = host::encode_component(value) {
        faults.threw(at, "put into a URL", error);
    }
}

fn check_texts(at: At, items: Fields, faults: &Faults) {
    let length = items.peek(Name::Length).as_f64().unwrap_or(0.0);
    let mut place = 0.0;
    // An array of four billion holes would have as many faults.
    while place < length && faults.count() < MOST_FAULTS {
        let item = items.at(place);
        if !item.is_ok_and(|item| text_length(item) > 0) {
            let at = At(Name::Empty.js(), at.path().s("[").n(place).s("]").end());
            match item {
                Err(error) => faults.threw(at, "read", error),
                Ok(item) => faults.wrong(at, Kind::Text, item),
            }
        }
        place += 1.0;
    }
}

fn instant(value: Val) -> Option<Instant> {
    // Longest sensible form: 2026-01-31T23:59:59.123456789+00:00. A longer string is not read at all.
    let length = text_length(value);
    if length == 0 || length > 40 {
        return None;
    }
    iso8601::parse(ascii(value, &mut [0; 64]))
}
