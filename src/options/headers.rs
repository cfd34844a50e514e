//! Headers that the caller adds: `defaultHeaders` of a client, `headers` of a call.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::host::{Name, get, is_object, is_record, one_line, own_names, set};
use crate::rules::{FieldPath, Issues};

/// What the client sets itself. Callers may not give these: requests would break.
const OWN: [&str; 4] = ["authorization", "content-type", "accept", "content-length"];

#[wasm_bindgen]
extern "C" {
    /// The host's Headers.
    #[wasm_bindgen(js_name = Headers)]
    type AnyHeaders;

    /// Throws for names and values that HTTP does not allow.
    #[wasm_bindgen(catch, constructor, js_class = "Headers")]
    fn new(init: &JsValue) -> Result<AnyHeaders, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    fn from_entries(pairs: &JsValue) -> Result<Object, JsValue>;
}

/// Reads a Headers, an array of pairs or a plain object. Gives an object of names (in lower case) and values, checked once so that
/// a call only copies it.
pub(super) fn read(value: &JsValue, path: FieldPath<'_>, issues: &mut Issues) -> Option<Object> {
    if value.is_undefined() {
        return None;
    }
    let value = &given_only(value, path, issues);
    let Some(headers) = headers_of(value) else {
        blame(value, path, issues);
        return None;
    };
    for name in own_names(&headers).unwrap_or_default().iter() {
        let name = one_line(&name);
        if name == PROTOTYPE {
            refuse_prototype(path, issues);
        }
        if OWN.contains(&&*name) {
            add_issue(path, &name, "is set by the client itself and cannot be given", issues);
        }
    }
    Some(headers)
}

/// Adds `x-claiv-client`, which tells the client's version. What the caller gave under this name stays. `wanted` is what the caller says of it;
/// by default it is not sent by who has a `location`: browsers, where it would need a preflight that allows it.
pub(super) fn add_client(headers: Option<Object>, wanted: Option<bool>) -> Option<Object> {
    if !wanted.unwrap_or_else(|| Name::Location.peek(&js_sys::global()).is_undefined()) {
        return headers;
    }
    let headers = headers.unwrap_or_default();
    if Name::XClaivClient.peek(&headers).is_undefined() {
        Name::XClaivClient.set(&headers, &concat!("claiv-memory/", env!("CARGO_PKG_VERSION")).into());
    }
    Some(headers)
}

/// An object cannot carry a header of this name.
const PROTOTYPE: &str = "__proto__";

fn refuse_prototype(path: FieldPath<'_>, issues: &mut Issues) {
    add_issue(path, PROTOTYPE, "is not a header that can be given", issues);
}

/// Adds an issue of one header.
fn add_issue(path: FieldPath<'_>, name: &str, message: &str, issues: &mut Issues) {
    issues.add(FieldPath::named(&(path.join() + "."), name), &[message]);
}

/// A plain object without what is undefined, which is left out. Null is an issue: HTTP has no such value, and it would be sent as the text `null`.
fn given_only(value: &JsValue, path: FieldPath<'_>, issues: &mut Issues) -> JsValue {
    if !is_plain(value) {
        return value.clone();
    }
    let given = Object::new();
    for name in own_names(value).unwrap_or_default().iter() {
        match get(value, &name) {
            Ok(content) if content.is_undefined() => {}
            _ if one_line(&name) == PROTOTYPE => refuse_prototype(path, issues),
            Ok(content) if content.is_null() => {
                add_issue(path, &one_line(&name), "is null: leave it out, or give it a value", issues);
            }
            // What cannot be read is told by whoever reads all of it.
            Err(_) => return value.clone(),
            Ok(content) => {
                // An object of our own takes every field.
                let _ = set(&given, &name, &content);
            }
        }
    }
    given.into()
}

/// True for an object that is read by its own fields, and not as a Headers or a list of pairs.
fn is_plain(value: &JsValue) -> bool {
    is_record(value) && js_sys::Reflect::has(value, &js_sys::Symbol::iterator()).is_ok_and(|iterable| !iterable)
}

/// What a Headers makes of `value`: an object of names and values.
fn headers_of(value: &JsValue) -> Option<Object> {
    if !is_object(value) {
        return None;
    }
    from_entries(AnyHeaders::new(value).ok()?.as_ref()).ok()
}

/// Finds which header is at fault. Values stay out of the message: they may be secrets.
#[cold]
fn blame(value: &JsValue, path: FieldPath<'_>, issues: &mut Issues) {
    if is_record(value) {
        for name in own_names(value).unwrap_or_default().iter() {
            let one = Object::new();
            let is_sound = get(value, &name)
                .and_then(|content| set(&one, &name, &content))
                .is_ok_and(|_| AnyHeaders::new(&one).is_ok());
            if !is_sound {
                let message = "is not a header that HTTP can carry: check its name and value";
                return add_issue(path, &one_line(&name), message, issues);
            }
        }
    }
    issues.expected(path, "an object of header names and values, a Headers, or an array of pairs", value);
}
