//! The API key. It is held where no inspection reaches it: in wasm's memory, never as a property.

use wasm_bindgen::prelude::*;

use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::{Say, without};
use crate::rules::{At, Faults};

/// The key, or who to ask for it.
pub(crate) enum ApiKey {
    Fixed(Authorization),
    /// A function, asked once per call: for short-lived tokens.
    Asked(JsValue),
}

/// A checked key and the header made of it. Both are undefined where nobody needs to know who calls.
#[derive(Clone, Default)]
pub(crate) struct Authorization {
    pub(crate) key: JsValue,
    pub(crate) header: JsValue,
}

impl ApiKey {
    /// Reads the `apiKey` option.
    pub(crate) fn read(value: &JsValue, faults: &Faults) -> ApiKey {
        if value.is_function() {
            return ApiKey::Asked(value.clone());
        }
        if host::is_none(value) {
            faults.add(At::name(Name::ApiKey), "is required: your Claiv API key, or a function that returns one");
            return ApiKey::Fixed(Authorization::default());
        }
        ApiKey::Fixed(Authorization::read(value, faults))
    }
}

impl Authorization {
    /// Checks a key. Messages never show it, nor any part of it. No bearer token has a quote or a backslash (RFC 6750 §2.1); JSON
    /// escapes them, so that the key would not be found where a server echoes it.
    pub(crate) fn read(value: &JsValue, faults: &Faults) -> Authorization {
        let at = At::name(Name::ApiKey);
        if host::text_length(value) == 0 {
            faults.not(at, "a non-empty string, or a function that returns one", value);
        } else if host::text_length(&without(value.unchecked_ref(), "^[!#-[\\]-~]+$")) > 0 {
            faults.add(
                at,
                "has a character that no key has: a space, a quote, a backslash, a line break (is there one at its end?) or something outside ASCII",
            );
        } else {
            let header = Say::name(Name::Bearer).v(value).end().into();
            return Authorization { key: value.clone(), header };
        }
        Authorization::default()
    }
}
