//! The response to an attempt: a `Response` of the host, or what a custom fetch returned in place of one.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::redact;
use super::text_reader::{self, TextReader};
use crate::error::{ErrorResponse, ResponseFields};
use crate::host::{AnyHeaders, Name, array_from, date_now, is_object, parse_json, short_text, text_or_none};
use crate::options::Authorization;
use crate::retry::retry_after::WaitHints;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    /// The status; NaN where it is no number. Throws for what is no object.
    #[wasm_bindgen(catch, js_name = statusOf)]
    fn status_of(response: &JsValue) -> Result<f64, JsValue>;
}

/// What is known of the response to the current attempt.
#[derive(Default)]
pub(crate) struct Response {
    /// 0 where no response came.
    pub(crate) status: u16,
    /// What fetch gave, until its headers are read.
    value: JsValue,
    headers: Option<AnyHeaders>,
    /// Undefined where none was given.
    pub(crate) request_id: JsValue,
    /// How long the server asks to wait, in milliseconds.
    pub(crate) retry_after_ms: Option<f64>,
}

/// Why a response has no body that could be read.
pub(crate) enum NoBody {
    /// Reading it threw this.
    Unreadable(JsValue),
    /// It is a redirect to this origin; none where the host does not show it.
    Redirect(Option<String>),
    /// It is no response of the API, for this reason.
    Invalid(&'static str),
}

impl Response {
    /// Takes what fetch gave: checks that it is a response, keeps its status, and begins to read its body.
    pub(crate) fn open(
        &mut self,
        value: JsValue,
        most_bytes: f64,
        url: &str,
        authorization: Option<&Authorization>,
    ) -> Result<TextReader, NoBody> {
        let status = status_of(&value).unwrap_or(f64::NAN);
        if !(status == 0.0 || (200.0..=999.0).contains(&status)) {
            return Err(NoBody::Invalid(if Name::Status.get(&value).as_f64().is_some() {
                "its status is not one of HTTP's"
            } else {
                "fetch gave something that is not a Response"
            }));
        }
        self.status = status as u16;
        self.value = value;
        if self.status == 0 || (300..400).contains(&self.status) {
            text_reader::discard(&Name::Body.get(&self.value));
            let is_redirect = self.status > 0 || Name::OpaqueRedirect.is(&Name::Type.get(&self.value));
            return Err(match self.status {
                304 => {
                    NoBody::Invalid("it says 304 Not Modified, though nothing is kept here that could be unmodified")
                }
                _ if is_redirect => NoBody::Redirect(self.redirect_origin(url, authorization)),
                _ => NoBody::Invalid("it is opaque (status 0); a fetch without CORS cannot be read"),
            });
        }
        match text_reader::read_body(&self.value, most_bytes) {
            Ok(reader) if reader.is_object() => Ok(reader.unchecked_into()),
            Ok(none) if none.is_null() => Err(NoBody::Invalid("it has no text() and no json() to read it by")),
            Ok(_) => Err(NoBody::Invalid("its body has already been read or is locked")),
            Err(error) => Err(NoBody::Unreadable(error)),
        }
    }

    /// Finds the headers and the request id, once. Most calls that succeed do not need them.
    pub(crate) fn read_headers(&mut self, authorization: Option<&Authorization>) {
        let value = std::mem::take(&mut self.value);
        let headers = if is_object(&value) { Name::Headers.get(&value) } else { value };
        if is_object(&headers) {
            self.headers = Some(headers.unchecked_into());
            let id = text_or_none(self.header("x-request-id")).map(JsValue::from).unwrap_or_default();
            self.request_id = redact(id, authorization);
        }
    }

    /// The origin that a redirect leads to.
    #[cold]
    fn redirect_origin(&mut self, sent_to: &str, authorization: Option<&Authorization>) -> Option<String> {
        let own = Name::Url.get(&self.value).as_string().filter(|url| !url.is_empty());
        self.read_headers(authorization);
        let location = self.header("location").as_string()?;
        let url = Url::new_with_base(&location, own.as_deref().unwrap_or(sent_to)).ok()?;
        Some(url.origin())
    }

    /// A header's value; undefined where there is none, and where `get` of a foreign Headers throws.
    fn header(&self, name: &str) -> JsValue {
        let value = self.headers.as_ref().and_then(|headers| headers.get(name).ok());
        value.filter(JsValue::is_string).unwrap_or_default()
    }

    /// Reads the body of an error status, and what the response says of retrying. Returns the body without the API key, and the value of the
    /// header `x-should-retry`.
    pub(crate) fn read_error(
        &mut self,
        text: JsValue,
        authorization: Option<&Authorization>,
    ) -> (ErrorResponse, Option<bool>) {
        self.read_headers(authorization);
        // A body that is no JSON is a message.
        let body = ErrorResponse::of(&parse_json(&text).unwrap_or(text));
        let body_seconds = body.retry_after();
        let text = |name| short_text(&self.header(name));
        let retry_after_ms = WaitHints {
            retry_after_ms: text("retry-after-ms").as_bytes(),
            retry_after: text("retry-after").as_bytes(),
            date: text("date").as_bytes(),
            body_seconds,
        }
        .delay_ms(date_now());
        let should_retry = match &*text("x-should-retry") {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        self.retry_after_ms = retry_after_ms;
        let body = body.map(|value| redact(value, authorization));
        if !body.request_id.is_undefined() {
            self.request_id = body.request_id.clone();
        }
        (body, should_retry)
    }

    /// The fields that an error has of this response.
    pub(crate) fn fields(&mut self, authorization: Option<&Authorization>) -> ResponseFields {
        self.read_headers(authorization);
        ResponseFields {
            status: self.status,
            request_id: self.request_id.clone(),
            headers: self.shown_headers(authorization),
        }
    }

    /// The response's own Headers, or a copy without the API key where a server echoes it there; undefined where there are none.
    pub(crate) fn shown_headers(&self, authorization: Option<&Authorization>) -> JsValue {
        let Some(headers) = &self.headers else { return JsValue::UNDEFINED };
        if authorization.is_none() {
            return headers.into();
        }
        // Read through the host's Headers, since those of a custom fetch may be anything. Headers that cannot be searched are not shown.
        let Ok(pairs) = AnyHeaders::new(headers).and_then(|headers| array_from(&headers)) else {
            return JsValue::UNDEFINED;
        };
        let pairs = JsValue::from(pairs);
        let clean = redact(pairs.clone(), authorization);
        if clean == pairs { headers.into() } else { AnyHeaders::new(&clean).map(JsValue::from).unwrap_or_default() }
    }
}
