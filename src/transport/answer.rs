//! Reading a Response, or what a custom fetch returned for one.

use wasm_bindgen::prelude::*;
use web_sys::Url;

use super::body::{self, Reading};
use super::redact;
use crate::error::{AnswerFields, ErrorResponse};
use crate::host::{Name, array_from, date_now, is_object, parse_json, short_text, text_or_none};
use crate::options::Authorization;
use crate::retry::retry_after::WaitHints;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    /// NaN where it is no number. Throws for what is no object.
    #[wasm_bindgen(catch, js_name = statusOf)]
    fn status_of(response: &JsValue) -> Result<f64, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// A Headers, or what a custom fetch gave for one.
    #[derive(Clone)]
    type AnyHeaders;

    #[wasm_bindgen(catch, constructor, js_class = "Headers")]
    fn new(init: &JsValue) -> Result<AnyHeaders, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn get(this: &AnyHeaders, name: &str) -> Result<JsValue, JsValue>;
}

/// What is known of an attempt's response.
#[derive(Default)]
pub(crate) struct Answer {
    /// 0 where no response came.
    pub(crate) status: u16,
    /// The response, until somebody looks at its headers.
    response: JsValue,
    headers: Option<AnyHeaders>,
    /// Undefined where none was given.
    pub(crate) request_id: JsValue,
    /// How long the server asks to wait, in milliseconds.
    pub(crate) retry_after_ms: Option<f64>,
}

/// What follows from the head of a response.
pub(crate) enum Head {
    /// Its body is being read.
    Body(Reading),
    /// The body cannot be read, for what was thrown.
    Broken(JsValue),
    /// A redirect to this origin; none where the host does not show it.
    Redirect(Option<String>),
    /// It is no answer of the API.
    Unusable(&'static str),
}

impl Answer {
    /// Notes the status, and begins to read the body, once it is clear that this is a Response.
    pub(crate) fn read_head(
        &mut self,
        response: JsValue,
        most_bytes: f64,
        url: &str,
        authorization: Option<&Authorization>,
    ) -> Head {
        let status = status_of(&response).unwrap_or(f64::NAN);
        if !(status == 0.0 || (200.0..=999.0).contains(&status)) {
            return Head::Unusable(if Name::Status.peek(&response).as_f64().is_some() {
                "its status is none of HTTP"
            } else {
                "fetch gave something that is not a Response"
            });
        }
        self.status = status as u16;
        self.response = response;
        if self.status == 0 || (300..400).contains(&self.status) {
            body::discard(&Name::Body.peek(&self.response));
            let is_redirect = self.status > 0 || Name::OpaqueRedirect.is(&Name::Type.peek(&self.response));
            return match self.status {
                304 => Head::Unusable("it says 304 Not Modified, though nothing is kept here that could be unmodified"),
                _ if is_redirect => Head::Redirect(self.target(url, authorization)),
                _ => Head::Unusable("it is opaque (status 0); a fetch without CORS cannot be read"),
            };
        }
        match body::read_body(&self.response, most_bytes) {
            Ok(reading) if reading.is_object() => Head::Body(reading.unchecked_into()),
            Ok(nothing) if nothing.is_null() => Head::Unusable("it has no text() and no json() to read it by"),
            Ok(_) => Head::Unusable("its body has already been read or is locked"),
            Err(error) => Head::Broken(error),
        }
    }

    /// Reads the headers, once; most calls that succeed have no need of them.
    pub(crate) fn read_headers(&mut self, authorization: Option<&Authorization>) {
        let response = std::mem::take(&mut self.response);
        let headers = if is_object(&response) { Name::Headers.peek(&response) } else { response };
        if is_object(&headers) {
            self.headers = Some(headers.unchecked_into());
            let id = text_or_none(self.header("x-request-id")).map(JsValue::from).unwrap_or_default();
            self.request_id = redact(id, authorization);
        }
    }

    /// The origin that a redirect leads to.
    #[cold]
    fn target(&mut self, sent_to: &str, authorization: Option<&Authorization>) -> Option<String> {
        let own = Name::Url.peek(&self.response).as_string().filter(|url| !url.is_empty());
        self.read_headers(authorization);
        let location = self.header("location").as_string()?;
        let url = Url::new_with_base(&location, own.as_deref().unwrap_or(sent_to)).ok()?;
        Some(url.origin())
    }

    /// A header's value; undefined where there is none. A Headers that cannot be asked has none.
    fn header(&self, name: &str) -> JsValue {
        let value = self.headers.as_ref().and_then(|headers| headers.get(name).ok());
        value.filter(JsValue::is_string).unwrap_or_default()
    }

    /// Reads the body of a refusal: its value without the key, and what it says of retrying. The flag is what `x-should-retry` says.
    pub(crate) fn read_error(
        &mut self,
        text: JsValue,
        authorization: Option<&Authorization>,
    ) -> (ErrorResponse, Option<bool>) {
        self.read_headers(authorization);
        // What is no JSON is a text of its own.
        let said = ErrorResponse::of(&parse_json(&text).unwrap_or(text));
        let body_seconds = said.retry_after();
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
        let said = said.map(|value| redact(value, authorization));
        if !said.request_id.is_undefined() {
            self.request_id = said.request_id.clone();
        }
        (said, should_retry)
    }

    /// What an error tells of this answer. The headers are the same, or where a server echoes the key a copy without it.
    pub(crate) fn fields(&mut self, authorization: Option<&Authorization>) -> AnswerFields {
        self.read_headers(authorization);
        AnswerFields {
            status: self.status,
            request_id: self.request_id.clone(),
            headers: self.shown_headers(authorization),
        }
    }

    /// The Headers without the key; undefined where there are none.
    pub(crate) fn shown_headers(&self, authorization: Option<&Authorization>) -> JsValue {
        let Some(headers) = &self.headers else { return JsValue::UNDEFINED };
        if authorization.is_none() {
            return headers.into();
        }
        // By way of a true Headers: what a custom fetch gave may be anything, of any length. What cannot be searched is not shown.
        let Ok(pairs) = AnyHeaders::new(headers).and_then(|headers| array_from(&headers)) else {
            return JsValue::UNDEFINED;
        };
        let pairs = JsValue::from(pairs);
        let clean = redact(pairs.clone(), authorization);
        if clean == pairs { headers.into() } else { AnyHeaders::new(&clean).map(JsValue::from).unwrap_or_default() }
    }
}
