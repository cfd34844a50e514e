//! The host's Headers.

use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A Headers of the host, or what a custom fetch gave in place of one. web-sys's own reads a header as a Rust string.
    #[derive(Clone)]
    pub(crate) type AnyHeaders;

    /// Throws for names and values that HTTP does not allow.
    #[wasm_bindgen(catch, constructor, js_class = "Headers")]
    pub(crate) fn new(init: &JsValue) -> Result<AnyHeaders, JsValue>;

    #[wasm_bindgen(catch, method)]
    pub(crate) fn get(this: &AnyHeaders, name: &str) -> Result<JsValue, JsValue>;

    /// An object of what pairs of names and values list, such as a Headers.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = fromEntries)]
    pub(crate) fn from_entries(pairs: &JsValue) -> Result<Object, JsValue>;
}
