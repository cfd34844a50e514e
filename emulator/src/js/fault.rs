//! Faults as JavaScript code describes them.

use super::read::Given;
use crate::faults::{Answer, Fault, Other, Truncate};
use js_sys::{Array, JSON, Object, TypeError};
use wasm_bindgen::prelude::*;

const FAULT: &[&str] = &[
    "method",
    "path",
    "times",
    "after",
    "delayMs",
    "delay",
    "drop",
    "status",
    "retryAfterSeconds",
    "retryAfter",
    "code",
    "message",
    "headers",
    "body",
    "truncate",
    "truncateBytes",
];

#[wasm_bindgen]
extern "C" {
    type Headers;

    #[wasm_bindgen(constructor, catch)]
    fn new(init: &JsValue) -> Result<Headers, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn entries(this: &Headers) -> Result<JsValue, JsValue>;
}

/// Reads one fault or a list of them.
pub fn read(faults: JsValue) -> Result<Vec<Fault>, JsValue> {
    match faults.dyn_ref::<Array>() {
        Some(list) => list.iter().enumerate().map(|(at, fault)| read_one(format!("faults[{at}]"), fault)).collect(),
        None => Ok(vec![read_one("fault".into(), faults)?]),
    }
}

fn read_one(name: String, fault: JsValue) -> Result<Fault, JsValue> {
    if !fault.is_object() {
        return Err(TypeError::new(&format!("{name} must be an object")).into());
    }
    let given = Given::new(name, fault, FAULT)?;
    let times = given.member("times")?;
    let for_ever = times.is_some_and(|times| times.as_f64() == Some(f64::INFINITY));
    let path = given.text("path")?;
    if path.as_ref().is_some_and(|path| !path.starts_with(['/', '*'])) {
        return Err(given.wrong("path", "a path that starts with / and may end with *"));
    }
    let truncate = read_truncate(&given)?;
    Ok(Fault {
        method: given.text("method")?,
        path,
        times: if for_ever { None } else { Some(given.integer("times", 1, u64::from(u32::MAX))?.unwrap_or(1)) },
        after: given.flag("after")?,
        delay_ms: given.number(given.either("delayMs", "delay")?, true)?.unwrap_or(0.0),
        answer: read_answer(&given, truncate)?,
        cut: given.flag("drop")?,
        truncate,
    })
}

fn read_answer(given: &Given, truncate: Option<Truncate>) -> Result<Answer, JsValue> {
    let status = given.integer("status", 200, 599)?;
    let body = read_body(given)?;
    // With `truncate` the answer begins, and the connection is gone in the midst of it.
    let drop = given.flag("drop")? && truncate.is_none();
    if drop && (status.is_some() || body.is_some()) {
        return Err(given
            .wrong("drop", "given without status and body, or with truncate: a dropped connection answers nothing"));
    }
    if drop {
        return Ok(Answer::Drop);
    }
    if status.is_none() && body.is_none() {
        for member in ["retryAfterSeconds", "retryAfter", "code", "message", "headers"] {
            if given.member(member)?.is_some() {
                return Err(given.wrong(member, "given together with status or body"));
            }
        }
        return Ok(Answer::Own);
    }
    let mut other = Other {
        status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
        headers: Vec::new(),
        body: None,
        code: given.text("code")?,
        message: given.text("message")?,
        retry_after: None,
    };
    if let Some((body, content_type)) = body {
        other.headers.push(("content-type".into(), content_type.into()));
        other.body = Some(body);
    }
    let retry_after = given.either("retryAfterSeconds", "retryAfter")?;
    if let Some(value) = given.member(retry_after)? {
        // A text, such as a date of HTTP, is sent as it is.
        let field = match value.as_string() {
            Some(text) => text,
            None => {
                other.retry_after = given.number(retry_after, false)?;
                other.retry_after.map(|seconds| crate::json::number(seconds).to_string()).unwrap_or_default()
            }
        };
        other.headers.push(("retry-after".into(), field));
    }
    read_headers(given, &mut other)?;
    Ok(Answer::Other(other))
}

/// The body as bytes, and its usual type: a text as it is, anything else as JSON.
fn read_body(given: &Given) -> Result<Option<(Vec<u8>, &'static str)>, JsValue> {
    let Some(value) = given.member("body")? else { return Ok(None) };
    if let Some(text) = value.as_string() {
        let content_type =
            if text.trim_start().starts_with('<') { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
        return Ok(Some((text.into_bytes(), content_type)));
    }
    let text = JSON::stringify(&value)?
        .as_string()
        .ok_or_else(|| given.wrong("body", "a string, or a value JSON can express"))?;
    Ok(Some((text.into_bytes(), "application/json")))
}

fn read_headers(given: &Given, other: &mut Other) -> Result<(), JsValue> {
    let plain = given.member("headers")?.unwrap_or_else(|| Object::new().into());
    // The platform's own class knows which names and values are valid.
    let wrong = |_| given.wrong("headers", "an object of header fields");
    let own = Object::new();
    for (name, value) in &other.headers {
        js_sys::Reflect::set(&own, &name.into(), &value.into())?;
    }
    for fields in [own.into(), plain] {
        let entries = Headers::new(&fields).and_then(|headers| headers.entries()).map_err(wrong)?;
        for entry in Array::from(&entries).iter() {
            let entry: Array = entry.unchecked_into();
            if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
                other.headers.retain(|(given, _)| *given != name);
                other.headers.push((name, value));
            }
        }
    }
    Ok(())
}

fn read_truncate(given: &Given) -> Result<Option<Truncate>, JsValue> {
    let member = given.either("truncateBytes", "truncate")?;
    let Some(value) = given.member(member)? else { return Ok(None) };
    if let Some(flag) = value.as_bool().filter(|_| member == "truncate") {
        return Ok(flag.then_some(Truncate::Half));
    }
    let bytes = given.integer(member, 0, u64::from(u32::MAX))?;
    Ok(bytes.and_then(|bytes| usize::try_from(bytes).ok()).map(Truncate::At))
}
