//! The API key. It is held where no inspection reaches it: in wasm's memory, never as a property.

use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::{Say, without};
use crate::platform::value::{Kept, Val};
use crate::rules::{At, Faults};

/// The key, or who to ask for it.
pub(crate) enum ApiKey {
    /// A key and the header made of it.
    Fixed(Kept, Kept),
    /// A function, asked once per call: for short-lived tokens.
    Asked(Kept),
}

/// A checked key and the header made of it. Both are undefined where nobody needs to know who calls.
#[derive(Clone, Copy, Default)]
pub(crate) struct Authorization {
    pub(crate) key: Val,
    pub(crate) header: Val,
}

impl ApiKey {
    /// Reads the `apiKey` option.
    pub(crate) fn read(value: Val, faults: &Faults) -> ApiKey {
        if value.is_function() {
            return ApiKey::Asked(Kept::new(value));
        }
        let mut read = Authorization::default();
        if value.is_none() {
            faults.add(At::name(Name::ApiKey), "is required: your Claiv API key, or a function that returns one");
        } else {
            read = Authorization::read(value, faults);
        }
        ApiKey::Fixed(Kept::new(read.key), Kept::new(read.header))
    }
}

impl Authorization {
    /// Checks a key. Messages never show it, nor any part of it. No bearer token has a quote or a backslash (RFC 6750 §2.1); JSON
    /// escapes them, so that the key would not be found where a server echoes it.
    pub(crate) fn read(value: Val, faults: &Faults) -> Authorization {
        let at = At::name(Name::ApiKey);
        if host::text_length(value) == 0 {
            faults.not(at, "a non-empty string, or a function that returns one", value);
        } else if host::text_length(without(value, "^[!#-[\\]-~]+$")) > 0 {
            faults.add(
                at,
                "has a character that no key has: a space, a quote, a backslash, a line break (is there one at its end?) or something outside ASCII",
            );
        } else {
            return Authorization { key: value, header: Say::name(Name::Bearer).v(value).end() };
        }
        Authorization::default()
    }
}
