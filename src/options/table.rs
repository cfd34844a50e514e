//! Options as data: they are read and checked like the fields of a request, by a table.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::platform::host::{self, Fields};
use crate::platform::names::Name;
use crate::rules::{At, Faults, Field, check_fields};

/// The values of the options of `table`, in its order; undefined for what is not given. Each is read once.
pub(super) fn read(source: &JsValue, before: Name, table: &[Field], faults: &Faults) -> Array {
    let before: &JsValue = before.js();
    let values = Array::new();
    // `baseURL` for `baseUrl` must not quietly send requests elsewhere.
    for name in host::own_names(source).unwrap_or_default().iter() {
        if !table.iter().any(|field| field.name.is(&name)) {
            faults.add(At(before, &name), "is not an option");
        }
    }
    check_fields(source.unchecked_ref::<Fields>(), before, table, faults, &mut |value| {
        values.push(value);
    });
    values
}
