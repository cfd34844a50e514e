//! The exported class `ClaivEmulator`.
//!
//! The service is never borrowed across a call into JavaScript or an await, so JavaScript code may call the emulator at any time, for instance
//! in the function of the clock or in a `toJSON`.

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

/// How many events a call of `prepare` indexes at most.
const PREPARE_EVENTS: usize = 1000;

/// Sets `name` or `length` of a function. These properties are read-only, so they must be defined.
fn define_property(function: &JsValue, name: &str, value: &JsValue) -> Result<(), JsValue> {
    let property = Object::new();
    Reflect::set(&property, &"value".into(), value)?;
    Reflect::set(&property, &"configurable".into(), &JsValue::TRUE)?;
    Reflect::define_property(function.unchecked_ref::<Object>(), &name.into(), &property).map(|_| ())
}

/// An in-memory Claiv Memory service, for work offline, demos and tests.
///
/// It stores events, recalls them by their words, deletes them with receipts and counts usage, all in memory. It derives nothing with
/// language models, ranks by words alone, and is not a security boundary. `docs/emulator.md` describes its behaviour.
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
    /// Throws a `TypeError` or `RangeError` that names the option where one is unknown or wrong.
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
        // The function keeps the service alive, even where nothing else refers to the emulator any more.
        let fetch = handler.into_js_value();
        // Deno.serve passes no request to a handler whose `length` is 0.
        define_property(&fetch, "length", &1.into())?;
        define_property(&fetch, "name", &"fetch".into())?;
        Ok(ClaivEmulator { shared, fetch })
    }

    /// Answers a request as the service would. It is bound to the emulator and can be passed on by itself, as the `fetch` of a client or the
    /// handler of a server. Rejects with a `TypeError` where a fault drops the connection, and with the reason of the signal where that is
    /// aborted.
    #[wasm_bindgen(getter, unchecked_return_type = "EmulatorFetch")]
    pub fn fetch(&self) -> JsValue {
        self.fetch.clone()
    }

    /// Adds a fault, or several. Each applies to the next requests that match it, in the order in which the faults were added. Throws a
    /// `TypeError` or `RangeError` that names the field where one is unknown or wrong, and adds none of them then.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EmulatorFault | readonly EmulatorFault[]")] fault: JsValue,
    ) -> Result<(), JsValue> {
        let faults = fault::read(fault)?;
        self.shared.with(|service| faults.into_iter().for_each(|fault| service.faults.add(fault)))
    }

    /// Removes all faults.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) -> Result<(), JsValue> {
        self.shared.with(|service| service.faults.clear())
    }

    /// How many faults there are that can still apply.
    #[wasm_bindgen(getter, js_name = pendingFaults)]
    pub fn pending_faults(&self) -> Result<usize, JsValue> {
        self.shared.with(|service| service.faults.len())
    }

    /// The latest requests, the oldest first; at most `options.logLimit`.
    #[wasm_bindgen(getter, unchecked_return_type = "EmulatorRequest[]")]
    pub fn requests(&self) -> Result<JsValue, JsValue> {
        let text = self.shared.with(|service| crate::json::to_text(&service.log.list()))?;
        JSON::parse(&text)
    }

    /// Removes all requests from `requests`.
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

    /// Sets the clock; it runs on from there. Delays are real time and do not change. Throws a `TypeError` where `time` is not valid.
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

    /// Moves the clock forward by this many milliseconds, or back if negative. Delays are real time and do not change.
    pub fn advance(&self, #[wasm_bindgen(unchecked_param_type = "number")] ms: JsValue) -> Result<(), JsValue> {
        let by = ms.as_f64().filter(|ms| ms.is_finite()).ok_or_else(|| TypeError::new("ms must be a finite number"))?;
        self.shared.clock.advance(by);
        Ok(())
    }

    /// Removes everything (events, documents, receipts, counters, faults and requests) and resets the clock to that of the options.
    pub fn reset(&self) -> Result<(), JsValue> {
        self.shared.clock.reset();
        self.shared.with(Service::reset)
    }

    /// Everything that is remembered, receipts and usage counters included, as one line of JSON.
    #[wasm_bindgen(js_name = exportState)]
    pub fn export_state(&self) -> Result<String, JsValue> {
        self.shared.with(|service| service.store.export())
    }

    /// Replaces everything that is remembered by an exported state, given as a string or as UTF-8 bytes. Throws an `Error` that names what is
    /// wrong where it is not an exported state, and changes nothing then.
    #[wasm_bindgen(js_name = importState)]
    pub fn import_state(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] state: JsValue,
    ) -> Result<(), JsValue> {
        let text = text_from(&state, "state")?;
        self.shared.with(|service| service.store.import(&text))?.map_err(|error| Error::new(&error).into())
    }

    /// Everything that is remembered, in lines, for states that are too large for one string: the first line is for `importState`, the others
    /// are for `applyChanges`. Each array contains whole lines in UTF-8, about 4 MiB of them.
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

    /// Indexes up to 1000 events of a loaded state, and returns whether there may be more. Optional: a recall indexes the events of its user
    /// where that was not done. Called while the program is idle, it makes the first recall faster.
    pub fn prepare(&self) -> Result<bool, JsValue> {
        self.shared.with(|service| service.store.prepare(PREPARE_EVENTS))
    }

    /// With `options.journal`: whether `takeChanges` would return changes other than those of usage counters and of the recalls that feedback can
    /// refer to.
    #[wasm_bindgen(getter, js_name = hasChanges)]
    pub fn has_changes(&self) -> Result<bool, JsValue> {
        self.shared.with(|service| service.store.has_changes())
    }

    /// With `options.journal`: what has changed since the last call, as lines of JSON for `applyChanges`. Empty where nothing has.
    #[wasm_bindgen(js_name = takeChanges)]
    pub fn take_changes(&self) -> Result<String, JsValue> {
        self.shared.with(|service| service.store.take_changes())
    }

    /// Applies changes that `takeChanges` returned, given as a string or as UTF-8 bytes, and returns how many there were. Must be called in the
    /// order in which they were taken. A last line without a line feed is ignored, as it was cut off while it was written; a repeated line
    /// changes nothing. Throws an `Error` that names the line where any other is broken, and changes nothing then.
    #[wasm_bindgen(js_name = applyChanges)]
    pub fn apply_changes(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] changes: JsValue,
    ) -> Result<f64, JsValue> {
        let text = text_from(&changes, "changes")?;
        let applied = self.shared.with(|service| service.store.apply_changes(&text))?;
        applied
            .map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
            .map_err(|error| Error::new(&error).into())
    }
}

/// Reads text that is given as a string or as UTF-8 bytes.
fn text_from(value: &JsValue, name: &str) -> Result<String, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text);
    }
    let wrong = || TypeError::new(&format!("{name} must be a string, or a Uint8Array of UTF-8"));
    let bytes = value.dyn_ref::<Uint8Array>().ok_or_else(wrong)?.to_vec();
    String::from_utf8(bytes).map_err(|_| wrong().into())
}
