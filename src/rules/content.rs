//! The text of a document: its length, and what can be read in its place.

use wasm_bindgen::prelude::*;

use super::{FieldPath, Issues, Kind};
use crate::host::{Name, is_record, text_length};

/// The most bytes of UTF-8 that the text of a document may take.
pub(crate) const MOST_CONTENT_BYTES: u32 = 5 * 1024 * 1024;
/// What is said of one that takes more.
pub(crate) const TOO_LONG: &str = "must not be longer than 5 MB (5242880 bytes of UTF-8)";

#[wasm_bindgen(raw_module = "./body.js")]
extern "C" {
    /// How many bytes of UTF-8 a text takes.
    #[wasm_bindgen(catch, js_name = byteLength)]
    fn byte_length(text: &JsValue) -> Result<u32, JsValue>;
}

/// True for what can be read: it has a `stream` or a `text`, as a Blob, or a `getReader`, as a ReadableStream.
pub(crate) fn is_source(value: &JsValue) -> bool {
    is_record(value)
        && [Name::GetReader, Name::Stream, Name::Text].iter().any(|method| method.peek(value).is_function())
}

/// Checks the text of a document. Its bytes are counted only where it may be too long: a UTF-16 unit takes at most three.
pub(crate) fn check_content(path: FieldPath<'_>, text: &JsValue, issues: &mut Issues) {
    let length = text_length(text);
    if length == 0 {
        issues.wrong_kind(path, Kind::Content, text);
    } else if length > MOST_CONTENT_BYTES
        || (length > MOST_CONTENT_BYTES / 3 && byte_length(text).unwrap_or(u32::MAX) > MOST_CONTENT_BYTES)
    {
        issues.add(path, &[TOO_LONG]);
    }
}
