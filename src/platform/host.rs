//! Typed imports of the host's own functions and objects.
//!
//! Whatever can run foreign code (a getter, a proxy, a custom `fetch`) is imported with `catch`: an
//! exception that crossed Rust frames would skip their clean-up.

use js_sys::{JsString, Object};
use wasm_bindgen::convert::IntoWasmAbi;
use wasm_bindgen::prelude::*;

use super::names::Name;
use super::say::Say;

#[wasm_bindgen]
extern "C" {
    /// Any object whose fields are read or written by name.
    #[wasm_bindgen(extends = Object, typescript_type = "object")]
    #[derive(Clone)]
    pub(crate) type Fields;

    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn read(this: &Fields, name: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(crate) fn write(this: &Fields, name: &JsValue, value: &JsValue);

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn write_number(this: &Fields, name: &JsValue, value: f64);

    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array_of_host(value: &JsValue) -> Result<bool, JsValue>;

    /// A copy that is a true array, whatever `source` does while it is read.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    pub(crate) fn array_from(source: &JsValue) -> Result<js_sys::Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    pub(crate) fn own_names(value: &JsValue) -> Result<js_sys::Array, JsValue>;

    /// True for an own, enumerable field.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "propertyIsEnumerable"], js_name = call)]
    fn is_enumerable_of_host(value: &JsValue, name: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = hasOwn)]
    fn has_own_of_host(value: &JsValue, name: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = assign)]
    pub(crate) fn assign(target: &Fields, source: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    pub(crate) fn to_json(value: &JsValue) -> Result<JsValue, JsValue>;

    // In tests and in the development build wasm-bindgen keeps references in a table, and the place of a result is never freed there
    // where an import throws. One that returns an Option takes none, so whatever can throw again and again is imported like this.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &JsValue) -> Result<Option<JsValue>, JsValue>;

    type Foreign;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_0(this: &Foreign) -> Result<Option<JsValue>, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_1(this: &Foreign, this_arg: &JsValue, a: &JsValue) -> Result<Option<JsValue>, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_2(this: &Foreign, this_arg: &JsValue, a: &JsValue, b: &JsValue) -> Result<Option<JsValue>, JsValue>;

    /// `String(value)`: throws for objects whose `toString` throws.
    #[wasm_bindgen(catch, js_name = String)]
    pub(crate) fn to_text(value: &JsValue) -> Result<JsString, JsValue>;

    /// Throws a URIError for a lone surrogate.
    #[wasm_bindgen(catch, js_name = encodeURIComponent)]
    fn encode(text: &JsValue) -> Result<JsString, JsValue>;

    /// The host's `fetch`, looked up when it is called and never called with a `this`.
    #[wasm_bindgen(catch, js_name = fetch)]
    pub(crate) fn host_fetch(url: &JsValue, init: &Fields) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: JsValue;

    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    pub(crate) fn random() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(crate) fn date_now() -> f64;

    type Performance;

    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Option<Performance>;

    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;

    #[wasm_bindgen(thread_local_v2, js_name = process)]
    static PROCESS: Option<JsValue>;

    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(text: &JsValue, base: &JsValue) -> Result<Url, JsValue>;

    #[wasm_bindgen(js_name = Headers)]
    type HeadersOfHost;

    /// Throws for names and values that HTTP does not allow.
    #[wasm_bindgen(catch, constructor, js_class = "Headers")]
    fn new(init: &JsValue) -> Result<HeadersOfHost, JsValue>;
}

impl Fields {
    /// A fresh, empty plain object.
    pub(crate) fn empty() -> Fields {
        Object::new().unchecked_into()
    }

    /// What stands under `name`; an exception of a getter or proxy comes back as `Err`.
    pub(crate) fn get(&self, name: Name) -> Result<JsValue, JsValue> {
        self.read(name.js())
    }

    /// As [`Fields::get`], for a name that is not known at compile time.
    pub(crate) fn get_dynamic(&self, name: &JsValue) -> Result<JsValue, JsValue> {
        self.read(name)
    }

    /// As [`Fields::get`], undefined for what cannot be read.
    #[inline(never)]
    pub(crate) fn peek(&self, name: Name) -> JsValue {
        self.read(name.js()).unwrap_or_default()
    }

    /// Sets `name`. Only for objects of our own, which have no setters.
    #[inline(never)]
    pub(crate) fn set(&self, name: Name, value: &JsValue) {
        self.write(name.js(), value);
    }

    /// The same object with one more field.
    #[inline(never)]
    pub(crate) fn with(self, name: Name, value: &JsValue) -> Fields {
        self.set(name, value);
        self
    }

    /// The same object with one more field, where there is a value for it.
    #[inline(never)]
    pub(crate) fn with_some(self, name: Name, value: &JsValue) -> Fields {
        if is_none(value) { self } else { self.with(name, value) }
    }

    /// The same object with a number.
    #[inline(never)]
    pub(crate) fn number(self, name: Name, value: f64) -> Fields {
        self.write_number(name.js(), value);
        self
    }
}

/// `JSON.parse`.
pub(crate) fn parse_json(text: &JsValue) -> Result<JsValue, JsValue> {
    parse(text).map(|value| value.unwrap_or(JsValue::NULL))
}

/// Calls a function of the caller's with one argument and without a `this`. What it returns is undefined also where it is null.
pub(crate) fn call(function: &JsValue, argument: &JsValue) -> Result<JsValue, JsValue> {
    function.unchecked_ref::<Foreign>().call_1(&JsValue::UNDEFINED, argument).map(Option::unwrap_or_default)
}

/// As [`call`], without an argument.
pub(crate) fn ask(function: &JsValue) -> Result<JsValue, JsValue> {
    function.unchecked_ref::<Foreign>().call_0().map(Option::unwrap_or_default)
}

/// As [`call`], with two arguments.
pub(crate) fn call_with(function: &JsValue, a: &JsValue, b: &JsValue) -> Result<JsValue, JsValue> {
    function.unchecked_ref::<Foreign>().call_2(&JsValue::UNDEFINED, a, b).map(Option::unwrap_or_default)
}

/// Milliseconds of a clock that does not jump with the system's, where the host has one.
pub(crate) fn now() -> f64 {
    PERFORMANCE.with(|p| p.as_ref().map_or_else(date_now, Performance::now))
}

/// Whether the host has a `fetch` just now.
pub(crate) fn has_fetch() -> bool {
    GLOBAL.with(|global| field(global, Name::Fetch).is_function())
}

/// `process.env`, where there is one (Node, Bun, Deno, Next).
pub(crate) fn process_env() -> JsValue {
    PROCESS.with(|process| process.as_ref().map_or(JsValue::UNDEFINED, |process| field(process, Name::Env)))
}

/// True for undefined. The released glue gives every undefined the same number (scripts/lib/glue.mjs), so that nobody needs to be asked;
/// the glue of tests and of the development build is wasm-bindgen's own.
#[inline]
pub(crate) fn is_none(value: &JsValue) -> bool {
    if cfg!(feature = "lean-glue") {
        value.into_abi() == (&JsValue::UNDEFINED).into_abi()
    } else {
        value.is_undefined()
    }
}

/// True for what counts as true.
pub(crate) fn is_true(value: &JsValue) -> bool {
    !is_none(value) && value.is_truthy()
}

/// A field of anything; undefined where there is none or it cannot be read.
#[inline(never)]
pub(crate) fn field(value: &JsValue, name: Name) -> JsValue {
    if !is_none(value) && is_object(value) { value.unchecked_ref::<Fields>().peek(name) } else { JsValue::UNDEFINED }
}

/// True for an object or a function, not for null.
#[inline(never)]
pub(crate) fn is_object(value: &JsValue) -> bool {
    value.is_object() || value.is_function()
}

/// True for an array. A proxy whose trap throws is none.
#[inline(never)]
pub(crate) fn is_array(value: &JsValue) -> bool {
    is_array_of_host(value).unwrap_or(false)
}

/// True for an object that is not an array, and of which that can be told.
#[inline(never)]
pub(crate) fn is_record(value: &JsValue) -> bool {
    value.is_object() && matches!(is_array_of_host(value), Ok(false))
}

/// True for an own field. Where a trap throws there is none.
#[inline(never)]
pub(crate) fn has_own(value: &JsValue, name: &JsValue) -> bool {
    has_own_of_host(value, name).unwrap_or(false)
}

/// True for an own, enumerable field. Where a trap throws there is none.
#[inline(never)]
pub(crate) fn is_enumerable(value: &JsValue, name: &JsValue) -> bool {
    is_enumerable_of_host(value, name).unwrap_or(false)
}

/// A value as it stands in a URL.
#[inline(never)]
pub(crate) fn encode_component(value: &JsValue) -> Result<JsString, JsValue> {
    encode(value)
}

/// The URL that `text` means where `base` is, if it means one.
pub(crate) fn url(text: &JsValue, base: &JsValue) -> Option<Fields> {
    Url::new(text, base).ok().map(JsCast::unchecked_into)
}

/// A Headers with what `init` gives.
#[inline(never)]
pub(crate) fn headers(init: &JsValue) -> Result<JsValue, JsValue> {
    HeadersOfHost::new(init).map(JsValue::from)
}

/// A string that is not empty, or undefined.
pub(crate) fn text_or_none(value: JsValue) -> JsValue {
    if text_length(&value) == 0 { JsValue::UNDEFINED } else { value }
}

/// The length of a string in UTF-16 units; 0 for what is no string.
#[inline(never)]
pub(crate) fn text_length(value: &JsValue) -> u32 {
    if value.is_string() { value.unchecked_ref::<JsString>().length() } else { 0 }
}

/// The first characters of a text, one byte for each, 255 for what is not ASCII. What reads numbers and times needs no more.
#[inline(never)]
pub(crate) fn ascii<'b>(text: &JsValue, buffer: &'b mut [u8; 64]) -> &'b [u8] {
    let text: &JsString = text.unchecked_ref();
    let mut length = 0;
    for (place, byte) in (0..text_length(text)).zip(buffer.iter_mut()) {
        let code = text.char_code_at(place);
        *byte = if code < 128.0 { code as u8 } else { 255 };
        length = place.wrapping_add(1) as usize;
    }
    buffer.get(..length).unwrap_or_default()
}

/// What a value is, in words, with null, arrays and empty strings told apart.
#[inline(never)]
pub(crate) fn type_name(value: &JsValue) -> JsString {
    if value.is_null() {
        return Say::new("null").end();
    }
    if value.is_undefined() {
        return Say::new("undefined").end();
    }
    let empty = value.is_string() && text_length(value) == 0;
    let say = Say::new(if empty {
        "an empty "
    } else if value.is_object() {
        "an "
    } else {
        "a "
    });
    if is_array(value) { say.s("array").end() } else { say.v(&value.js_typeof()).end() }
}
