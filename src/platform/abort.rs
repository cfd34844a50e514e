//! The caller's AbortSignal, and the controller that cuts our own fetch.

use std::cell::Cell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::host::Fields;
use super::names;
use super::pending::Pending;

#[wasm_bindgen]
extern "C" {
    /// The caller's AbortSignal, or anything of its shape.
    #[derive(Clone)]
    pub(crate) type Signal;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn aborted(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn reason(this: &Signal) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = addEventListener)]
    fn add_listener(this: &Signal, event: &JsValue, listener: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = removeEventListener)]
    fn remove_listener(this: &Signal, event: &JsValue, listener: &Function) -> Result<JsValue, JsValue>;

    /// The controller of one attempt.
    pub(crate) type AbortController;

    #[wasm_bindgen(catch, constructor)]
    pub(crate) fn new() -> Result<AbortController, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn signal(this: &AbortController) -> JsValue;

    #[wasm_bindgen(catch, method)]
    pub(crate) fn abort(this: &AbortController) -> Result<(), JsValue>;
}

impl Signal {
    /// True for an AbortSignal of any realm or polyfill.
    pub(crate) fn is_one(value: &JsValue) -> bool {
        value.is_object()
            && value.unchecked_ref::<Signal>().aborted().is_ok_and(|aborted| aborted.as_bool().is_some())
            && value.unchecked_ref::<Fields>().get("addEventListener").is_ok_and(|method| method.is_function())
    }

    /// True when it has fired. A signal that cannot be asked has not.
    pub(crate) fn has_fired(&self) -> bool {
        self.aborted().is_ok_and(|aborted| aborted.is_truthy())
    }

    /// Why it fired.
    pub(crate) fn why(&self) -> JsValue {
        self.reason().unwrap_or(JsValue::UNDEFINED)
    }
}

/// Listens to a signal for as long as a call runs; the listener goes when this is dropped.
pub(crate) struct AbortWatch {
    pub(crate) signal: Signal,
    event: Pending,
    fired: Cell<bool>,
    listener: Function,
}

impl AbortWatch {
    /// Starts to listen. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn new(signal: Signal) -> Result<AbortWatch, JsValue> {
        let event = Pending::idle();
        let listener = event.callback(true);
        signal.add_listener(&names::js("abort"), &listener)?;
        Ok(AbortWatch { signal, event, fired: Cell::new(false), listener })
    }

    /// True from the signal's firing on; the task that asks is polled again at that moment.
    pub(crate) fn poll_fired(&self) -> bool {
        if self.event.poll_value().is_some() {
            self.fired.set(true);
        }
        self.fired.get()
    }
}

impl Drop for AbortWatch {
    fn drop(&mut self) {
        // A foreign signal whose removal throws keeps its listener; there is nobody to tell.
        let _ = self.signal.remove_listener(&names::js("abort"), &self.listener);
    }
}
