//! Reads `EmulatorFault` objects.

use super::read::{AtLeast0, Flag, FromOption, Raw, Text, Whole, impl_deserialize, must_be_error, read as read_object};
use crate::faults::{Fault, Replacement, ResponseFault, Truncate};
use js_sys::{Array, JSON, Object, TypeError};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

/// The largest number of `times` and `truncateBytes`.
const MAX_NUMBER: u64 = 4_294_967_295;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    method: Option<Text>,
    path: Option<Text>,
    times: Option<Times>,
    after: Option<Flag>,
    delay_ms: Option<AtLeast0<true>>,
    delay: Option<AtLeast0<true>>,
    drop: Option<Flag>,
    status: Option<Whole<200, 599>>,
    retry_after_seconds: Option<RetryAfter>,
    retry_after: Option<RetryAfter>,
    code: Option<Text>,
    message: Option<Text>,
    #[serde(default)]
    headers: Raw,
    #[serde(default)]
    body: Raw,
    truncate: Option<Cut>,
    truncate_bytes: Option<Whole<0, MAX_NUMBER>>,
}

/// `times`; `None` for `Infinity`.
struct Times(Option<u64>);

/// `retryAfterSeconds`: a number of seconds, or text that is sent as it is.
enum RetryAfter {
    Seconds(f64),
    Text(String),
}

/// `truncate`; `None` for `false`.
struct Cut(Option<Truncate>);

impl FromOption for Times {
    fn of(value: &JsValue) -> Result<Self, String> {
        let is_infinite = value.as_f64() == Some(f64::INFINITY);
        if is_infinite { Ok(Times(None)) } else { Whole::<1, MAX_NUMBER>::of(value).map(|times| Times(Some(times.0))) }
    }
}

impl FromOption for RetryAfter {
    fn of(value: &JsValue) -> Result<Self, String> {
        match value.as_string() {
            Some(text) => Ok(RetryAfter::Text(text)),
            None => AtLeast0::<false>::of(value).map(|seconds| RetryAfter::Seconds(seconds.0)),
        }
    }
}

impl FromOption for Cut {
    fn of(value: &JsValue) -> Result<Self, String> {
        match value.as_bool() {
            Some(half) => Ok(Cut(half.then_some(Truncate::Half))),
            None => Whole::<0, MAX_NUMBER>::of(value).map(|bytes| Cut(after(bytes))),
        }
    }
}

impl_deserialize!({} Times, {} RetryAfter, {} Cut);

fn after(bytes: Whole<0, MAX_NUMBER>) -> Option<Truncate> {
    usize::try_from(bytes.0).ok().map(Truncate::At)
}

#[wasm_bindgen]
extern "C" {
    type Headers;

    #[wasm_bindgen(constructor, catch)]
    fn new(init: &JsValue) -> Result<Headers, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn entries(this: &Headers) -> Result<JsValue, JsValue>;
}

/// Reads a fault or an array of faults. Fails with a `TypeError` or `RangeError` that names the member that is wrong.
pub fn read(faults: JsValue) -> Result<Vec<Fault>, JsValue> {
    match faults.dyn_ref::<Array>() {
        Some(list) => list.iter().enumerate().map(|(at, fault)| read_one(&format!("faults[{at}]"), fault)).collect(),
        None => Ok(vec![read_one("fault", faults)?]),
    }
}

/// Reads one fault; `name` is used in errors.
fn read_one(name: &str, fault: JsValue) -> Result<Fault, JsValue> {
    if !fault.is_object() {
        return Err(TypeError::new(&format!("{name} must be an object")).into());
    }
    let given: Given = read_object(name, fault)?;
    let path = given.path.as_ref().map(|path| path.0.clone());
    if path.as_ref().is_some_and(|path| !path.starts_with(['/', '*'])) {
        return Err(must_be_error(name, "path", "a path that starts with / and may end with *"));
    }
    // Old names of some members are still accepted, but not together with the new ones.
    for (both, now, before) in [
        (given.delay_ms.is_some() && given.delay.is_some(), "delayMs", "delay"),
        (given.retry_after_seconds.is_some() && given.retry_after.is_some(), "retryAfterSeconds", "retryAfter"),
        (given.truncate_bytes.is_some() && given.truncate.is_some(), "truncateBytes", "truncate"),
    ] {
        if both {
            return Err(must_be_error(name, before, &format!("left out where {now} is given")));
        }
    }
    let truncate = given.truncate_bytes.and_then(after).or(given.truncate.as_ref().and_then(|cut| cut.0));
    Ok(Fault {
        method: given.method.as_ref().map(|method| method.0.clone()),
        path,
        times: given.times.as_ref().map_or(Some(1), |times| times.0),
        after: given.after.is_some_and(|after| after.0),
        delay_ms: given.delay_ms.or(given.delay).map_or(0.0, |delay| delay.0),
        drop_in_body: given.drop.is_some_and(|drop| drop.0),
        response: read_response(name, given, truncate)?,
        truncate,
    })
}

/// What the fault does to the response.
fn read_response(name: &str, given: Given, truncate: Option<Truncate>) -> Result<ResponseFault, JsValue> {
    let body = read_body(name, &given.body)?;
    let has_response = given.status.is_some() || body.is_some();
    // With `truncate`, the connection is lost while the body is sent, so there is a response.
    if given.drop.is_some_and(|drop| drop.0) && truncate.is_none() {
        let must = "given without status and body, or with truncate: a dropped connection answers nothing";
        return if has_response { Err(must_be_error(name, "drop", must)) } else { Ok(ResponseFault::Drop) };
    }
    if !has_response {
        let of_answers = [
            (given.retry_after_seconds.is_some(), "retryAfterSeconds"),
            (given.retry_after.is_some(), "retryAfter"),
            (given.code.is_some(), "code"),
            (given.message.is_some(), "message"),
            (given.headers.value().is_some(), "headers"),
        ];
        return match of_answers.into_iter().find(|(is_given, _)| *is_given) {
            Some((_, member)) => Err(must_be_error(name, member, "given together with status or body")),
            None => Ok(ResponseFault::None),
        };
    }
    let mut other = Replacement {
        status: given.status.and_then(|status| u16::try_from(status.0).ok()).unwrap_or(200),
        headers: Vec::new(),
        body: None,
        code: given.code.map(|code| code.0),
        message: given.message.map(|message| message.0),
        retry_after: None,
    };
    if let Some((body, content_type)) = body {
        other.headers.push(("content-type".into(), content_type.into()));
        other.body = Some(body);
    }
    match given.retry_after_seconds.or(given.retry_after) {
        Some(RetryAfter::Seconds(seconds)) => {
            other.retry_after = Some(seconds);
            other.headers.push(("retry-after".into(), crate::json::number(seconds).to_string()));
        }
        // A text, such as a date of HTTP, is sent as it is.
        Some(RetryAfter::Text(text)) => other.headers.push(("retry-after".into(), text)),
        None => {}
    }
    read_headers(name, &given.headers, &mut other)?;
    Ok(ResponseFault::Replace(other))
}

/// The bytes of the body and its content type: text as it is, anything else as JSON.
fn read_body(name: &str, body: &Raw) -> Result<Option<(Vec<u8>, &'static str)>, JsValue> {
    let Some(value) = body.value() else { return Ok(None) };
    if let Some(text) = value.as_string() {
        let content_type =
            if text.trim_start().starts_with('<') { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
        return Ok(Some((text.into_bytes(), content_type)));
    }
    let text = JSON::stringify(value)?
        .as_string()
        .ok_or_else(|| must_be_error(name, "body", "a string, or a value JSON can express"))?;
    Ok(Some((text.into_bytes(), "application/json")))
}

/// Adds the given header fields, which replace those that the fault sets by itself.
fn read_headers(name: &str, given: &Raw, other: &mut Replacement) -> Result<(), JsValue> {
    let plain = given.value().cloned().unwrap_or_else(|| Object::new().into());
    // The `Headers` class of the host checks names and values.
    let wrong = |_| must_be_error(name, "headers", "an object of header fields");
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
