//! How an attempt ended, with what is known of its response.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::Limit;
use crate::platform::host::HeadersLike;
use crate::platform::names;
use crate::retry::Failure;

/// How an attempt ended.
pub(crate) enum Outcome {
    /// A 2xx with the JSON object that the API promises.
    Success(JsValue),
    /// An error status; its body as JSON or text, and how long the server asks to wait.
    Refused { body: JsValue, wish: Option<f64> },
    /// A 2xx whose body is not a JSON object.
    NotJson { excerpt: JsString, why: &'static str },
    /// A redirect, and the origin it leads to where that is shown.
    Redirect { origin: String },
    /// Something that is no answer of the API at all.
    Unusable(&'static str),
    /// fetch or the body's reading failed.
    Transport(JsValue),
    /// The host lacks what is needed.
    NoHost(&'static str),
    /// Cut short by a limit.
    TimedOut(Limit),
    /// Cut short by the caller's signal, for this reason.
    Aborted(JsValue),
}

/// An attempt's end, with what is known of its response.
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// 0 where no response came.
    pub(crate) status: u16,
    /// The response's Headers, or undefined.
    pub(crate) headers: JsValue,
    /// Empty where none was given.
    pub(crate) request_id: JsString,
    /// What `x-should-retry` said.
    pub(super) should_retry: Option<bool>,
}

impl Answer {
    /// How the retry policy sees it.
    pub(crate) fn failure(&self) -> Failure {
        match &self.outcome {
            Outcome::Refused { .. } => Failure::Status { status: self.status, should_retry: self.should_retry },
            Outcome::Transport(_) => Failure::Transport,
            // JSON that was begun and not ended: the connection broke where nothing marks a body's length.
            Outcome::NotJson { excerpt, .. } if excerpt.char_code_at(0) == f64::from(b'{') => Failure::Transport,
            _ => Failure::Final,
        }
    }

    /// How long the server asks to wait, in milliseconds.
    pub(crate) fn wish(&self) -> Option<f64> {
        match self.outcome {
            Outcome::Refused { wish, .. } => wish,
            _ => None,
        }
    }
}

impl Answer {
    /// A header's value. A Headers that cannot be asked has none.
    pub(super) fn header(&self, name: &'static str) -> Option<JsString> {
        if self.headers.is_undefined() {
            return None;
        }
        let headers: &HeadersLike = self.headers.unchecked_ref();
        headers.get(&names::js(name)).ok()?.dyn_into().ok()
    }

    pub(super) fn header_text(&self, name: &'static str) -> Option<String> {
        // Longer than any date; of a number that is longer still, the beginning is enough. A hostile header is not copied.
        self.header(name).map(|value| value.slice(0, 64).into())
    }
}
