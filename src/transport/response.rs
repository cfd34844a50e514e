//! Reading a Response, or what a custom fetch returned for one.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{Answer, Outcome};
use crate::error::outcome::ErrorBody;
use crate::platform::host;
use crate::platform::names;
use crate::platform::pending::Pending;
use crate::retry::wish::Wishes;

#[wasm_bindgen]
extern "C" {
    /// A Response, or what a custom fetch returned for one.
    pub(super) type ResponseLike;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn status(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn headers(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn url(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter, js_name = type)]
    fn kind(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter, js_name = bodyUsed)]
    fn body_used(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn body(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural)]
    pub(super) fn text(this: &ResponseLike) -> Result<JsValue, JsValue>;

    type BodyLike;

    type Headers;

    #[wasm_bindgen(catch, constructor)]
    fn new(pairs: &JsValue) -> Result<Headers, JsValue>;

    #[wasm_bindgen(catch, method, structural, getter)]
    fn locked(this: &BodyLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural)]
    fn cancel(this: &BodyLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = URL)]
    type Url;

    #[wasm_bindgen(catch, constructor, js_class = "URL")]
    fn new(url: &JsValue, base: &JsValue) -> Result<Url, JsValue>;

    #[wasm_bindgen(method, getter, js_class = "URL")]
    fn origin(this: &Url) -> String;

    type Text;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &Text, what: &JsString, with: &JsString) -> JsString;
}

/// Notes status, headers and request id, once it is clear that this is a Response.
pub(super) fn read_head<'v>(
    value: &'v JsValue,
    secret: Option<&JsString>,
    answer: &mut Answer,
) -> Result<&'v ResponseLike, Outcome> {
    const NONE: Outcome = Outcome::Unusable("fetch gave something that is not a Response");
    if host::as_fields(value).is_none() {
        return Err(NONE);
    }
    let response: &ResponseLike = value.unchecked_ref();
    let status = response.status().ok().and_then(|status| status.as_f64()).ok_or(NONE)?;
    if !(status == 0.0 || (200.0..=999.0).contains(&status)) {
        return Err(Outcome::Unusable("its status is none of HTTP"));
    }
    answer.status = status as u16;
    answer.headers = response.headers().ok().filter(JsValue::is_object).unwrap_or_default();
    if let Some(id) = answer.header("x-request-id") {
        answer.request_id = redact(&id, secret);
    }
    Ok(response)
}

pub(super) fn read_success(text: JsString, secret: Option<&JsString>) -> Outcome {
    match host::parse_json(&text) {
        Ok(value) if host::is_record(&value) => Outcome::Success(value),
        Ok(_) => Outcome::NotJson { excerpt: redact(&text, secret), why: "its body is JSON, but not an object" },
        Err(_) => {
            Outcome::NotJson { excerpt: redact(&text, secret), why: "its body is not the JSON that the API promises" }
        }
    }
}

pub(super) fn read_refusal(text: &JsString, secret: Option<&JsString>, answer: &mut Answer) -> Outcome {
    let body = match host::parse_json(text) {
        Ok(value) => redact_value(value, secret),
        Err(_) => redact(text, secret).into(),
    };
    let said = ErrorBody::of(&body);
    let wishes = [answer.header_text("retry-after-ms"), answer.header_text("retry-after"), answer.header_text("date")];
    let [retry_after_ms, retry_after, date] = &wishes;
    let wish = Wishes {
        retry_after_ms: retry_after_ms.as_deref(),
        retry_after: retry_after.as_deref(),
        date: date.as_deref(),
        body_seconds: said.retry_after(),
    }
    .delay_ms(host::date_now());
    answer.should_retry = match answer.header_text("x-should-retry").as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    if let Some(id) = said.request_id {
        answer.request_id = id;
    }
    Outcome::Refused { body, wish }
}

/// `text` without the key, should a server echo it.
pub(crate) fn redact(text: &JsString, secret: Option<&JsString>) -> JsString {
    match secret {
        Some(secret) => text.unchecked_ref::<Text>().replace_all(secret, &names::js("[redacted]")),
        None => text.clone(),
    }
}

/// Plain data without the key, which JSON can spell in many ways.
fn redact_value(value: JsValue, secret: Option<&JsString>) -> JsValue {
    let text = host::to_json(&value).ok().and_then(|text| text.dyn_into::<JsString>().ok());
    let Some(text) = text else { return value };
    let clean = redact(&text, secret);
    if clean == text { value } else { host::parse_json(&clean).unwrap_or_default() }
}

/// Headers without the key: the same, or where a server echoes it a copy.
pub(super) fn redact_headers(headers: JsValue, secret: Option<&JsString>) -> JsValue {
    if headers.is_undefined() || secret.is_none() {
        return headers;
    }
    // By way of a true Headers: what a custom fetch gave may be anything, of any length.
    let pairs = Headers::new(&headers).and_then(|copy| host::array_from(&copy));
    let Ok(pairs) = pairs.map(JsValue::from) else { return headers };
    let clean = redact_value(pairs.clone(), secret);
    if clean == pairs { headers } else { Headers::new(&clean).map_or(JsValue::UNDEFINED, JsValue::from) }
}

pub(super) fn is_opaque_redirect(response: &ResponseLike, status: u16) -> bool {
    status == 0 && response.kind().is_ok_and(|kind| names::is(&kind, "opaqueredirect"))
}

pub(super) fn redirect(response: &ResponseLike, answer: &Answer, sent_to: &JsString) -> Outcome {
    if answer.status == 304 {
        return Outcome::Unusable("it says 304 Not Modified, though nothing is kept here that could be unmodified");
    }
    let base = response.url().ok().filter(|url| url.is_truthy()).unwrap_or_else(|| sent_to.into());
    let origin = answer
        .header("location")
        .and_then(|location| Url::new(&location, &base).ok())
        .map(|url| url.origin())
        .unwrap_or_default();
    Outcome::Redirect { origin }
}

pub(super) fn is_used(response: &ResponseLike) -> bool {
    response.body_used().is_ok_and(|used| used.is_truthy())
        || response.body().is_ok_and(|body| {
            host::as_fields(&body).is_some()
                && body.unchecked_ref::<BodyLike>().locked().is_ok_and(|locked| locked.is_truthy())
        })
}

/// Cancels an unread body without waiting for it: an unread body holds its connection, and waiting for a cancel can hang.
pub(super) fn discard(response: &ResponseLike) {
    if let Ok(body) = response.body()
        && host::as_fields(&body).is_some()
        && let Ok(promise) = body.unchecked_ref::<BodyLike>().cancel()
    {
        // Subscribed to and dropped, so that its rejection is nobody's.
        drop(Pending::promise(&promise));
    }
}
