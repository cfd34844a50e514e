//! The client of the Claiv Memory API.

use wasm_bindgen::prelude::*;

/// The client.
#[wasm_bindgen]
pub struct ClaivClient {}

#[wasm_bindgen]
impl ClaivClient {
    /// Makes a client.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> ClaivClient {
        ClaivClient {}
    }
}
