//! Reading a Response, or what a custom fetch returned for one.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use crate::error::ErrorBody;
use crate::platform::host::{self, Fields, ascii, field, is_true};
use crate::platform::names::Name;
use crate::platform::wait;
use crate::retry::wish::Wishes;

#[wasm_bindgen]
extern "C" {
    type ResponseLike;

    #[wasm_bindgen(catch, method, structural)]
    fn text(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural)]
    fn cancel(this: &ResponseLike) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, method, structural)]
    fn get(this: &ResponseLike, name: &JsString) -> Result<JsValue, JsValue>;

    type Text;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &Text, what: &JsValue, with: &JsString) -> JsString;
}

/// What is known of an attempt's response.
#[derive(Default)]
pub(crate) struct Answer {
    /// 0 where no response came.
    pub(crate) status: u16,
    /// The response's Headers, or undefined.
    pub(crate) headers: JsValue,
    /// Undefined where none was given.
    pub(crate) request_id: JsValue,
    /// What `x-should-retry` said.
    pub(crate) should_retry: Option<bool>,
    /// How long the server asks to wait, in milliseconds.
    pub(crate) wish: Option<f64>,
}

/// What follows from the head of a response.
pub(crate) enum Read {
    /// A promise of its body's text.
    Text(JsValue),
    /// The body cannot be read, for what was thrown.
    Broken(JsValue),
    /// A redirect to this origin; undefined where it is not shown.
    Redirect(JsValue),
    /// It is no answer of the API.
    Unusable(&'static str),
}

impl Answer {
    /// Notes status, headers and request id, and begins to read the body, once it is clear that this is a Response.
    pub(crate) fn read_head(&mut self, value: &JsValue, secret: &JsValue, sent_to: &JsValue) -> Read {
        let Some(status) = field(value, Name::Status).as_f64() else {
            return Read::Unusable("fetch gave something that is not a Response");
        };
        if !(status == 0.0 || (200.0..=999.0).contains(&status)) {
            return Read::Unusable("its status is none of HTTP");
        }
        self.status = status as u16;
        let response: &Fields = value.unchecked_ref();
        self.headers = Some(response.peek(Name::Headers)).filter(JsValue::is_object).unwrap_or_default();
        self.request_id = host::text_or_none(redact(&self.header(Name::RequestIdHeader), secret));
        if self.status == 0 || (300..400).contains(&self.status) {
            discard(value);
            let is_redirect = self.status > 0 || Name::OpaqueRedirect.is(&field(value, Name::Type));
            return match self.status {
                304 => Read::Unusable("it says 304 Not Modified, though nothing is kept here that could be unmodified"),
                _ if is_redirect => Read::Redirect(self.target(value, sent_to)),
                _ => Read::Unusable("it is opaque (status 0); a fetch without CORS cannot be read"),
            };
        }
        if is_true(&response.peek(Name::BodyUsed)) || is_true(&field(&response.peek(Name::Body), Name::Locked)) {
            return Read::Unusable("its body has already been read or is locked");
        }
        value.unchecked_ref::<ResponseLike>().text().map_or_else(Read::Broken, Read::Text)
    }

    /// The origin that a redirect leads to.
    #[cold]
    fn target(&self, response: &JsValue, sent_to: &JsValue) -> JsValue {
        let base = field(response, Name::Url);
        let base = if base.is_truthy() { &base } else { sent_to };
        let location = self.header(Name::LocationHeader);
        let url = if host::is_none(&location) { None } else { host::url(&location, base) };
        url.map(|url| host::text_or_none(url.peek(Name::Origin))).unwrap_or_default()
    }

    /// A header's value. A Headers that cannot be asked has none.
    fn header(&self, name: Name) -> JsValue {
        if host::is_none(&self.headers) {
            return JsValue::UNDEFINED;
        }
        let value = self.headers.unchecked_ref::<ResponseLike>().get(name.js()).unwrap_or_default();
        if value.is_string() { value } else { JsValue::UNDEFINED }
    }

    /// Reads the body of a refusal: its value without the key, and what it says of retrying.
    pub(crate) fn read_refusal(&mut self, text: &JsValue, secret: &JsValue) -> ErrorBody {
        let body = match host::parse_json(text) {
            Ok(value) => redact_value(value, secret),
            Err(_) => redact(text, secret),
        };
        let said = ErrorBody::of(&body);
        let mut buffers = [[0; 64]; 4];
        // A number or a date is shorter than a buffer; of a number that is longer still, the beginning is enough.
        let [ms, after, date, wanted] = &mut buffers;
        self.wish = Wishes {
            retry_after_ms: ascii(&self.header(Name::RetryAfterMsHeader), ms),
            retry_after: ascii(&self.header(Name::RetryAfterHeader), after),
            date: ascii(&self.header(Name::DateHeader), date),
            body_seconds: said.retry_after(),
        }
        .delay_ms(host::date_now());
        self.should_retry = match ascii(&self.header(Name::ShouldRetryHeader), wanted) {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        };
        if !host::is_none(&said.request_id) {
            self.request_id = said.request_id.clone();
        }
        said
    }

    /// Takes the key out of the headers: they are the same, or where a server echoes it a copy.
    pub(crate) fn redact_headers(&mut self, secret: &JsValue) {
        if host::is_none(&self.headers) || host::is_none(secret) {
            return;
        }
        // By way of a true Headers: what a custom fetch gave may be anything, of any length.
        let pairs = host::headers(&self.headers).and_then(|copy| host::array_from(&copy));
        let Ok(pairs) = pairs.map(JsValue::from) else { return };
        let clean = redact_value(pairs.clone(), secret);
        if clean != pairs {
            self.headers = host::headers(&clean).unwrap_or_default();
        }
    }
}

/// `text` without the key, should a server echo it.
#[inline(never)]
pub(crate) fn redact(text: &JsValue, secret: &JsValue) -> JsValue {
    if host::is_none(secret) || !text.is_string() {
        return text.clone();
    }
    text.unchecked_ref::<Text>().replace_all(secret, &JsString::from("[redacted]")).into()
}

/// Plain data without the key, which JSON can spell in many ways.
fn redact_value(value: JsValue, secret: &JsValue) -> JsValue {
    let text = host::to_json(&value).unwrap_or_default();
    let clean = redact(&text, secret);
    if clean == text { value } else { host::parse_json(&clean).unwrap_or_default() }
}

/// Cancels an unread body without waiting for it: an unread body holds its connection, and waiting for a cancel can hang.
fn discard(response: &JsValue) {
    let body = field(response, Name::Body);
    if host::is_object(&body)
        && let Ok(promise) = body.unchecked_ref::<ResponseLike>().cancel()
    {
        wait::ignore(&promise);
    }
}
