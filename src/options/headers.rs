//! Headers that the caller adds: `defaultHeaders` of a client, `headers` of a call.

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

use crate::platform::host::{self, Fields};
use crate::rules::Faults;

#[wasm_bindgen]
extern "C" {
    type Headers;

    /// Throws for names and values that HTTP does not allow.
    #[wasm_bindgen(catch, constructor)]
    fn new(init: &JsValue) -> Result<Headers, JsValue>;
}

/// What the client itself sets; a second opinion would only break requests.
const OWN: [&str; 4] = ["authorization", "content-type", "accept", "content-length"];

/// Names (in lower case) and values, checked once so that a call only writes them.
#[derive(Clone, Default)]
pub(crate) struct ExtraHeaders(Vec<(JsString, JsString)>);

impl ExtraHeaders {
    /// Reads a Headers, an array of pairs or a plain object. Faults are told under `path`.
    pub(crate) fn read(value: &JsValue, path: &str, faults: &mut Faults) -> ExtraHeaders {
        let pairs = if host::as_fields(value).is_some() {
            Headers::new(value).and_then(|headers| host::array_from(&headers))
        } else {
            Err(JsValue::NULL)
        };
        let Ok(pairs) = pairs else {
            blame(value, path, faults);
            return ExtraHeaders::default();
        };
        let mut extra = Vec::new();
        for pair in pairs.iter() {
            let pair: Array = pair.unchecked_into();
            let (Ok(name), Ok(content)) = (pair.get(0).dyn_into::<JsString>(), pair.get(1).dyn_into::<JsString>())
            else {
                continue;
            };
            let plain = String::from(&name);
            if OWN.contains(&plain.as_str()) {
                faults.add([path, ".", &plain].concat(), "is set by the client itself and cannot be given");
            }
            extra.push((name, content));
        }
        ExtraHeaders(extra)
    }

    /// Writes them into an attempt's headers.
    pub(crate) fn write_to(&self, headers: &Fields) {
        for (name, value) in &self.0 {
            headers.write(name, value);
        }
    }
}

/// Finds which header is at fault. Values stay out of the message: they may be secrets.
fn blame(value: &JsValue, path: &str, faults: &mut Faults) {
    if host::is_record(value) {
        let names = host::own_names(value).unwrap_or_default();
        for name in names.iter() {
            let name: JsString = name.unchecked_into();
            let one = Fields::empty();
            let content = value.unchecked_ref::<Fields>().get_dynamic(&name);
            if let Ok(content) = &content {
                one.write(&name, content);
            }
            if content.is_err() || Headers::new(&one).is_err() {
                let at = [path, ".", &crate::rules::one_line(&name)].concat();
                return faults.add(at, "is not a header that HTTP can carry: check its name and value");
            }
        }
    }
    faults.wrong(path, "an object of header names and values, a Headers, or an array of pairs", value);
}
