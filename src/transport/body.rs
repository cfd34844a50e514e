//! Text that is read in pieces: the body of a response, the content of a document.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./body.js")]
extern "C" {
    /// A reading that goes on.
    pub(crate) type Reading;

    #[wasm_bindgen(catch, js_name = readContent)]
    pub(crate) fn read_content(source: &JsValue, most_bytes: f64) -> Result<Reading, JsValue>;

    #[wasm_bindgen(catch, js_name = readBody)]
    pub(super) fn read_body(response: &JsValue, most_bytes: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = discard)]
    fn discard_by_host(stream: &JsValue) -> Result<(), JsValue>;

    /// A promise of the text, or of undefined where it takes more than is allowed.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &Reading) -> JsValue;

    #[wasm_bindgen(catch, method, js_name = cancel)]
    fn cancel_of_host(this: &Reading) -> Result<(), JsValue>;
}

/// Cancels a stream that nobody will read: it may hold a connection. Whether a foreign one can be cancelled or not, nothing more is wanted
/// of it.
pub(crate) fn discard(stream: &JsValue) {
    let _ = discard_by_host(stream);
}

impl Reading {
    /// Lets go of the rest. What a foreign stream throws is dropped.
    pub(crate) fn cancel(&self) {
        let _ = self.cancel_of_host();
    }
}
