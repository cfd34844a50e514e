//! The text of a document that is given as a Blob or a stream. It is read before the first attempt, as much as may be sent of it.

use wasm_bindgen::prelude::*;

use crate::platform::value::Val;

#[wasm_bindgen(raw_module = "./content.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readContent)]
    fn read(source: &Val, most: f64) -> Result<Val, JsValue>;

    #[wasm_bindgen(method, getter, js_name = text)]
    fn text_of(this: &Val) -> Val;

    #[wasm_bindgen(catch, method, js_name = cancel)]
    fn cancel_it(this: &Val) -> Result<(), JsValue>;
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
        self.0.text_of()
    }

    /// Lets go of the rest. What a foreign stream throws is dropped.
    pub(crate) fn cancel(self) {
        let _ = self.0.cancel_it().map_err(Val::from);
    }
}
