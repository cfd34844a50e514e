//! The address of a request: its path with ids, and its query.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::endpoint::{Endpoint, Payload};
use crate::host::{concat, encode_component, get, is_record, one_line, own_names};
use crate::rules::{FieldPath, Issues, Kind, Presence, check_value};

/// The address of a request.
#[derive(Default)]
pub(crate) struct Address {
    /// As sent, ids percent-encoded, without the query.
    pub(crate) path: String,
    /// The whole URL.
    pub(crate) url: JsString,
}

impl Address {
    /// Makes the address of a call. The query has the positional argument first, then the known fields in the order of the contract, then
    /// any other fields of the payload.
    pub(crate) fn new(
        base: &str,
        path: String,
        endpoint: &Endpoint,
        query_arg: Option<&JsValue>,
        payload: &JsValue,
        issues: &mut Issues,
    ) -> Address {
        let mut query = Query(String::new());
        if let Some(arg) = &endpoint.query_arg
            && let Some(value) = query_arg
        {
            query.push(&arg.field.text(), value, arg.default, issues);
        }
        if endpoint.payload == Payload::Query {
            query.push_payload(endpoint, payload, issues);
        }
        let url = concat(&[base, &path, &query.0]).as_str().into();
        Address { path, url }
    }
}

/// The path of a call, with its ids checked and encoded. Takes a value for each id from the positional arguments, and leaves the rest in `values`.
pub(crate) fn write_path<'a>(
    endpoint: &Endpoint,
    values: &mut impl Iterator<Item = &'a JsValue>,
    issues: &mut Issues,
) -> String {
    let mut path = String::new();
    for (literal, id) in endpoint.pieces() {
        path.push_str(literal);
        if let Some(name) = id
            && let Some(value) = values.next()
        {
            check_value(FieldPath::text(name), Kind::Id, value, issues);
            // What is no string has an issue by now; encoding would call its `toString`.
            if value.is_string() {
                path.push_str(&encoded(FieldPath::text(name), value, issues));
            }
        }
    }
    path
}

/// A query string, with its question mark.
struct Query(String);

impl Query {
    fn push_payload(&mut self, endpoint: &Endpoint, payload: &JsValue, issues: &mut Issues) {
        let is_record = is_record(payload);
        for field in endpoint.fields {
            let default = if let Presence::Default(default) = field.presence { Some(default) } else { None };
            let value = if is_record { field.name.try_get(payload) } else { Ok(JsValue::UNDEFINED) };
            match value {
                Ok(value) => self.push(&field.name.text(), &value, default, issues),
                Err(error) => issues.add_exception(FieldPath::of(field.name), "read", &error),
            }
        }
        if !is_record {
            return;
        }
        let names = match own_names(payload) {
            Ok(names) => names,
            Err(error) => return issues.add_exception(FieldPath::text("request"), "read", &error),
        };
        for name in names.iter() {
            if endpoint.fields.iter().any(|field| field.name.is(&name)) {
                continue;
            }
            match get(payload, &name) {
                Ok(value) if value.is_undefined() => {}
                Ok(value) => {
                    let path = one_line(&name);
                    let name = encoded(FieldPath::text(&path), &name, issues);
                    self.push_encoded(&name, &encoded(FieldPath::text(&path), &value, issues));
                }
                Err(error) => issues.add_exception(FieldPath::text(&one_line(&name)), "read", &error),
            }
        }
    }

    /// Appends a known field, percent-encoded; nothing where there is neither a value nor a default.
    fn push(&mut self, name: &str, value: &JsValue, default: Option<&str>, issues: &mut Issues) {
        if !value.is_undefined() {
            self.push_encoded(name, &encoded(FieldPath::text(name), value, issues));
        } else if let Some(default) = default {
            self.push_encoded(name, default);
        }
    }

    fn push_encoded(&mut self, name: &str, value: &str) {
        let before = if self.0.is_empty() { "?" } else { "&" };
        for piece in [before, name, "=", value] {
            self.0.push_str(piece);
        }
    }
}

/// A value as it stands in a URL.
#[inline(never)]
fn encoded(path: FieldPath<'_>, value: &JsValue, issues: &mut Issues) -> String {
    encode_component(value).unwrap_or_else(|error| {
        issues.add_exception(path, "put into a URL", &error);
        String::new()
    })
}
