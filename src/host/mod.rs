//! Typed imports that js-sys and web-sys lack, or would have only with a copy of the text.
//!
//! Whatever runs code that a user, a page or a test can replace (a getter, a proxy, `fetch`, a polyfill) is imported with `catch`:
//! an exception that passed through Rust's frames would skip their clean-up.

mod fields;
mod headers;
mod names;
mod text;

pub(crate) use fields::{Fields, list};
pub(crate) use headers::{AnyHeaders, from_entries};
pub(crate) use names::Name;
pub(crate) use text::{concat, join_names, one_line, shown};

use js_sys::{Array, Function, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./checks.js")]
extern "C" {
    /// The length of a string in UTF-16 units; 0 for any other value.
    #[wasm_bindgen(js_name = textLength)]
    pub(crate) fn text_length(value: &JsValue) -> u32;

    /// Throws for a revoked proxy, as the functions below.
    #[wasm_bindgen(catch, js_name = isRecord)]
    fn is_record_by_host(value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_name = isArray)]
    fn is_array_by_host(value: &JsValue) -> Result<bool, JsValue>;

    /// How many own, enumerable fields an object has.
    #[wasm_bindgen(catch, js_name = ownCount)]
    pub(crate) fn own_count(value: &JsValue) -> Result<u32, JsValue>;

    /// A new object with the own, enumerable fields of another; one called `__proto__` stays a field.
    #[wasm_bindgen(catch, js_name = copyFields)]
    pub(crate) fn copy_fields(source: &JsValue) -> Result<Object, JsValue>;

    #[wasm_bindgen(catch, js_name = typeName)]
    fn type_name_by_host(value: &JsValue) -> Result<String, JsValue>;
}

#[wasm_bindgen(raw_module = "./uuid.js")]
extern "C" {
    /// A new UUIDv4. Throws where the host has no source of random numbers at all.
    #[wasm_bindgen(catch, js_name = randomUuid)]
    pub(crate) fn random_uuid() -> Result<JsString, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// An array of the items of an iterable or an array-like object.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub(crate) fn array_from(source: &JsValue) -> Result<Array, JsValue>;

    /// The names of own, enumerable fields.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(crate) fn own_names(value: &JsValue) -> Result<Array, JsValue>;

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
    fn random_by_host() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_by_host() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn monotonic_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    pub(crate) fn get(target: &JsValue, name: &JsValue) -> Result<JsValue, JsValue>;
}

/// Calls a function of the caller's with one argument and without a `this`.
pub(crate) fn call(function: &Function, argument: &JsValue) -> Result<JsValue, JsValue> {
    function.call1(&JsValue::UNDEFINED, argument)
}

/// True for an object that is neither null nor an array; false for a proxy that cannot be inspected.
#[inline(never)]
pub(crate) fn is_record(value: &JsValue) -> bool {
    is_record_by_host(value).unwrap_or(false)
}

/// True for an array; false for a proxy that cannot be inspected.
#[inline(never)]
pub(crate) fn is_array(value: &JsValue) -> bool {
    is_array_by_host(value).unwrap_or(false)
}

/// True for an object or a function, not for null.
pub(crate) fn is_object(value: &JsValue) -> bool {
    value.is_object() || value.is_function()
}

/// Milliseconds of the host's monotonic clock, which does not jump with the system's time; of `Date` where there is none.
#[inline(never)]
pub(crate) fn now() -> f64 {
    monotonic_now().unwrap_or_else(|_| date_now())
}

/// Milliseconds since 1970.
#[inline(never)]
pub(crate) fn date_now() -> f64 {
    date_by_host().unwrap_or_default()
}

/// A number from 0 up to, but not including, 1.
pub(crate) fn random() -> f64 {
    random_by_host().unwrap_or(0.5)
}

/// A string that is not empty.
pub(crate) fn text_or_none(value: JsValue) -> Option<JsString> {
    if text_length(&value) == 0 { None } else { Some(value.unchecked_into()) }
}

/// A number as JavaScript writes it. Formatting floats in Rust would add more bytes to the module than the whole retry policy has.
pub(crate) fn number_text(value: f64) -> String {
    string_of(&JsValue::from_f64(value)).map(String::from).unwrap_or_default()
}

/// The first 64 UTF-16 units of a string: for numbers, times and other short values. Empty for any other value.
pub(crate) fn short_text(value: &JsValue) -> String {
    beginning(value, 64)
}

/// The first `most` UTF-16 units of a string, copied into Rust; empty for any other value. Half of a surrogate pair at its end becomes a
/// replacement character.
#[inline(never)]
pub(crate) fn beginning(value: &JsValue, most: u32) -> String {
    if text_length(value) == 0 {
        return String::new();
    }
    value.unchecked_ref::<JsString>().slice(0, most).into()
}

/// The type of a value, as a message calls it: null, arrays, dates and empty strings are types of their own.
pub(crate) fn type_name(value: &JsValue) -> String {
    type_name_by_host(value).unwrap_or_else(|_| "an object".into())
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
