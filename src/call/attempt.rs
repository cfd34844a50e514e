//! One attempt of a call: fetch, the head of its answer, the text of its body, and what they mean.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{Call, millis};
use crate::error::{self, Failed};
use crate::host::{concat, now, number_text, short_text};
use crate::retry::FailureKind;
use crate::transport::{self, Abort, Head, Reading};
use crate::wait::Cut;

/// An attempt that failed.
pub(super) struct FailedAttempt {
    pub(super) failed: Failed,
    pub(super) kind: FailureKind,
    /// False where the server certainly did not act on the request.
    pub(super) may_have_been_applied: bool,
}

impl FailedAttempt {
    /// One after which there is no other, and which may have been applied.
    fn last(failed: Failed) -> FailedAttempt {
        FailedAttempt { failed, kind: FailureKind::Final, may_have_been_applied: true }
    }
}

impl Call {
    /// One attempt: fetch, the head of its answer, the text of its body, and what they mean.
    pub(super) async fn attempt(&mut self) -> Result<JsValue, FailedAttempt> {
        let Some(abort) = Abort::new() else {
            return Err(self.lacks(" needs AbortController, which this host does not have."));
        };
        let exchanged = self.exchange(&abort).await;
        self.waits.unlimit();
        exchanged.and_then(|text| self.read_body(text))
    }

    /// Sends the request, and gives the text of the answer's body.
    async fn exchange(&mut self, abort: &Abort) -> Result<JsValue, FailedAttempt> {
        let init = transport::init(&self.client, &self.request, self.authorization.as_ref(), abort)
            .map_err(|error| self.broken(error))?;
        let sent = {
            let send = || transport::send(&self.client, &self.request, &init);
            if self.client.fetch.is_some() { self.nesting.within(send) } else { send() }
        };
        let promise = match sent {
            Ok(promise) => promise,
            Err(_) if self.client.fetch.is_none() && !transport::has_fetch() => {
                return Err(self.lacks(" needs fetch, which this host does not have. Give one in the fetch option."));
            }
            Err(error) => return Err(self.unsent(&init, error)),
        };
        let response = match self.waits.settled(&promise).await {
            Ok(response) => response.map_err(|error| self.unsent(&init, error))?,
            Err(cut) => return Err(self.cut_attempt(cut, abort, None)),
        };
        let most_bytes = self.request.options.limits.max_response_bytes;
        let url = String::from(&self.request.address.url);
        match self.answer.read_head(response, most_bytes, &url, self.authorization.as_ref()) {
            Head::Body(reading) => match self.waits.settled(&reading.text()).await {
                Ok(Ok(text)) if text.is_undefined() => {
                    abort.fire();
                    Err(self.too_large(most_bytes))
                }
                Ok(Ok(text)) => Ok(text),
                Ok(Err(error)) => self.without_body(error),
                Err(cut) => Err(self.cut_attempt(cut, abort, Some(&reading))),
            },
            Head::Broken(error) => self.without_body(error),
            Head::Redirect(origin) => {
                let fields = self.answer.fields(self.authorization.as_ref());
                Err(FailedAttempt::last(error::redirected(&self.name, fields, origin)))
            }
            Head::Unusable(why) => Err(self.unusable(why)),
        }
    }

    /// The body could not be read. Of an error status enough is known; the body would only have said more.
    fn without_body(&mut self, error: JsValue) -> Result<JsValue, FailedAttempt> {
        if self.answer.status >= 400 && !self.waits.is_aborted() {
            return Ok(JsString::from("").into());
        }
        Err(self.broken(error))
    }

    /// What an answer's body means.
    fn read_body(&mut self, text: JsValue) -> Result<JsValue, FailedAttempt> {
        let status = self.answer.status;
        let authorization = self.authorization.as_ref();
        if status >= 400 {
            let (said, should_retry) = self.answer.read_error(text, authorization);
            let fields = self.answer.fields(authorization);
            let failed = error::api(&self.name, fields, said, self.answer.retry_after_ms);
            let may_have_been_applied = error::status::may_have_been_applied(status);
            let kind = FailureKind::Status { status, should_retry };
            return Err(FailedAttempt { failed, kind, may_have_been_applied });
        }
        let why = match transport::record_of(&text) {
            Ok(value) if value.is_object() => return Ok(value),
            _ if !text.is_string() => return Err(self.unusable("its text() gives no string")),
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text: JsString = transport::redact(text, authorization).unchecked_into();
        // JSON cut off in the middle: the connection closed early, and no `content-length` showed it.
        let is_cut = short_text(&text).starts_with('{');
        let kind = if is_cut { FailureKind::Transport } else { FailureKind::Final };
        let fields = self.answer.fields(authorization);
        Err(FailedAttempt {
            failed: error::not_json(&self.name, fields, why, &text),
            kind,
            may_have_been_applied: true,
        })
    }

    /// Ends an attempt that the caller's signal or a timeout cut short, whether or not the host heeds the abort.
    fn cut_attempt(&mut self, cut: Cut, abort: &Abort, reading: Option<&Reading>) -> FailedAttempt {
        let failed = self.cut(cut);
        abort.fire();
        if let Some(reading) = reading {
            reading.cancel();
        }
        FailedAttempt::last(failed)
    }

    /// An attempt whose fetch failed before there was an answer.
    fn unsent(&mut self, init: &JsValue, cause: JsValue) -> FailedAttempt {
        if self.waits.is_aborted() || !transport::is_impossible(&self.request, init, &cause) {
            return self.broken(cause);
        }
        let failed = error::impossible(&self.name, cause);
        FailedAttempt { may_have_been_applied: false, ..FailedAttempt::last(failed) }
    }

    /// An attempt whose fetch or body failed: retried unless the caller aborted it, the host's own limit ended it, or another client's error says
    /// that it would fail again.
    fn broken(&mut self, cause: JsValue) -> FailedAttempt {
        // A fetch option that uses the same signal can fail before the call's own listener is told.
        if self.waits.is_aborted() {
            return FailedAttempt::last(self.cut(Cut::Aborted));
        }
        if error::is_host_limit(&cause) {
            let took = millis(now() - self.attempt_started);
            return FailedAttempt::last(error::timed_out_by_host(
                &self.name,
                cause,
                took,
                self.attempt,
                self.elapsed(),
            ));
        }
        // A fetch option that threw a ClaivError, since it calls this client or another: another attempt would fail likewise.
        let kind = if is_claiv_error(&cause) { FailureKind::Final } else { FailureKind::Transport };
        FailedAttempt { failed: error::not_through(&self.name, cause), kind, may_have_been_applied: true }
    }

    /// A final failure of an attempt that could not be sent, since the host has no such API.
    fn lacks(&self, what: &str) -> FailedAttempt {
        let failed = Failed::plain(&concat(&[&self.name, what]));
        FailedAttempt { may_have_been_applied: false, ..FailedAttempt::last(failed) }
    }

    /// A final failure: what `fetch` gave cannot be used as a response.
    fn unusable(&mut self, why: &str) -> FailedAttempt {
        let fields = self.answer.fields(self.authorization.as_ref());
        FailedAttempt::last(error::unusable(&self.name, fields, why))
    }

    /// A final failure: the body is larger than `maxResponseBytes`.
    fn too_large(&mut self, most_bytes: f64) -> FailedAttempt {
        let most = number_text(most_bytes);
        let failed = self.unusable(&concat(&["its body has more than ", &most, " bytes (maxResponseBytes)"]));
        FailedAttempt { may_have_been_applied: error::status::may_have_been_applied(self.answer.status), ..failed }
    }
}

#[wasm_bindgen(raw_module = "./brands.js")]
extern "C" {
    /// True for an error of this package, of any copy of it.
    #[wasm_bindgen(catch, js_name = isClaivError)]
    fn is_claiv_error_of_host(value: &JsValue) -> Result<bool, JsValue>;
}

fn is_claiv_error(value: &JsValue) -> bool {
    is_claiv_error_of_host(value).unwrap_or(false)
}
