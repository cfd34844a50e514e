//! Reading a Response, or what a custom fetch returned for one.

use wasm_bindgen::prelude::*;

use crate::error::ErrorBody;
use crate::platform::host::{self, ascii, field};
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::value::{Fields, Text, Val};
use crate::platform::wait;
use crate::retry::wish::Wishes;

#[wasm_bindgen(raw_module = "./fetch.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = statusOf)]
    fn status_of(response: &Val) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_name = recordOf)]
    fn record_of_host(text: &Val) -> Result<Val, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, method, structural)]
    fn text(this: &Fields) -> Result<Val, JsValue>;

    #[wasm_bindgen(catch, constructor, js_class = "Response")]
    fn new_response(body: &Val) -> Result<Fields, JsValue>;

    #[wasm_bindgen(method, js_name = replaceAll)]
    fn replace_all(this: &Text, what: &Val, with: &Val) -> Val;
}

/// What is known of an attempt's response.
#[derive(Clone, Copy, Default)]
pub(crate) struct Answer {
    /// 0 where no response came.
    pub(crate) status: u16,
    /// The response itself, until somebody looks at its headers.
    response: Val,
    /// The response's Headers, or undefined. Like the request id it is read by [`Answer::look`].
    pub(crate) headers: Val,
    /// Undefined where none was given.
    pub(crate) request_id: Val,
    /// What `x-should-retry` said.
    pub(crate) should_retry: Option<bool>,
    /// How long the server asks to wait, in milliseconds.
    pub(crate) wish: Option<f64>,
}

/// What follows from the head of a response.
pub(crate) enum Read {
    /// A promise of its body's text.
    Text(Val),
    /// The body cannot be read, for what was thrown.
    Broken(Val),
    /// A redirect to this origin; undefined where it is not shown.
    Redirect(Val),
    /// It is no answer of the API.
    Unusable(&'static str),
}

impl Answer {
    /// Notes the status, and begins to read the body, once it is clear that this is a Response.
    pub(crate) fn read_head(&mut self, value: Val, secret: Val, sent_to: Val) -> Read {
        let status = status_of(&value).map_err(Val::from).unwrap_or(f64::NAN);
        if !(status == 0.0 || (200.0..=999.0).contains(&status)) {
            return Read::Unusable(if field(value, Name::Status).is_type(Name::Number) {
                "its status is none of HTTP"
            } else {
                "fetch gave something that is not a Response"
            });
        }
        self.status = status as u16;
        self.response = value;
        let response = value.fields();
        if self.status == 0 || (300..400).contains(&self.status) {
            self.look(secret);
            discard(response);
            let is_redirect = self.status > 0 || Name::OpaqueRedirect.is(response.peek(Name::Type));
            return match self.status {
                304 => Read::Unusable("it says 304 Not Modified, though nothing is kept here that could be unmodified"),
                _ if is_redirect => Read::Redirect(self.target(response, sent_to)),
                _ => Read::Unusable("it is opaque (status 0); a fetch without CORS cannot be read"),
            };
        }
        read_text(response).map_or_else(Read::Broken, Read::Text)
    }

    /// True where somebody else has begun to read the body and holds on to it.
    pub(crate) fn is_locked(self) -> bool {
        field(self.response, Name::BodyUsed).as_bool() == Some(false)
            && field(field(self.response, Name::Body), Name::Locked).is_true()
    }

    /// Reads the headers, which most calls that succeed have no need of.
    pub(crate) fn look(&mut self, secret: Val) {
        let headers = field(std::mem::take(&mut self.response), Name::Headers);
        if headers.is_object() {
            self.headers = headers;
            self.request_id = host::text_or_none(redact(self.header(Name::RequestIdHeader), secret));
        }
    }

    /// The origin that a redirect leads to.
    #[cold]
    fn target(self, response: Fields, sent_to: Val) -> Val {
        let base = response.peek(Name::Url);
        let base = if base.is_true() { base } else { sent_to };
        let location = self.header(Name::LocationHeader);
        let url = if location.is_none() { None } else { host::url(location, base) };
        url.map(|url| host::text_or_none(url.peek(Name::Origin))).unwrap_or_default()
    }

    /// A header's value. A Headers that cannot be asked has none.
    fn header(self, name: Name) -> Val {
        if self.headers.is_none() {
            return Val::UNDEFINED;
        }
        match host::entry(self.headers, name.js()) {
            Ok(value) if value.is_string() => value,
            _ => Val::UNDEFINED,
        }
    }

    /// Reads the body of a refusal: its value without the key, and what it says of retrying.
    pub(crate) fn read_refusal(&mut self, text: Val, secret: Val) -> ErrorBody {
        self.look(secret);
        let body = match host::parse_json(text) {
            Ok(value) => redact_value(value, secret),
            Err(_) => redact(text, secret),
        };
        let said = ErrorBody::of(body);
        let mut buffers = [[0; 64]; 4];
        // A number or a date is shorter than a buffer; of a number that is longer still, the beginning is enough.
        let [ms, after, date, wanted] = &mut buffers;
        self.wish = Wishes {
            retry_after_ms: ascii(self.header(Name::RetryAfterMsHeader), ms),
            retry_after: ascii(self.header(Name::RetryAfterHeader), after),
            date: ascii(self.header(Name::DateHeader), date),
            body_seconds: said.retry_after(),
        }
        .delay_ms(host::date_now());
        self.should_retry = match ascii(self.header(Name::ShouldRetryHeader), wanted) {
            b"true" => Some(true),
            b"false" => Some(false),
            _ => None,
        };
        self.request_id = said.request_id.or(self.request_id);
        said
    }

    /// Takes the key out of the headers: they are the same, or where a server echoes it a copy.
    pub(crate) fn redact_headers(&mut self, secret: Val) {
        if self.headers.is_none() || secret.is_none() {
            return;
        }
        // By way of a true Headers: what a custom fetch gave may be anything, of any length.
        let Ok(pairs) = host::headers(self.headers).and_then(host::array_from) else { return };
        let clean = redact_value(*pairs, secret);
        if clean != *pairs {
            self.headers = host::headers(clean).unwrap_or_default();
        }
    }
}

/// The object that a body stands for; undefined where its JSON is something else.
pub(crate) fn record_of(text: Val) -> Result<Val, Val> {
    Ok(record_of_host(&text)?)
}

/// Begins to read a body.
fn read_text(response: Fields) -> Result<Val, Val> {
    Ok(response.text()?)
}

/// A promise that rejects as the reading of a body does here that was read before. To ask each response in advance whether it was read costs
/// a call more than reading all of its headers does.
pub(crate) fn read_twice() -> Result<Val, Val> {
    let response = Fields::new_response(&Name::N0.js())?;
    wait::ignore(read_text(response)?);
    read_text(response)
}

/// `text` without the key, should a server echo it.
#[inline(never)]
pub(crate) fn redact(text: Val, secret: Val) -> Val {
    if secret.is_none() || !text.is_string() {
        return text;
    }
    text.text().replace_all(&secret, &Say::new("[redacted]").end())
}

/// Plain data without the key, which JSON can spell in many ways.
fn redact_value(value: Val, secret: Val) -> Val {
    let text = host::to_json(value).unwrap_or_default();
    let clean = redact(text, secret);
    if clean == text { value } else { host::parse_json(clean).unwrap_or_default() }
}

/// Cancels an unread body without waiting for it: an unread body holds its connection, and waiting for a cancel can hang.
fn discard(response: Fields) {
    let body = response.peek(Name::Body);
    if host::is_object(body)
        && let Ok(promise) = host::cancel(body)
    {
        wait::ignore(promise);
    }
}
