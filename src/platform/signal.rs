//! AbortSignals: the caller's, and the controller that cuts our own fetch.

use wasm_bindgen::prelude::*;

use super::host::{self, Fields};
use super::names::Name;

#[wasm_bindgen]
extern "C" {
    /// The caller's AbortSignal, or anything of its shape.
    type Signal;

    #[wasm_bindgen(catch, method, structural, js_name = addEventListener)]
    fn add_listener(this: &Signal, event: &JsValue, listener: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = removeEventListener)]
    fn remove_listener(this: &Signal, event: &JsValue, listener: &JsValue) -> Result<JsValue, JsValue>;

    /// The controller of one attempt.
    pub(crate) type AbortController;

    #[wasm_bindgen(catch, constructor)]
    pub(crate) fn new() -> Result<AbortController, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn signal(this: &AbortController) -> JsValue;

    #[wasm_bindgen(catch, method)]
    pub(crate) fn abort(this: &AbortController) -> Result<(), JsValue>;
}

/// True for an AbortSignal of any realm or polyfill.
pub(crate) fn is_signal(value: &JsValue) -> bool {
    value.is_object() && {
        let fields: &Fields = value.unchecked_ref();
        fields.peek(Name::Aborted).as_bool().is_some() && fields.peek(Name::AddEventListener).is_function()
    }
}

/// True when it has fired. Undefined has not, nor has one that cannot be asked.
pub(crate) fn has_fired(signal: &JsValue) -> bool {
    !host::is_none(signal) && host::is_true(&host::field(signal, Name::Aborted))
}

/// Listens to a signal for as long as it lives.
pub(crate) struct Listener {
    signal: JsValue,
    callback: JsValue,
}

impl Listener {
    /// Starts to listen. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn new(signal: &JsValue, callback: JsValue) -> Result<Listener, JsValue> {
        signal.unchecked_ref::<Signal>().add_listener(Name::Abort.js(), &callback)?;
        Ok(Listener { signal: signal.clone(), callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A foreign signal whose removal throws keeps its listener; there is nobody to tell.
        let _ = self.signal.unchecked_ref::<Signal>().remove_listener(Name::Abort.js(), &self.callback);
    }
}
