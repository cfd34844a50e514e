//! The content of a document: its length, and the Blobs and streams that it can be read from.

use wasm_bindgen::prelude::*;

use super::{FieldPath, Issues, Kind};
use crate::host::{Name, is_record, text_length};

/// The most bytes of UTF-8 that the content of a document may take.
pub(crate) const MAX_CONTENT_BYTES: u32 = 5 * 1024 * 1024;
/// The issue of content that takes more.
pub(crate) const TOO_LONG: &str = "must not be longer than 5 MB (5242880 bytes of UTF-8)";

#[wasm_bindgen(raw_module = "./body.js")]
extern "C" {
    /// True for a text of more than `most` bytes of UTF-8.
    #[wasm_bindgen(catch)]
    fn exceeds(text: &JsValue, most: u32) -> Result<bool, JsValue>;
}

/// True for what can be read: it has a `stream` or a `text`, as a Blob, or a `getReader`, as a ReadableStream.
pub(crate) fn is_source(value: &JsValue) -> bool {
    is_record(value) && [Name::GetReader, Name::Stream, Name::Text].iter().any(|method| method.get(value).is_function())
}

/// Checks the content of a document that is text.
pub(crate) fn check_content(path: FieldPath<'_>, text: &JsValue, issues: &mut Issues) {
    if text_length(text) == 0 {
        issues.add_wrong_kind(path, Kind::Content, text);
    } else if exceeds(text, MAX_CONTENT_BYTES).unwrap_or(true) {
        issues.add(path, &[TOO_LONG]);
    }
}
