//! Names that cross into JavaScript once.
//!
//! A `&'static str` given to JavaScript is decoded each time (about 0.2 µs). Field names, paths and enum
//! values are few and repeat on every call, so each is made a `JsString` at its first use and kept.

use std::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::JsValue;

thread_local! {
    static NAMES: RefCell<Vec<(&'static str, JsString)>> = const { RefCell::new(Vec::new()) };
}

/// `name` as a JavaScript string.
pub(crate) fn js(name: &'static str) -> JsString {
    NAMES.with_borrow_mut(|names| {
        // Pointer equality suffices: a literal that exists twice is merely kept twice.
        if let Some((_, known)) = names.iter().find(|(kept, _)| std::ptr::eq(*kept, name)) {
            return known.clone();
        }
        let fresh = JsString::from(name);
        names.push((name, fresh.clone()));
        fresh
    })
}

/// Calls `f` with `name` as a JavaScript string.
pub(crate) fn with<T>(name: &'static str, f: impl FnOnce(&JsString) -> T) -> T {
    // Cloned rather than lent: `f` may run foreign code that comes back here.
    f(&js(name))
}

/// True where `value` is the string `name`.
pub(crate) fn is(value: &JsValue, name: &'static str) -> bool {
    let name: JsValue = js(name).into();
    *value == name
}
