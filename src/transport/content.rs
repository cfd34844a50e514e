//! The text of a document that is given as a Blob or a stream. It is read before the first attempt, as much as may be sent of it.

use wasm_bindgen::prelude::*;

use super::{Bound, Outcome};
use crate::platform::host::{self, Fields};
use crate::rules::{Faults, MOST_CONTENT, TOO_LONG, check_content};

/// The field that it is.
pub(crate) const FIELD: &str = "content";

#[wasm_bindgen(raw_module = "./content.js")]
extern "C" {
    /// A reading that goes on.
    type Reading;

    #[wasm_bindgen(catch, js_name = readContent)]
    fn begin(source: &JsValue, most: f64) -> Result<Reading, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn text(this: &Reading) -> JsValue;

    #[wasm_bindgen(catch, method)]
    fn cancel(this: &Reading) -> Result<(), JsValue>;
}

/// True for what can be read: it has a `stream`, as a Blob, or a `getReader`, as a ReadableStream.
pub(crate) fn is_source(value: &JsValue) -> bool {
    let has = |method| value.unchecked_ref::<Fields>().get(method).is_ok_and(|method| method.is_function());
    host::is_record(value) && (has("getReader") || has("stream"))
}

/// Reads all of it. What is wrong with it is added to `faults`; `Err` is what cut the reading short.
pub(crate) async fn read(source: &JsValue, bound: &Bound<'_>, faults: &mut Faults) -> Result<JsValue, Outcome> {
    let read = match begin(source, MOST_CONTENT as f64) {
        Err(error) => Err(error),
        Ok(reading) => {
            let read = bound.wait(&reading.text()).await;
            if !matches!(&read, Ok(Ok(text)) if text.is_string()) {
                // It may hold a connection. A foreign stream whose `cancel` throws has nobody to tell.
                let _ = reading.cancel();
            }
            read?
        }
    };
    match &read {
        Err(error) => faults.threw(FIELD, "read", error),
        Ok(text) if text.is_undefined() => faults.add(FIELD, TOO_LONG),
        Ok(text) => check_content(FIELD, text, faults),
    }
    Ok(read.unwrap_or_default())
}
