//! AbortSignals: the caller's, and the controller that cuts our own fetch.

use wasm_bindgen::prelude::*;

use super::host;
use super::names::Name;
use super::value::{Kept, Val};

#[wasm_bindgen(raw_module = "./signals.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn listen(signal: &Val, callback: &Val) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    fn unlisten(signal: &Val, callback: &Val) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, constructor, js_class = "AbortController")]
    fn new_controller() -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = abort)]
    fn abort_of_host(this: &Val) -> Result<(), JsValue>;
}

/// A controller for one attempt; none where the host has no AbortController.
pub(crate) fn controller() -> Option<Val> {
    Val::new_controller().map_err(Val::from).ok()
}

/// Fires a controller's signal.
pub(crate) fn abort(controller: Val) {
    let _ = controller.abort_of_host().map_err(Val::from);
}

/// True for an AbortSignal of any realm or polyfill.
pub(crate) fn is_signal(value: Val) -> bool {
    value.is_object()
        && host::field(value, Name::Aborted).as_bool().is_some()
        && host::field(value, Name::AddEventListener).is_function()
}

/// True when it has fired. Undefined has not, nor has one that cannot be asked.
pub(crate) fn has_fired(signal: Val) -> bool {
    host::field(signal, Name::Aborted).is_true()
}

/// Listens to a signal for as long as it lives.
pub(crate) struct Listener {
    signal: Kept,
    callback: Kept,
}

impl Listener {
    /// Starts to listen. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn new(signal: Kept, callback: Kept) -> Result<Listener, Val> {
        listen(&signal, &callback)?;
        Ok(Listener { signal, callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A foreign signal whose removal throws keeps its listener; there is nobody to tell.
        let _ = unlisten(&self.signal, &self.callback).map_err(Val::from);
    }
}
