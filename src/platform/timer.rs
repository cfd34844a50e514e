//! Timers.

use wasm_bindgen::prelude::*;

use super::host;

/// A timer that is cleared when it is dropped.
pub(crate) struct Timer(JsValue);

impl Timer {
    /// The timer that the host knows by `id`.
    pub(crate) fn new(id: JsValue) -> Timer {
        Timer(id)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        host::clear_timeout(&self.0);
    }
}
