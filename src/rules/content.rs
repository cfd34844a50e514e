//! The text of a document: its length, and what can be read in its place.

use wasm_bindgen::prelude::*;

use super::{At, Faults, Kind};
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::value::Val;

/// The most bytes of UTF-8 that the text of a document may take.
pub(crate) const MOST_CONTENT: u32 = 5 * 1024 * 1024;
/// What is said of one that takes more.
pub(crate) const TOO_LONG: &str = "must not be longer than 5 MB (5242880 bytes of UTF-8)";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(constructor, js_class = "TextEncoder")]
    fn new_encoder() -> Val;

    #[wasm_bindgen(method)]
    fn encode(this: &Val, text: &Val) -> Val;
}

/// True for what can be read: it has a `stream`, as a Blob, or a `getReader`, as a ReadableStream.
pub(crate) fn is_source(value: Val) -> bool {
    host::is_record(value)
        && [Name::GetReader, Name::Stream].iter().any(|method| host::field(value, *method).is_function())
}

/// Checks the text of a document. Its bytes are counted only where its length leaves open how many they are.
pub(crate) fn check_content(at: At, text: Val, faults: &Faults) {
    let length = host::text_length(text);
    if length == 0 {
        faults.wrong(at, Kind::Content, text);
    } else if length > MOST_CONTENT || (length > MOST_CONTENT / 3 && bytes(text) > f64::from(MOST_CONTENT)) {
        faults.add(at, TOO_LONG);
    }
}

fn bytes(text: Val) -> f64 {
    host::field(Val::new_encoder().encode(&text), Name::Length).as_f64().unwrap_or(f64::INFINITY)
}
