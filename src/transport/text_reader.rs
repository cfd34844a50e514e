//! Text that is read in pieces and up to a size: the body of a response, the content of a document.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./body.js")]
extern "C" {
    /// Reads a text; it has begun.
    pub(crate) type TextReader;

    #[wasm_bindgen(catch, js_name = readContent)]
    pub(crate) fn read_content(source: &JsValue, most_bytes: f64) -> Result<TextReader, JsValue>;

    #[wasm_bindgen(catch, js_name = readBody)]
    pub(super) fn read_body(response: &JsValue, most_bytes: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = discard)]
    fn discard_by_host(stream: &JsValue) -> Result<(), JsValue>;

    /// A promise of the text, or of undefined where it takes more bytes than are allowed.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn text(this: &TextReader) -> JsValue;

    #[wasm_bindgen(catch, method, js_name = cancel)]
    fn cancel_by_host(this: &TextReader) -> Result<(), JsValue>;
}

/// Cancels a stream that will not be read, since it may hold a connection. An exception of a foreign stream is dropped.
#[inline(never)]
pub(crate) fn discard(stream: &JsValue) {
    let _ = discard_by_host(stream);
}

impl TextReader {
    /// Cancels the rest of the stream. An exception of a foreign stream is dropped.
    pub(crate) fn cancel(&self) {
        let _ = self.cancel_by_host();
    }
}
