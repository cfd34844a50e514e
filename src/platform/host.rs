//! Typed imports of the host's own functions and objects.
//!
//! Whatever can run foreign code (a getter, a proxy, a custom `fetch`) is imported with `catch`: an
//! exception that crossed Rust frames would skip their clean-up.

use js_sys::{Function, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Any object whose fields are read or written by name.
    #[wasm_bindgen(extends = Object, typescript_type = "object")]
    #[derive(Clone)]
    pub(crate) type Fields;

    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn read(this: &Fields, name: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(crate) fn write(this: &Fields, name: &JsString, value: &JsValue);

    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> Result<bool, JsValue>;

    /// A copy that is a true array, whatever `source` does while it is read.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub(crate) fn array_from(source: &JsValue) -> Result<js_sys::Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(crate) fn own_names(value: &JsValue) -> Result<js_sys::Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = hasOwn)]
    pub(crate) fn has_own(value: &JsValue, name: &JsString) -> Result<bool, JsValue>;

    /// True for an own, enumerable field.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "propertyIsEnumerable"], js_name = call)]
    pub(crate) fn is_enumerable(value: &JsValue, name: &JsString) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = assign)]
    pub(crate) fn assign(target: &Fields, source: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    pub(crate) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;

    // Where an import that returns a JsValue throws, the place of its result in wasm-bindgen's table of references is never
    // freed. One that returns an Option takes none, so whatever can throw again and again is imported like this.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &JsString) -> Result<Option<JsValue>, JsValue>;

    #[wasm_bindgen(extends = Function)]
    type Foreign;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_0(this: &Foreign, this_arg: &JsValue) -> Result<Option<JsValue>, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_1(this: &Foreign, this_arg: &JsValue, a: &JsValue) -> Result<Option<JsValue>, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_2(this: &Foreign, this_arg: &JsValue, a: &JsValue, b: &JsValue) -> Result<Option<JsValue>, JsValue>;

    /// `String(value)`: throws for symbols' hosts that forbid it, objects whose `toString` throws, …
    #[wasm_bindgen(catch, js_name = String)]
    pub(crate) fn to_text(value: &JsValue) -> Result<JsString, JsValue>;

    /// Throws a URIError for a lone surrogate.
    #[wasm_bindgen(catch, js_name = encodeURIComponent)]
    pub(crate) fn encode_component(text: &JsString) -> Result<JsString, JsValue>;

    /// The host's `fetch`, looked up when it is called and never called with a `this`.
    #[wasm_bindgen(catch, js_name = fetch)]
    pub(crate) fn host_fetch(url: &JsString, init: &Fields) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: Fields;

    /// A Headers, or what stands for one.
    pub(crate) type HeadersLike;

    #[wasm_bindgen(catch, method, structural)]
    pub(crate) fn get(this: &HeadersLike, name: &JsString) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    pub(crate) fn set_timeout(callback: &JsValue, ms: f64, token: f64, ok: bool) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    pub(crate) fn clear_timeout(id: &JsValue);

    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    pub(crate) fn random() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(crate) fn date_now() -> f64;

    type Performance;

    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Option<Performance>;

    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;

    pub(crate) type Crypto;

    /// Missing in Node 18.
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    pub(crate) static CRYPTO: Option<Crypto>;

    #[wasm_bindgen(catch, method, js_name = getRandomValues)]
    pub(crate) fn fill_random(this: &Crypto, bytes: &mut [u8]) -> Result<(), JsValue>;

    type Process;

    #[wasm_bindgen(thread_local_v2, js_name = process)]
    static PROCESS: Option<Process>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn env(this: &Process) -> Result<JsValue, JsValue>;
}

impl Fields {
    /// A fresh, empty plain object.
    pub(crate) fn empty() -> Fields {
        Object::new().unchecked_into()
    }

    /// What stands under `name`; an exception of a getter or proxy comes back as `Err`.
    pub(crate) fn get(&self, name: &'static str) -> Result<JsValue, JsValue> {
        super::names::with(name, |key| self.read(key))
    }

    /// As [`Fields::get`], for a name that is not known at compile time.
    pub(crate) fn get_dynamic(&self, name: &JsString) -> Result<JsValue, JsValue> {
        self.read(name)
    }

    /// Sets `name`. Only for objects of our own, which have no setters.
    pub(crate) fn set(&self, name: &'static str, value: &JsValue) {
        super::names::with(name, |key| self.write(key, value));
    }
}

/// `JSON.parse`.
pub(crate) fn parse_json(text: &JsString) -> Result<JsValue, JsValue> {
    parse(text).map(|value| value.unwrap_or(JsValue::NULL))
}

/// Calls a function of the caller's, without a `this`. What it returns is undefined also where it is null.
pub(crate) fn call(function: &Function, args: &[&JsValue]) -> Result<JsValue, JsValue> {
    let function: &Foreign = function.unchecked_ref();
    let this = &JsValue::UNDEFINED;
    let returned = match args {
        [] => function.call_0(this),
        [a] => function.call_1(this, a),
        [a, b, ..] => function.call_2(this, a, b),
    };
    returned.map(Option::unwrap_or_default)
}

/// Milliseconds of a clock that does not jump with the system's, where the host has one.
pub(crate) fn now() -> f64 {
    PERFORMANCE.with(|p| p.as_ref().map_or_else(date_now, Performance::now))
}

/// Whether the host has a `fetch` just now.
pub(crate) fn has_fetch() -> bool {
    GLOBAL.with(|global| global.get("fetch").is_ok_and(|fetch| fetch.is_function()))
}

/// `process.env`, where there is one (Node, Bun, Deno, Next).
pub(crate) fn process_env() -> Option<JsValue> {
    PROCESS.with(|p| p.as_ref().and_then(|p| p.env().ok())).filter(JsValue::is_object)
}

/// `value` as an object whose fields can be read: an object or a function, not null.
pub(crate) fn as_fields(value: &JsValue) -> Option<&Fields> {
    (value.is_object() || value.is_function()).then(|| value.unchecked_ref())
}

/// True for an object that is not an array. A proxy whose trap throws is none.
pub(crate) fn is_record(value: &JsValue) -> bool {
    value.is_object() && matches!(is_array(value), Ok(false))
}
