//! An in-memory Claiv Memory service.

use wasm_bindgen::prelude::*;

/// The service.
#[wasm_bindgen]
pub struct ClaivEmulator {}

#[wasm_bindgen]
impl ClaivEmulator {
    /// Makes an empty service.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    pub fn new() -> ClaivEmulator {
        ClaivEmulator {}
    }
}
