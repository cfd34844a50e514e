//! Headers that the caller adds: `defaultHeaders` of a client, `headers` of a call.

use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::{Fields, Val};
use crate::rules::{At, Faults};

/// What the client itself sets; a second opinion would only break requests.
const OWN: [Name; 4] = [Name::Authorization, Name::ContentType, Name::Accept, Name::ContentLength];

/// Reads a Headers, an array of pairs or a plain object. Gives an object of names (in lower case) and values, checked once so that
/// a call only copies it; undefined where there are none.
pub(super) fn read(value: Val, at: At, faults: &Faults) -> Val {
    if value.is_none() {
        return Val::UNDEFINED;
    }
    let pairs = match host::headers(value) {
        Ok(headers) if host::is_object(value) => host::array_from(headers).ok(),
        _ => None,
    };
    let Some(pairs) = pairs else {
        blame(value, at, faults);
        return Val::UNDEFINED;
    };
    let extra = Fields::empty();
    for pair in pairs.iter() {
        let pair = pair.list();
        let name = pair.get(0);
        if OWN.iter().any(|own| own.is(name)) {
            faults.add(At(at.path().s(".").end(), name), "is set by the client itself and cannot be given");
        }
        extra.set_dynamic(name, pair.get(1));
    }
    *extra
}

/// Finds which header is at fault. Values stay out of the message: they may be secrets.
#[cold]
fn blame(value: Val, at: At, faults: &Faults) {
    if host::is_record(value) {
        for name in host::own_names(value).unwrap_or_default().iter() {
            let one = Fields::empty();
            let content = value.fields().get_dynamic(name);
            let is_sound = content.and_then(|content| {
                one.set_dynamic(name, content);
                host::headers(*one)
            });
            if is_sound.is_err() {
                let before = at.path().s(".").end();
                return faults.add(At(before, name), "is not a header that HTTP can carry: check its name and value");
            }
        }
    }
    faults.not(at, "an object of header names and values, a Headers, or an array of pairs", value);
}
