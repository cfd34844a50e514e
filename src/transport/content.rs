//! The text of a document that is given as a Blob or a stream. It is read before the first attempt, as much as may be sent of it.

use wasm_bindgen::prelude::*;

use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::Val;

#[wasm_bindgen(raw_module = "./content.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readContent)]
    fn read(source: &Val, most: f64) -> Result<Val, JsValue>;
}

/// A reading that goes on.
#[derive(Clone, Copy)]
pub(crate) struct Reading(Val);

/// Begins to read, `most` bytes and not many more.
pub(crate) fn read_content(source: Val, most: f64) -> Result<Reading, Val> {
    Ok(Reading(read(&source, most)?))
}

impl Reading {
    /// A promise of the text, or of nothing where it takes more than may be sent.
    pub(crate) fn text(self) -> Val {
        host::field(self.0, Name::TextField)
    }

    /// Lets go of the rest. What a foreign stream throws is dropped.
    pub(crate) fn cancel(self) {
        let _ = host::cancel(self.0);
    }
}
