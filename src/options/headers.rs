//! Headers that the caller adds: `defaultHeaders` of a client, `headers` of a call.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use crate::host::{AnyHeaders, Name, from_entries, get, is_object, is_record, one_line, own_names};
use crate::rules::{FieldPath, Issues};

#[wasm_bindgen(raw_module = "./headers.js")]
extern "C" {
    /// Names and values of the headers in a plain object, without those that are undefined. Undefined for any other value. Throws what a getter
    /// throws.
    #[wasm_bindgen(catch, js_name = headerPairs)]
    fn header_pairs(value: &JsValue) -> Result<Option<Array>, JsValue>;

    /// Throws where HTTP cannot carry a header of this name and value.
    #[wasm_bindgen(catch, js_name = checkHeader)]
    fn check_header(name: &JsValue, value: &JsValue) -> Result<(), JsValue>;
}

/// Headers that the client sets itself, and callers may not.
const RESERVED: [&str; 4] = ["authorization", "content-type", "accept", "content-length"];

/// Reads a Headers, an array of pairs or a plain object. Returns an object of names (in lower case) and values, checked once so that a call
/// only copies it.
pub(super) fn read(value: &JsValue, path: FieldPath<'_>, issues: &mut Issues) -> Option<Object> {
    if value.is_undefined() {
        return None;
    }
    // A getter that throws does so again below, and is reported there.
    let pairs = header_pairs(value).unwrap_or_default();
    if let Some(pairs) = &pairs {
        add_null_issues(pairs, path, issues);
    }
    let Some(headers) = headers_of(pairs.as_ref().map_or(value, AsRef::as_ref)) else {
        add_faulty_header(value, path, issues);
        return None;
    };
    for name in own_names(&headers).unwrap_or_default().iter() {
        let name = one_line(&name);
        if name == "__proto__" {
            // The object that a request's headers are copied to cannot carry it.
            add_issue(path, &name, "is not a header that can be given", issues);
        }
        if RESERVED.contains(&&*name) {
            add_issue(path, &name, "is set by the client itself and cannot be given", issues);
        }
    }
    Some(headers)
}

/// Adds `x-claiv-client`, the client's name and version, unless the caller has set a header of this name. `wanted` is the option
/// `clientHeader`. By default the header is not sent where there is a `location`: in browsers the server would have to allow it in its answer to
/// a preflight.
pub(super) fn add_client(headers: Option<Object>, wanted: Option<bool>) -> Option<Object> {
    if !wanted.unwrap_or_else(|| Name::Location.get(&js_sys::global()).is_undefined()) {
        return headers;
    }
    let headers = headers.unwrap_or_default();
    if Name::XClaivClient.get(&headers).is_undefined() {
        Name::XClaivClient.set(&headers, &concat!("claiv-memory/", env!("CARGO_PKG_VERSION")).into());
    }
    Some(headers)
}

/// Adds an issue of one header.
fn add_issue(path: FieldPath<'_>, name: &str, message: &str, issues: &mut Issues) {
    issues.add(FieldPath::named(&(path.join() + "."), name), &[message]);
}

/// Adds an issue for each header that is null: it would be sent as the text `null`.
fn add_null_issues(pairs: &Array, path: FieldPath<'_>, issues: &mut Issues) {
    for pair in pairs.iter() {
        let pair: Array = pair.unchecked_into();
        if pair.get(1).is_null() {
            add_issue(path, &one_line(&pair.get(0)), "is null: leave it out, or give it a value", issues);
        }
    }
}

/// The names and values that the host's Headers reads in `value`, as an object.
fn headers_of(value: &JsValue) -> Option<Object> {
    if !is_object(value) {
        return None;
    }
    from_entries(AnyHeaders::new(value).ok()?.as_ref()).ok()
}

/// Finds the faulty header and adds its issue. The message does not show values, which may be secrets.
#[cold]
fn add_faulty_header(value: &JsValue, path: FieldPath<'_>, issues: &mut Issues) {
    if is_record(value) {
        for name in own_names(value).unwrap_or_default().iter() {
            if get(value, &name).and_then(|content| check_header(&name, &content)).is_err() {
                let message = "is not a header that HTTP can carry: check its name and value";
                return add_issue(path, &one_line(&name), message, issues);
            }
        }
    }
    issues.add_expected(path, "an object of header names and values, a Headers, or an array of pairs", value);
}
