//! The class JavaScript sees.
//!
//! No borrow of the service spans a call into JavaScript or an await, so nothing that code does (a clock that calls back, a `toJSON`
//! that sends a request) finds it borrowed.

mod clock;
mod exchange;
mod fault;
mod options;
mod read;
mod shared;
mod types;
mod wait;

use crate::service::Service;
use js_sys::{Array, Error, JSON, Object, Promise, Reflect, TypeError, Uint8Array};
use shared::Shared;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// How many events are indexed at once in pauses.
const PREPARED: usize = 1000;

/// Sets a property that functions have of themselves; it cannot be assigned to.
fn describe(function: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    let property = Object::new();
    Reflect::set(&property, &"value".into(), value)?;
    Reflect::set(&property, &"configurable".into(), &JsValue::TRUE)?;
    Reflect::define_property(function.unchecked_ref::<Object>(), &name.into(), &property).map(|_| ())
}

/// An in-memory Claiv Memory service, for work offline, demos and tests.
///
/// It keeps events, finds them by their words, deletes them with receipts and counts usage, all in memory. It derives nothing with
/// language models, ranks by words alone, and is no security boundary.
///
/// ```js
/// const emulator = new ClaivEmulator();
/// const claiv = new ClaivClient({ apiKey: "test", fetch: emulator.fetch });
/// ```
#[wasm_bindgen]
pub struct ClaivEmulator {
    shared: Rc<Shared>,
    fetch: JsValue,
}

#[wasm_bindgen]
impl ClaivEmulator {
    /// Makes an empty service.
    ///
    /// Throws a `TypeError` or `RangeError` that names the option if one is unknown or wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "ClaivEmulatorOptions")] options: JsValue,
    ) -> Result<ClaivEmulator, JsValue> {
        let (settings, clock) = options::read(options)?;
        let shared = Rc::new(Shared::new(Service::new(settings), clock));
        let own = Rc::clone(&shared);
        let handler: Closure<dyn Fn(JsValue, JsValue, JsValue) -> Promise> =
            Closure::new(move |input: JsValue, init: JsValue, third: JsValue| {
                own.fetch(&input, init, &third).unwrap_or_else(|error| Promise::reject(&error))
            });
        // The function keeps the service alive by itself, also when nothing else refers to it any more.
        let fetch = handler.into_js_value();
        // Deno.serve hands no request to a handler that declares no parameter.
        describe(&fetch, "length", &1.into())?;
        describe(&fetch, "name", &"fetch".into())?;
        Ok(ClaivEmulator { shared, fetch })
    }

    /// Answers a request as the service would. Bound: it works as the `fetch` of a client and as the handler of a server, by itself.
    #[wasm_bindgen(getter, unchecked_return_type = "EmulatorFetch")]
    pub fn fetch(&self) -> JsValue {
        self.fetch.clone()
    }

    /// Adds a fault, or several; each meets the next requests it applies to, in the order in which they were added.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EmulatorFault | readonly EmulatorFault[]")] fault: JsValue,
    ) -> Result<(), JsValue> {
        let faults = fault::read(fault)?;
        self.shared.with(|service| faults.into_iter().for_each(|fault| service.faults.add(fault)))
    }

    /// Drops the faults that are still to come.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) -> Result<(), JsValue> {
        self.shared.with(|service| service.faults.clear())
    }

    /// How many faults are still to come.
    #[wasm_bindgen(getter, js_name = pendingFaults)]
    pub fn pending_faults(&self) -> Result<usize, JsValue> {
        self.shared.with(|service| service.faults.len())
    }

    /// The requests that came in, oldest first.
    #[wasm_bindgen(getter, unchecked_return_type = "EmulatorRequest[]")]
    pub fn requests(&self) -> Result<JsValue, JsValue> {
        let text = self.shared.with(|service| crate::json::to_text(&service.log.list()))?;
        JSON::parse(&text)
    }

    /// Forgets the requests that came in.
    #[wasm_bindgen(js_name = clearRequests)]
    pub fn clear_requests(&self) -> Result<(), JsValue> {
        self.shared.with(|service| service.log.clear())
    }

    /// The time on the emulator's clock, in milliseconds since 1970.
    #[wasm_bindgen(getter)]
    #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
    pub fn time(&self) -> Result<f64, JsValue> {
        Ok(self.shared.clock.now()? as f64)
    }

    /// Sets the clock; it runs on from there.
    #[wasm_bindgen(js_name = setTime)]
    pub fn set_time(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EmulatorTime")] time: JsValue,
    ) -> Result<(), JsValue> {
        let wrong =
            "time must be a number of milliseconds since 1970, a Date or an ISO 8601 string, in the years 0 to 9999";
        let at = clock::instant(&time).ok_or_else(|| TypeError::new(wrong))?;
        self.shared.clock.set(at);
        Ok(())
    }

    /// Moves the clock forward by so many milliseconds, or back if they are negative.
    pub fn advance(&self, #[wasm_bindgen(unchecked_param_type = "number")] ms: JsValue) -> Result<(), JsValue> {
        let by = ms.as_f64().filter(|ms| ms.is_finite()).ok_or_else(|| TypeError::new("ms must be a finite number"))?;
        self.shared.clock.advance(by);
        Ok(())
    }

    /// Back to the beginning: no events, receipts, counters, faults or requests, and the clock as the options have it.
    pub fn reset(&self) -> Result<(), JsValue> {
        self.shared.clock.reset();
        self.shared.with(Service::reset)
    }

    /// All that is remembered, receipts and counters included, as one line of JSON.
    #[wasm_bindgen(js_name = exportState)]
    pub fn export_state(&self) -> Result<String, JsValue> {
        self.shared.with(|service| service.store.export())
    }

    /// Replaces all that is remembered by an exported state, given as text or as its UTF-8. Throws if it is none, and changes nothing then.
    #[wasm_bindgen(js_name = importState)]
    pub fn import_state(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] state: JsValue,
    ) -> Result<(), JsValue> {
        let text = text_of(&state, "state")?;
        self.shared.with(|service| service.store.import(&text))?.map_err(|error| Error::new(&error).into())
    }

    /// All that is remembered, in lines: the first is a state for `importState`, the others are changes for `applyChanges`. For what is
    /// too large for one string. Each array holds some whole lines.
    #[wasm_bindgen(js_name = exportLines, unchecked_return_type = "Uint8Array[]")]
    pub fn export_lines(&self) -> Result<Array, JsValue> {
        let chunks = Array::new();
        self.shared.with(|service| {
            service.store.export_lines(|lines| {
                chunks.push(&Uint8Array::from(lines.as_bytes()));
            });
        })?;
        Ok(chunks)
    }

    /// Indexes some of the events of a state that was loaded, and tells whether there are more. A recall indexes those of its user where
    /// that was not done; called in pauses, this saves the first one from it.
    pub fn prepare(&self) -> Result<bool, JsValue> {
        self.shared.with(|service| service.store.prepare(PREPARED))
    }

    /// With `options.journal`: whether what is remembered has changed since the last `takeChanges`. Counters of the usage, and which
    /// recalls feedback can speak of, are taken as well but are no change of it.
    #[wasm_bindgen(getter, js_name = hasChanges)]
    pub fn has_changes(&self) -> Result<bool, JsValue> {
        self.shared.with(|service| service.store.has_changes())
    }

    /// With `options.journal`: what changed since the last call, as lines of JSON for `applyChanges`. Empty if nothing did.
    #[wasm_bindgen(js_name = takeChanges)]
    pub fn take_changes(&self) -> Result<String, JsValue> {
        self.shared.with(|service| service.store.take_changes())
    }

    /// Applies changes that were taken before, given as text or as its UTF-8, in the order in which they were, and returns how many there
    /// were. A last line without its line feed was cut off while it was written and is ignored; a line that comes a second time changes
    /// nothing. Throws on any other broken line, and changes nothing then.
    #[wasm_bindgen(js_name = applyChanges)]
    pub fn apply_changes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] changes: JsValue,
    ) -> Result<f64, JsValue> {
        let text = text_of(&changes, "changes")?;
        let applied = self.shared.with(|service| service.store.apply_changes(&text))?;
        applied
            .map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
            .map_err(|error| Error::new(&error).into())
    }
}

/// A text, given as a string or as its UTF-8.
fn text_of(value: &JsValue, name: &str) -> Result<String, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    let wrong = || TypeError::new(&format!("{name} must be a string, or a Uint8Array of UTF-8"));
    let bytes = value.dyn_ref::<Uint8Array>().ok_or_else(wrong)?.to_vec();
    String::from_utf8(bytes).map_err(|_| wrong().into())
}
