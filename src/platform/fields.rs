//! What is inside of objects, arrays and strings.

use wasm_bindgen::prelude::*;

use super::host::{caught, field};
use super::names::Name;
use super::value::{Fields, List, Text, Val};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn read(this: &Fields, name: &Val) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, structural, indexing_getter)]
    fn read_at(this: &Fields, place: f64) -> Result<Val, JsValue>;

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn write(this: &Fields, name: &Val, value: &Val);

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn write_number(this: &Fields, name: &Val, value: f64);

    #[wasm_bindgen(method, structural, indexing_setter)]
    fn write_flag(this: &Fields, name: &Val, value: bool);

    #[wasm_bindgen(constructor, js_class = "Object")]
    fn new_object() -> Fields;

    #[wasm_bindgen(constructor, js_class = "Array")]
    fn new_list() -> List;

    #[wasm_bindgen(method, js_name = push)]
    fn append(this: &List, value: &Val);

    #[wasm_bindgen(method, js_name = charCodeAt)]
    fn code(this: &Text, place: u32) -> f64;

    #[wasm_bindgen(method, js_name = slice)]
    fn part(this: &Text, start: u32, end: u32) -> Val;
}

impl Fields {
    /// A fresh, empty plain object.
    #[inline(never)]
    pub(crate) fn empty() -> Fields {
        Fields::new_object()
    }

    /// What stands under `name`; an exception of a getter or proxy comes back as `Err`.
    pub(crate) fn get(self, name: Name) -> Result<Val, Val> {
        self.get_dynamic(name.js())
    }

    /// As [`Fields::get`], for a name that is not known at compile time.
    #[inline(never)]
    pub(crate) fn get_dynamic(self, name: Val) -> Result<Val, Val> {
        caught(self.read(&name))
    }

    /// As [`Fields::get`], for an item of a foreign array.
    #[inline(never)]
    pub(crate) fn at(self, place: f64) -> Result<Val, Val> {
        caught(self.read_at(place))
    }

    /// As [`Fields::get`], undefined for what cannot be read.
    #[inline(never)]
    pub(crate) fn peek(self, name: Name) -> Val {
        self.get(name).unwrap_or_default()
    }

    /// Sets `name`. Only for objects of our own, which have no setters.
    #[inline(never)]
    pub(crate) fn set(self, name: Name, value: Val) {
        self.write(&name.js(), &value);
    }

    /// As [`Fields::set`], for a name that is not known at compile time.
    pub(crate) fn set_dynamic(self, name: Val, value: Val) {
        self.write(&name, &value);
    }

    /// The same object with one more field.
    #[inline(never)]
    pub(crate) fn with(self, name: Name, value: Val) -> Fields {
        self.set(name, value);
        self
    }

    /// The same object with one more field, where there is a value for it.
    #[inline(never)]
    pub(crate) fn with_some(self, name: Name, value: Val) -> Fields {
        if value.is_none() { self } else { self.with(name, value) }
    }

    /// The same object with a number.
    #[inline(never)]
    pub(crate) fn number(self, name: Name, value: f64) -> Fields {
        self.write_number(&name.js(), value);
        self
    }

    /// Sets a number, under a name that is not known at compile time.
    pub(crate) fn number_dynamic(self, name: Val, value: f64) {
        self.write_number(&name, value);
    }

    /// The same object with true or false.
    pub(crate) fn flag(self, name: Name, value: bool) -> Fields {
        self.write_flag(&name.js(), value);
        self
    }
}

impl List {
    /// A fresh, empty array.
    pub(crate) fn empty() -> List {
        List::new_list()
    }

    /// What stands there; undefined beyond its end. Only for arrays of our own.
    #[inline(never)]
    pub(crate) fn get(self, place: u32) -> Val {
        self.fields().at(place.into()).unwrap_or_default()
    }

    pub(crate) fn push(self, value: Val) {
        self.append(&value);
    }

    #[inline(never)]
    pub(crate) fn length(self) -> u32 {
        field(*self, Name::Length).as_f64().unwrap_or_default() as u32
    }

    /// Its values, as many as it has now.
    pub(crate) fn iter(self) -> impl Iterator<Item = Val> {
        (0..self.length()).map(move |place| self.get(place))
    }
}

impl Text {
    /// A UTF-16 unit; NaN beyond its end.
    pub(crate) fn unit(self, place: u32) -> f64 {
        self.code(place)
    }

    /// A part of it, in UTF-16 units.
    pub(crate) fn slice(self, start: u32, end: u32) -> Val {
        self.part(start, end)
    }
}
