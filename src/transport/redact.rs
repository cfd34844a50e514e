//! Takes the API key out of what errors show, should a server or a fetch echo it.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::host::{parse_json, to_json};
use crate::options::Authorization;

/// What stands in the key's place.
const MARK: &str = "[redacted]";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = ["String", "prototype", "replaceAll"], js_name = call)]
    fn replace_all(text: &JsValue, what: &JsString, with: &str) -> Result<JsString, JsValue>;
}

/// `value` without the key, where it is a string. What cannot be searched is not shown.
#[inline(never)]
pub(crate) fn redact(value: JsValue, authorization: Option<&Authorization>) -> JsValue {
    match authorization {
        Some(Authorization { key, .. }) if value.is_string() => {
            replace_all(&value, key, MARK).map_or_else(|_| JsValue::from_str(MARK), JsValue::from)
        }
        _ => value,
    }
}

/// A message of our own without the key, which a custom fetch may have put into what it threw.
pub(crate) fn redact_message(message: String, authorization: Option<&Authorization>) -> String {
    match authorization {
        Some(_) => redact(JsValue::from_str(&message), authorization).as_string().unwrap_or_default(),
        None => message,
    }
}

/// Plain data without the key, which JSON can spell in many ways. What cannot be searched is not shown.
pub(crate) fn redact_value(value: JsValue, authorization: Option<&Authorization>) -> JsValue {
    if authorization.is_none() {
        return value;
    }
    let text = to_json(&value).unwrap_or_default();
    let clean = redact(text.clone(), authorization);
    if clean == text { value } else { parse_json(&clean).unwrap_or_default() }
}
