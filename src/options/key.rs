//! The API key. It is kept in the module and never as a property of an object, so that printing or copying a client does not show it.

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::host::{Name, concat, text_length};
use crate::rules::{FieldPath, Issues};

/// The option `apiKey`.
pub(crate) enum ApiKey {
    /// A key that never changes.
    Fixed(Authorization),
    /// A function, called once per call: for short-lived tokens.
    Function(Function),
}

/// A checked key and the header made of it.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) key: JsString,
    pub(crate) header: JsString,
}

impl ApiKey {
    /// Reads the `apiKey` option.
    pub(super) fn read(value: JsValue, issues: &mut Issues) -> Option<ApiKey> {
        if value.is_undefined() {
            issues
                .add(FieldPath::of(Name::ApiKey), &["is required: your Claiv API key, or a function that returns one"]);
            return None;
        }
        match value.dyn_into::<Function>() {
            Ok(function) => Some(ApiKey::Function(function)),
            Err(value) => Authorization::read(&value, issues).map(ApiKey::Fixed),
        }
    }
}

impl Authorization {
    /// Checks a key. Messages never show it, nor any part of it.
    pub(crate) fn read(value: &JsValue, issues: &mut Issues) -> Option<Authorization> {
        let path = FieldPath::of(Name::ApiKey);
        if text_length(value) == 0 {
            issues.add_expected(path, "a non-empty string, or a function that returns one", value);
            return None;
        }
        let key = value.as_string().unwrap_or_default();
        if !is_token(&key) {
            issues.add(
                path,
                &["has a character that no key has: a space, a quote, a backslash, a line break (is there one at its end?) or something outside ASCII"],
            );
            return None;
        }
        let header = concat(&["Bearer ", &key]).as_str().into();
        Some(Authorization { key: value.clone().unchecked_into(), header })
    }
}

/// True for the characters of a bearer token. None has a quote or a backslash (RFC 6750 §2.1): JSON escapes these, so the key would not be
/// found where a server echoes it.
fn is_token(key: &str) -> bool {
    key.bytes().all(|byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::is_token;

    #[test]
    fn what_a_key_is_made_of() {
        assert!(is_token("ck_live-0123.AZaz~!#[]"));
        for bad in ["a b", "a\"b", "a\\b", "a\n", "ключ", "\u{7f}", "\t"] {
            assert!(!is_token(bad), "{bad:?}");
        }
    }
}
