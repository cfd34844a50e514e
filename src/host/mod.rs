//! The few typed imports that js-sys and web-sys lack, or would have at the price of copying text.
//!
//! Whatever runs code that a user, a page or a test can replace (a getter, a proxy, `fetch`, a polyfill) is imported with `catch`:
//! an exception that crossed Rust's frames would skip their clean-up.

mod fields;
mod names;
mod text;

pub(crate) use fields::{Fields, to_js};
pub(crate) use names::Name;
pub(crate) use text::{concat, one_line, shown};

use js_sys::{Array, Function, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./checks.js")]
extern "C" {
    /// The length of a string in UTF-16 units; 0 for what is no string.
    #[wasm_bindgen(js_name = textLength)]
    pub(crate) fn text_length(value: &JsValue) -> u32;

    /// Throws for a revoked proxy, as those below.
    #[wasm_bindgen(catch, js_name = isRecord)]
    fn is_record_of_host(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_name = isArray)]
    fn is_array_of_host(value: &JsValue) -> Result<bool, JsValue>;

    /// How many own, enumerable fields an object has.
    #[wasm_bindgen(catch, js_name = ownCount)]
    pub(crate) fn own_count(value: &JsValue) -> Result<u32, JsValue>;

    #[wasm_bindgen(catch, js_name = typeName)]
    fn type_name_of_host(value: &JsValue) -> Result<String, JsValue>;
}

#[wasm_bindgen(raw_module = "./uuid.js")]
extern "C" {
    /// A fresh UUIDv4. Throws where the host has nothing random at all.
    #[wasm_bindgen(catch, js_name = randomUuid)]
    pub(crate) fn random_uuid() -> Result<JsString, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// A true array with what an iterable or an array-like object gives.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub(crate) fn array_from(source: &JsValue) -> Result<Array, JsValue>;

    /// The names of own, enumerable fields.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(crate) fn own_names(value: &JsValue) -> Result<Array, JsValue>;

    /// Copies the own, enumerable fields of `source`.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = assign)]
    pub(crate) fn assign(target: &Object, source: &JsValue) -> Result<JsValue, JsValue>;

    /// `JSON.stringify`: undefined for what has no JSON.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    pub(crate) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;

    /// `JSON.parse`, without copying the text.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;

    /// A value as it stands in a URL. Throws a URIError for a lone surrogate.
    #[wasm_bindgen(catch, js_name = encodeURIComponent)]
    pub(crate) fn encode_component(value: &JsValue) -> Result<String, JsValue>;

    /// `String(value)`: throws for objects whose `toString` throws.
    #[wasm_bindgen(catch, js_name = String)]
    fn string_of(value: &JsValue) -> Result<JsString, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Math, js_name = random)]
    fn random_of_host() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_of_host() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn steady_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    pub(crate) fn get(target: &JsValue, name: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = set)]
    pub(crate) fn set(target: &Object, name: &JsValue, value: &JsValue) -> Result<bool, JsValue>;

}

/// Calls a function of the caller's with one argument and without a `this`.
pub(crate) fn call(function: &Function, argument: &JsValue) -> Result<JsValue, JsValue> {
    function.call1(&JsValue::UNDEFINED, argument)
}

/// True for an object that is neither null nor an array, and of which that can be told.
#[inline(never)]
pub(crate) fn is_record(value: &JsValue) -> bool {
    is_record_of_host(value).unwrap_or(false)
}

/// True for an array. A proxy that cannot be asked is none.
pub(crate) fn is_array(value: &JsValue) -> bool {
    is_array_of_host(value).unwrap_or(false)
}

/// True for an object or a function, not for null.
pub(crate) fn is_object(value: &JsValue) -> bool {
    value.is_object() || value.is_function()
}

/// Milliseconds of a clock that does not jump with the system's, where the host has one.
#[inline(never)]
pub(crate) fn now() -> f64 {
    steady_now().unwrap_or_else(|_| date_now())
}

/// Milliseconds since 1970.
pub(crate) fn date_now() -> f64 {
    date_of_host().unwrap_or_default()
}

/// A number from 0 up to, but not including, 1.
pub(crate) fn random() -> f64 {
    random_of_host().unwrap_or(0.5)
}

/// A string that is not empty.
pub(crate) fn text_or_none(value: JsValue) -> Option<JsString> {
    if text_length(&value) == 0 { None } else { Some(value.unchecked_into()) }
}

/// A number as JavaScript writes it. Formatting floats in Rust would add more bytes to the module than the whole retry policy has.
pub(crate) fn number_text(value: f64) -> String {
    string_of(&JsValue::from_f64(value)).map(String::from).unwrap_or_default()
}

/// The text of a short string, such as a number or a time, or the beginning of a long one, which is enough of a number that is longer
/// still. Empty for what is no string.
pub(crate) fn short_text(value: &JsValue) -> String {
    beginning(value, 64)
}

/// The first `most` UTF-16 units of a string, copied into Rust; empty for what is no string. Half of a pair at its end becomes a
/// replacement character.
#[inline(never)]
pub(crate) fn beginning(value: &JsValue, most: u32) -> String {
    if text_length(value) == 0 {
        return String::new();
    }
    value.unchecked_ref::<JsString>().slice(0, most).into()
}

/// What a value is, in words, with null, arrays, dates and empty strings told apart.
pub(crate) fn type_name(value: &JsValue) -> String {
    type_name_of_host(value).unwrap_or_else(|_| "an object".into())
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
