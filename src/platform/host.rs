//! Typed imports of the host's own functions and objects.
//!
//! Whatever can run foreign code (a getter, a proxy, a custom `fetch`) is imported with `catch`: an
//! exception that crossed Rust frames would skip their clean-up.

use wasm_bindgen::prelude::*;

use super::names::Name;
use super::say::Say;
use super::value::{Fields, List, Val};

#[wasm_bindgen(raw_module = "./values.js")]
extern "C" {
    /// 0 for what is no string.
    fn length(value: &Val) -> u32;

    /// Throws for a revoked proxy.
    #[wasm_bindgen(catch, js_name = isRecord)]
    fn is_record_of_host(value: &Val) -> Result<bool, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn is_array_of_host(value: &Val) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn array_of_host(source: &Val) -> Result<List, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn keys_of_host(value: &Val) -> Result<List, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "propertyIsEnumerable"], js_name = call)]
    fn is_enumerable_of_host(value: &Val, name: &Val) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = has)]
    fn has_of_host(value: &Val, name: &Val) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = assign)]
    fn assign_of_host(target: &Fields, source: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = stringify)]
    fn stringify(value: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, js_name = get)]
    fn get_of_host(this: &Val, name: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, js_name = cancel)]
    fn cancel_of_host(this: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_0(this: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, js_name = call)]
    fn call_1(this: &Val, this_arg: &Val, a: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, js_name = String)]
    fn string_of_host(value: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, js_name = encodeURIComponent)]
    fn encode(text: &Val) -> Result<Val, JsValue>;

    /// The global object: `Object.prototype.valueOf` gives whom it is called on.
    #[wasm_bindgen(js_namespace = globalThis, js_name = valueOf)]
    fn global() -> Val;

    #[wasm_bindgen(js_namespace = Math, js_name = random)]
    pub(crate) fn random() -> f64;

    #[wasm_bindgen(js_namespace = Date, js_name = now)]
    pub(crate) fn date_now() -> f64;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn steady_now() -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new_url(text: &Val, base: &Val) -> Result<Fields, JsValue>;

    #[wasm_bindgen(catch, constructor, js_class = "Headers")]
    fn new_headers(init: &Val) -> Result<Fields, JsValue>;
}

/// What foreign code threw is a value like others.
pub(super) fn caught<T>(result: Result<T, JsValue>) -> Result<T, Val> {
    result.map_err(Val::from)
}

/// A copy that is a true array, whatever `source` does while it is read.
#[inline(never)]
pub(crate) fn array_from(source: Val) -> Result<List, Val> {
    caught(array_of_host(&source))
}

/// The names of own, enumerable fields.
#[inline(never)]
pub(crate) fn own_names(value: Val) -> Result<List, Val> {
    caught(keys_of_host(&value))
}

/// Copies the own, enumerable fields of `source`.
#[inline(never)]
pub(crate) fn assign(target: Fields, source: Val) -> Result<Val, Val> {
    caught(assign_of_host(&target, &source))
}

/// `JSON.stringify`.
#[inline(never)]
pub(crate) fn to_json(value: Val) -> Result<Val, Val> {
    caught(stringify(&value))
}

/// `JSON.parse`.
#[inline(never)]
pub(crate) fn parse_json(text: Val) -> Result<Val, Val> {
    caught(parse(&text))
}

/// `String(value)`: throws for objects whose `toString` throws.
#[inline(never)]
pub(crate) fn to_text(value: Val) -> Result<Val, Val> {
    caught(string_of_host(&value))
}

/// A value as it stands in a URL. Throws a URIError for a lone surrogate.
#[inline(never)]
pub(crate) fn encode_component(value: Val) -> Result<Val, Val> {
    caught(encode(&value))
}

/// What the `get` of a Headers gives.
pub(crate) fn entry(of: Val, name: Val) -> Result<Val, Val> {
    caught(of.get_of_host(&name))
}

/// Calls the `cancel` of a stream, or of what goes on.
pub(crate) fn cancel(what: Val) -> Result<Val, Val> {
    caught(what.cancel_of_host())
}

/// Calls a function of the caller's with one argument and without a `this`.
pub(crate) fn call(function: Val, argument: Val) -> Result<Val, Val> {
    caught(function.call_1(&Val::UNDEFINED, &argument))
}

/// As [`call`], without an argument.
pub(crate) fn ask(function: Val) -> Result<Val, Val> {
    caught(function.call_0())
}

/// Milliseconds of a clock that does not jump with the system's, where the host has one.
#[inline(never)]
pub(crate) fn now() -> f64 {
    caught(steady_now()).unwrap_or_else(|_| date_now())
}

/// Whether the host has a `fetch` just now.
pub(crate) fn has_fetch() -> bool {
    field(global(), Name::Fetch).is_function()
}

/// `process.env`, where there is one (Node, Bun, Deno, Next).
pub(crate) fn process_env() -> Val {
    field(field(global(), Name::Process), Name::Env)
}

/// A field of anything; undefined where there is none or it cannot be read.
#[inline(never)]
pub(crate) fn field(value: Val, name: Name) -> Val {
    if value.is_none() { value } else { value.fields().peek(name) }
}

/// True for an object or a function, not for null.
#[inline(never)]
pub(crate) fn is_object(value: Val) -> bool {
    value.is_object() || value.is_function()
}

/// True for an array. A proxy whose trap throws is none.
#[inline(never)]
pub(crate) fn is_array(value: Val) -> bool {
    caught(is_array_of_host(&value)).unwrap_or(false)
}

/// True for an object that is not an array, and of which that can be told.
#[inline(never)]
pub(crate) fn is_record(value: Val) -> bool {
    !value.is_none() && caught(is_record_of_host(&value)).unwrap_or(false)
}

/// True for a field, own or inherited. Where a trap throws it counts as given.
pub(crate) fn has(value: Val, name: Val) -> bool {
    caught(has_of_host(&value, &name)).unwrap_or(true)
}

/// True for an own, enumerable field. Where a trap throws there is none.
pub(crate) fn is_enumerable(value: Val, name: Val) -> bool {
    caught(is_enumerable_of_host(&value, &name)).unwrap_or(false)
}

/// The URL that `text` means where `base` is, if it means one.
pub(crate) fn url(text: Val, base: Val) -> Option<Fields> {
    caught(Fields::new_url(&text, &base)).ok()
}

/// A Headers with what `init` gives. Throws for names and values that HTTP does not allow.
#[inline(never)]
pub(crate) fn headers(init: Val) -> Result<Val, Val> {
    caught(Fields::new_headers(&init)).map(|headers| *headers)
}

/// A string that is not empty, or undefined.
#[inline(never)]
pub(crate) fn text_or_none(value: Val) -> Val {
    if text_length(value) == 0 { Val::UNDEFINED } else { value }
}

/// The length of a string in UTF-16 units; 0 for what is no string.
#[inline(never)]
pub(crate) fn text_length(value: Val) -> u32 {
    if value.is_none() { 0 } else { length(&value) }
}

/// The first characters of a text, one byte for each, 255 for what is not ASCII. What reads numbers and times needs no more.
#[inline(never)]
pub(crate) fn ascii(text: Val, buffer: &mut [u8; 64]) -> &[u8] {
    let mut length = 0;
    for (place, byte) in (0..text_length(text)).zip(buffer.iter_mut()) {
        let code = text.text().unit(place);
        *byte = if code < 128.0 { code as u8 } else { 255 };
        length = place.wrapping_add(1) as usize;
    }
    buffer.get(..length).unwrap_or_default()
}

/// What a value is, in words, with null, arrays and empty strings told apart.
#[inline(never)]
pub(crate) fn type_name(value: Val) -> Val {
    if value.is_null() {
        return Say::new("null").end();
    }
    if value.is_none() {
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
    if is_array(value) { say.s("array").end() } else { say.v(value.type_of()).end() }
}
