//! The API key. It is held where no inspection reaches it: in wasm's memory, never as a property.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::platform::host::Fields;
use crate::platform::names;
use crate::rules::Faults;

/// The key, or who to ask for it.
pub(crate) enum ApiKey {
    Fixed(Authorization),
    /// Asked once per call: for short-lived tokens.
    Asked(Function),
}

/// A checked key and the header made of it.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) key: JsString,
    pub(crate) header: JsString,
}

impl ApiKey {
    /// Reads the `apiKey` option.
    pub(crate) fn read(value: Option<JsValue>, faults: &mut Faults) -> Option<ApiKey> {
        match value {
            None => faults.add("apiKey", "is required: your Claiv API key, or a function that returns one"),
            Some(value) if value.is_function() => return Some(ApiKey::Asked(value.unchecked_into())),
            Some(value) => return Authorization::read(&value, faults).map(ApiKey::Fixed),
        }
        None
    }
}

impl Authorization {
    /// Checks a key. Messages never show it, nor any part of it. No bearer token has a quote or a backslash (RFC 6750 §2.1); JSON
    /// escapes them, so that the key would not be found where a server echoes it.
    pub(crate) fn read(value: &JsValue, faults: &mut Faults) -> Option<Authorization> {
        let text = value.as_string().unwrap_or_default();
        if text.is_empty() {
            faults.wrong("apiKey", "a non-empty string, or a function that returns one", value);
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\')) {
            faults.add(
                "apiKey",
                "has a character that no key has: a space, a quote, a backslash, a line break (is there one at its end?) or something outside ASCII",
            );
        } else {
            let key: JsString = value.clone().unchecked_into();
            let header = names::js("Bearer ").concat(&key);
            return Some(Authorization { key, header });
        }
        None
    }

    /// Writes the header.
    pub(crate) fn write_to(&self, headers: &Fields) {
        headers.set("authorization", &self.header);
    }
}
