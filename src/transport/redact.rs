//! Takes the API key out of what errors show, should a server or a fetch echo it. What cannot be searched is not shown.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::options::Authorization;

/// What stands in the place of something that cannot be searched.
const HIDDEN: &str = "[not shown: it could not be searched for the API key]";

#[wasm_bindgen(raw_module = "./redact.js")]
extern "C" {
    /// A value that JSON can carry without the key: the very same where the key is not in it. Throws where it is too large to be searched.
    #[wasm_bindgen(catch, js_name = redact)]
    fn redact_by_host(value: &JsValue, key: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = hider)]
    fn hider_by_host(key: &JsString) -> Result<JsValue, JsValue>;
}

/// A string, or plain data, without the key.
#[inline(never)]
pub(crate) fn redact(value: JsValue, authorization: Option<&Authorization>) -> JsValue {
    match authorization {
        Some(Authorization { key, .. }) if !value.is_undefined() => {
            redact_by_host(&value, key).unwrap_or_else(|_| JsValue::from_str(HIDDEN))
        }
        _ => value,
    }
}

/// A message of our own without the key, which a custom fetch may have put into what it threw.
pub(crate) fn redact_message(message: String, authorization: Option<&Authorization>) -> String {
    if authorization.is_none() {
        return message;
    }
    redact(JsValue::from_str(&message), authorization).as_string().unwrap_or_default()
}

/// A function of JavaScript that takes the key out of a text in which a value is printed.
pub(crate) fn hider(authorization: Option<&Authorization>) -> Option<JsValue> {
    hider_by_host(&authorization?.key).ok()
}
