//! Reads an object of options: each option once, with its check. Names that are no option are refused.

use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;

use crate::host::{Name, join_names, one_line, own_names};
use crate::rules::{Field, FieldPath, Issues, Kind, closest_name, read_field};

/// An object of options that is being read.
pub(super) struct OptionReader<'a> {
    source: &'a JsValue,
    /// What comes before the names in messages: nothing for a client's options, `options.` for a call's.
    parent: &'static str,
    known: Vec<Name>,
    /// The values as they were read.
    values: Object,
    pub(super) issues: &'a mut Issues,
}

impl<'a> OptionReader<'a> {
    pub(super) fn new(source: &'a JsValue, parent: &'static str, issues: &'a mut Issues) -> OptionReader<'a> {
        OptionReader { source, parent, known: Vec::new(), values: Object::new(), issues }
    }

    /// An option of this kind; undefined where it is not set.
    #[inline(never)]
    pub(super) fn value(&mut self, name: Name, kind: Kind) -> JsValue {
        self.known.push(name);
        let value = read_field(self.source, self.parent, &Field::optional(name, kind), self.issues);
        if !value.is_undefined() {
            name.set(&self.values, &value);
        }
        value
    }

    /// A number.
    pub(super) fn number(&mut self, name: Name, kind: Kind) -> Option<f64> {
        self.value(name, kind).as_f64()
    }

    /// True or false.
    pub(super) fn flag(&mut self, name: Name) -> Option<bool> {
        self.value(name, Kind::Flag).as_bool()
    }

    /// A function of the caller's.
    pub(super) fn function(&mut self, name: Name) -> Option<Function> {
        self.value(name, Kind::Function).dyn_into().ok()
    }

    /// The path of an option, for messages.
    pub(super) fn path(&self, name: Name) -> FieldPath<'static> {
        FieldPath::within(self.parent, name)
    }

    /// Refuses names that were not read: `baseURL` for `baseUrl` must not quietly send requests elsewhere. Returns the options as they were
    /// read, which make the same client when they are read again.
    pub(super) fn finish(self) -> Object {
        for name in own_names(self.source).unwrap_or_default().iter() {
            if !self.known.iter().any(|known| known.is(&name)) {
                let text = one_line(&name);
                let path = FieldPath::named(self.parent, &text);
                match closest_name(&text, self.known.iter().map(|known| known.text())) {
                    Some(known) => self.issues.add(path, &["is not an option: did you mean ", &known, "?"]),
                    None => self.issues.add(path, &["is not an option; there are ", &join_names(&self.known, "")]),
                }
            }
        }
        self.values
    }
}
