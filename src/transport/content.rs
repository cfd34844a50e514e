//! The text of a document that is given as a Blob or a stream. It is read before the first attempt, as much as may be sent of it.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./content.js")]
extern "C" {
    /// A reading that goes on.
    pub(crate) type Reading;

    #[wasm_bindgen(catch, js_name = readContent)]
    pub(crate) fn read_content(source: &JsValue, most: f64) -> Result<Reading, JsValue>;

    /// A promise of the text, or of nothing where it takes more than may be sent.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &Reading) -> JsValue;

    /// Lets go of the rest. What a foreign stream throws is dropped.
    #[wasm_bindgen(catch, method)]
    pub(crate) fn cancel(this: &Reading) -> Result<(), JsValue>;
}
