//! Options as data: they are read and checked like the fields of a request, by a table.

use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::Val;
use crate::rules::{At, Faults, Field, check_field};

/// The values of a table's options, in its order; undefined for what is not given.
pub(crate) type Values = [Val; 15];

/// Reads the options of `table`, each once.
pub(super) fn read(source: Val, before: Name, table: &[Field], faults: &Faults) -> Values {
    let mut values = Values::default();
    // `baseURL` for `baseUrl` must not quietly send requests elsewhere.
    for name in host::own_names(source).unwrap_or_default().iter() {
        if !table.iter().any(|field| field.name.is(name)) {
            faults.add(At(before.js(), name), "is not an option");
        }
    }
    for (value, field) in values.iter_mut().zip(table) {
        *value = check_field(source.fields(), before.js(), field, faults);
    }
    values
}
