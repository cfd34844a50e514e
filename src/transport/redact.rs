//! Takes the API key out of what errors and hooks show, in case a server or a custom fetch echoes it. What cannot be searched is not shown.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::options::Authorization;

/// Shown in place of a value that cannot be searched.
const HIDDEN: &str = "[not shown: it could not be searched for the API key]";

#[wasm_bindgen(raw_module = "./redact.js")]
extern "C" {
    /// A value of JSON without the key: the same value where the key is not in it, else a copy. Throws where it is too large to be searched.
    #[wasm_bindgen(catch, js_name = redact)]
    fn redact_by_host(value: &JsValue, key: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = redactor)]
    fn redactor_by_host(key: &JsString) -> Result<JsValue, JsValue>;
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

/// The message of an error without the key: a custom fetch may throw an exception that has it in its text.
pub(crate) fn redact_message(message: String, authorization: Option<&Authorization>) -> String {
    if authorization.is_none() {
        return message;
    }
    redact(JsValue::from_str(&message), authorization).as_string().unwrap_or_default()
}

/// A JavaScript function that takes the key out of the text in which a host prints a value.
pub(crate) fn redactor(authorization: Option<&Authorization>) -> Option<JsValue> {
    redactor_by_host(&authorization?.key).ok()
}
