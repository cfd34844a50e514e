//! Objects for JavaScript whose fields vary: an error, the event of a hook.

use js_sys::Array;
use serde::{Serialize, Serializer};
use serde_wasm_bindgen::preserve;
use wasm_bindgen::prelude::*;

/// The fields of an object, in the order in which JavaScript shows them. A list, and not a struct of `Option`s: an error has about five of
/// twenty possible fields, and a struct would have code for each of them (`docs/decisions/0014-size.md`).
#[derive(Default)]
pub(crate) struct Fields(Vec<(&'static str, ByReference)>);

/// A value that serde-wasm-bindgen passes on as it is.
#[derive(Serialize)]
#[serde(transparent)]
struct ByReference(#[serde(with = "preserve")] JsValue);

impl Fields {
    /// Adds a field.
    pub(crate) fn add(&mut self, name: &'static str, value: impl Into<JsValue>) {
        self.push(name, value.into());
    }

    /// Adds a field, where there is a value.
    pub(crate) fn add_given(&mut self, name: &'static str, value: Option<impl Into<JsValue>>) {
        if let Some(value) = value {
            self.push(name, value.into());
        }
    }

    /// Adds a field, unless the value is undefined.
    #[inline(never)]
    pub(crate) fn add_defined(&mut self, name: &'static str, value: JsValue) {
        if !value.is_undefined() {
            self.push(name, value);
        }
    }

    #[inline(never)]
    fn push(&mut self, name: &'static str, value: JsValue) {
        self.0.push((name, ByReference(value)));
    }

    /// A plain object with these fields. Undefined where the host cannot make one.
    #[inline(never)]
    pub(crate) fn to_js(&self) -> JsValue {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        self.serialize(&serializer).unwrap_or_default()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// An array of these values.
pub(crate) fn list(values: impl Iterator<Item = JsValue>) -> Array {
    let array = Array::new();
    for (index, value) in (0..).zip(values) {
        array.set(index, value);
    }
    array
}
