//! One attempt: fetch, headers and body under one limit. The only place that talks to the network.

mod answer;
mod bound;
pub(crate) mod content;
mod response;

pub(crate) use answer::{Answer, Outcome};
pub(crate) use bound::{Bound, Limit, pause};
pub(crate) use response::redact;

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::platform::abort::AbortController;
use crate::platform::host::{self, Fields};
use crate::platform::names;

/// What one attempt sends.
pub(crate) struct Sending<'a> {
    pub(crate) fetch: Option<&'a Function>,
    pub(crate) url: &'a JsString,
    pub(crate) method: &'static str,
    pub(crate) headers: &'a Fields,
    pub(crate) body: Option<&'a JsString>,
    /// The key, which must not come back to the caller out of an echoing server.
    pub(crate) secret: Option<&'a JsString>,
    /// Whether the headers of a success will be shown.
    pub(crate) shows_headers: bool,
}

/// Makes one attempt.
pub(crate) async fn attempt(sending: &Sending<'_>, bound: &Bound<'_>) -> Answer {
    let mut answer = Answer {
        outcome: Outcome::NoHost("needs AbortController, which this host does not have."),
        status: 0,
        headers: JsValue::UNDEFINED,
        request_id: JsString::default(),
        should_retry: None,
    };
    let Ok(controller) = AbortController::new() else { return answer };
    answer.outcome = match exchange(sending, bound, &controller, &mut answer).await {
        Ok(outcome) | Err(outcome) => outcome,
    };
    if sending.shows_headers || !matches!(answer.outcome, Outcome::Success(_)) {
        answer.headers = response::redact_headers(answer.headers, sending.secret);
    }
    if matches!(answer.outcome, Outcome::TimedOut(_) | Outcome::Aborted(_)) {
        // Whether the host likes it or not, this attempt is over.
        let _ = controller.abort();
    }
    answer
}

async fn exchange(
    sending: &Sending<'_>,
    bound: &Bound<'_>,
    controller: &AbortController,
    answer: &mut Answer,
) -> Result<Outcome, Outcome> {
    let init = Fields::empty();
    init.set("method", &names::js(sending.method));
    init.set("headers", sending.headers);
    if let Some(body) = sending.body {
        init.set("body", body);
    }
    init.set("signal", &controller.signal());
    // A redirect would carry the key along.
    init.set("redirect", &names::js("manual"));

    let started = match sending.fetch {
        Some(fetch) => host::call(fetch, &[sending.url, &init]).map_err(Outcome::Transport)?,
        None => host::host_fetch(sending.url, &init).map_err(|error| match host::has_fetch() {
            true => Outcome::Transport(error),
            false => Outcome::NoHost("needs fetch, which this host does not have. Give one in the fetch option."),
        })?,
    };
    let value = bound.wait(&started).await?.map_err(Outcome::Transport)?;
    let head = response::read_head(&value, sending.secret, answer)?;

    if (300..400).contains(&answer.status) || response::is_opaque_redirect(head, answer.status) {
        response::discard(head);
        return Ok(response::redirect(head, answer, sending.url));
    }
    if answer.status == 0 {
        response::discard(head);
        return Err(Outcome::Unusable("it is opaque (status 0); a fetch without CORS cannot be read"));
    }
    if response::is_used(head) {
        return Err(Outcome::Unusable("its body has already been read or is locked"));
    }
    let failed = answer.status >= 400;
    let read = match head.text() {
        Ok(promise) => bound.wait(&promise).await?,
        Err(error) => Err(error),
    };
    match read.map(JsCast::dyn_into::<JsString>) {
        Ok(Ok(text)) if failed => Ok(response::read_refusal(&text, sending.secret, answer)),
        Ok(Ok(text)) => Ok(response::read_success(text, sending.secret)),
        Ok(Err(_)) => Err(Outcome::Unusable("its text() gives no string")),
        // The status says enough; the body would only have said more.
        Err(_) if failed => Ok(response::read_refusal(&JsString::default(), None, answer)),
        Err(error) => Err(Outcome::Transport(error)),
    }
}
