//! The text of a document that is given as a Blob or a stream. It is read before the first attempt, as much as may be sent of it.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{Bound, Outcome};
use crate::platform::host::{self, Fields};
use crate::platform::pending::Pending;
use crate::rules::{Faults, MOST_CONTENT, TOO_LONG, check_content};

/// The field that it is.
pub(crate) const FIELD: &str = "content";

#[wasm_bindgen]
extern "C" {
    /// A Blob, a File or a ReadableStream.
    type Source;

    #[wasm_bindgen(catch, method, structural)]
    fn stream(this: &Source) -> Result<Source, JsValue>;

    #[wasm_bindgen(catch, method, structural, js_name = getReader)]
    fn reader(this: &Source) -> Result<Reader, JsValue>;

    type Reader;

    #[wasm_bindgen(catch, method, structural)]
    fn read(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural)]
    fn cancel(this: &Reader) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = TextDecoder)]
    type Decoder;

    #[wasm_bindgen(catch, constructor, js_class = "TextDecoder")]
    fn new(label: &JsValue, options: &Fields) -> Result<Decoder, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn decode(this: &Decoder, bytes: &JsValue, options: &Fields) -> Result<JsString, JsValue>;
}

/// True for what can be read: it has a `stream`, as a Blob, or a `getReader`, as a ReadableStream.
pub(crate) fn is_source(value: &JsValue) -> bool {
    has(value, "getReader") || has(value, "stream")
}

fn has(value: &JsValue, method: &'static str) -> bool {
    host::is_record(value) && value.unchecked_ref::<Fields>().get(method).is_ok_and(|method| method.is_function())
}

/// Reads all of it. What is wrong with it is added to `faults`; `Err` is what cut the reading short.
pub(crate) async fn read(source: &JsValue, bound: &Bound<'_>, faults: &mut Faults) -> Result<JsString, Outcome> {
    let opened = if has(source, "getReader") {
        source.unchecked_ref::<Source>().reader()
    } else {
        source.unchecked_ref::<Source>().stream().and_then(|stream| stream.reader())
    };
    let text = match opened {
        Ok(reader) => {
            let text = pull(&reader, bound).await;
            if !matches!(text, Ok(Ok(Some(_)))) {
                // It may hold a connection. How that ends is nobody's concern, but it must not be an unhandled rejection.
                let _ = reader.cancel().map(|end| Pending::promise(&end));
            }
            text?
        }
        Err(error) => Err(error),
    };
    match text {
        Err(error) => faults.threw(FIELD, "read", &error),
        Ok(None) => faults.add(FIELD, TOO_LONG),
        Ok(Some(text)) => {
            check_content(FIELD, &text, faults);
            return Ok(text);
        }
    }
    Ok(JsString::default())
}

/// What the reader gives, up to its end; None where that is too much.
async fn pull(reader: &Reader, bound: &Bound<'_>) -> Result<Result<Option<JsString>, JsValue>, Outcome> {
    let options = Fields::empty();
    options.set("fatal", &JsValue::TRUE);
    let decoder = match Decoder::new(&"utf-8".into(), &options) {
        Ok(decoder) => decoder,
        Err(error) => return Ok(Err(error)),
    };
    options.set("stream", &JsValue::TRUE);
    let (mut text, mut bytes) = (JsString::default(), 0.0);
    loop {
        let step = match reader.read() {
            Ok(step) => bound.wait(&step).await?,
            Err(error) => Err(error),
        };
        match step.and_then(|step| take(&decoder, &step, &options)) {
            Err(error) => return Ok(Err(error)),
            Ok(None) => return Ok(Ok(Some(text))),
            Ok(Some((piece, size))) => {
                text = text.concat(&piece);
                bytes += size;
                if bytes > MOST_CONTENT as f64 {
                    return Ok(Ok(None));
                }
            }
        }
    }
}

/// The text of one step, and how many bytes it takes at the least; None at the end.
fn take(decoder: &Decoder, step: &JsValue, options: &Fields) -> Result<Option<(JsString, f64)>, JsValue> {
    let Some(step) = host::as_fields(step) else { return Ok(None) };
    let value = step.get("value")?;
    if step.get("done")?.is_truthy() {
        // Throws where a character has only begun.
        return decoder.decode(&JsValue::UNDEFINED, &Fields::empty()).map(|_| None);
    }
    if let Some(text) = value.dyn_ref::<JsString>() {
        return Ok(Some((text.clone(), f64::from(text.length()))));
    }
    let size = host::as_fields(&value).and_then(|bytes| bytes.get("byteLength").ok()).and_then(|size| size.as_f64());
    Ok(Some((decoder.decode(&value, options)?, size.unwrap_or(0.0))))
}
