//! One attempt of a call: fetch, the response and the text of its body, and what they mean.

use js_sys::JsString;
use wasm_bindgen::prelude::*;

use super::{Call, millis};
use crate::error::{self, Failure};
use crate::host::{concat, now, number_text, short_text};
use crate::retry::FailureKind;
use crate::transport::{self, Abort, NoBody, TextReader};
use crate::wait::Interrupted;

/// An attempt that failed.
pub(super) struct FailedAttempt {
    pub(super) failure: Failure,
    pub(super) kind: FailureKind,
    /// False where the server certainly did not act on the request.
    pub(super) may_have_been_applied: bool,
}

impl FailedAttempt {
    /// One after which there is no other, and which may have been applied.
    fn last(failure: Failure) -> FailedAttempt {
        FailedAttempt { failure, kind: FailureKind::Final, may_have_been_applied: true }
    }
}

impl Call {
    /// One attempt: sends the request, and gives the object that the body of its response is.
    pub(super) async fn attempt(&mut self) -> Result<JsValue, FailedAttempt> {
        let Some(abort) = Abort::new() else {
            return Err(self.missing_api(" needs AbortController, which this host does not have."));
        };
        let text = self.exchange(&abort).await;
        self.waits.clear_timeout();
        text.and_then(|text| self.read_body(text))
    }

    /// Sends the request, and gives the text of the response's body.
    async fn exchange(&mut self, abort: &Abort) -> Result<JsValue, FailedAttempt> {
        let init = transport::init(&self.client, &self.request, self.authorization.as_ref(), abort)
            .map_err(|error| self.transport_failure(error))?;
        let sent = {
            let send = || transport::send(&self.client, &self.request, &init);
            if self.client.fetch.is_some() { self.call_depth.deeper(send) } else { send() }
        };
        let promise = match sent {
            Ok(promise) => promise,
            Err(_) if self.client.fetch.is_none() && !transport::has_fetch() => {
                let what = " needs fetch, which this host does not have. Give one in the fetch option.";
                return Err(self.missing_api(what));
            }
            Err(error) => return Err(self.fetch_failure(&init, error)),
        };
        let response = match self.waits.settled(&promise).await {
            Ok(response) => response.map_err(|error| self.fetch_failure(&init, error))?,
            Err(why) => return Err(self.interrupted_attempt(why, abort, None)),
        };
        let most_bytes = self.request.options.limits.max_response_bytes;
        let url = String::from(&self.request.address.url);
        match self.response.open(response, most_bytes, &url, self.authorization.as_ref()) {
            Ok(reader) => match self.waits.settled(&reader.text()).await {
                Ok(Ok(text)) if text.is_undefined() => {
                    abort.fire();
                    Err(self.too_large(most_bytes))
                }
                Ok(Ok(text)) => Ok(text),
                Ok(Err(error)) => self.unreadable_body(error),
                Err(why) => Err(self.interrupted_attempt(why, abort, Some(&reader))),
            },
            Err(NoBody::Unreadable(error)) => self.unreadable_body(error),
            Err(NoBody::Redirect(origin)) => {
                let fields = self.response.fields(self.authorization.as_ref());
                Err(FailedAttempt::last(error::redirected(&self.name, fields, origin)))
            }
            Err(NoBody::Invalid(why)) => Err(self.invalid_response(why)),
        }
    }

    /// The body could not be read. For an error status the status is enough, and the body counts as empty.
    fn unreadable_body(&mut self, error: JsValue) -> Result<JsValue, FailedAttempt> {
        if self.response.status >= 400 && !self.waits.is_aborted() {
            return Ok(JsString::from("").into());
        }
        Err(self.transport_failure(error))
    }

    /// The object that the text of a body describes, or the failure that an error status or any other body is.
    fn read_body(&mut self, text: JsValue) -> Result<JsValue, FailedAttempt> {
        let status = self.response.status;
        let authorization = self.authorization.as_ref();
        if status >= 400 {
            let (body, should_retry) = self.response.read_error(text, authorization);
            let fields = self.response.fields(authorization);
            let failure = error::api(&self.name, fields, body, self.response.retry_after_ms);
            let may_have_been_applied = error::status::may_have_been_applied(status);
            let kind = FailureKind::Status { status, should_retry };
            return Err(FailedAttempt { failure, kind, may_have_been_applied });
        }
        let why = match transport::parse_object(&text) {
            Ok(value) if value.is_object() => return Ok(value),
            _ if !text.is_string() => return Err(self.invalid_response("its text() gives no string")),
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text: JsString = transport::redact(text, authorization).unchecked_into();
        // JSON cut off in the middle: the connection closed early, and no `content-length` showed it.
        let is_truncated = short_text(&text).starts_with('{');
        let kind = if is_truncated { FailureKind::Transport } else { FailureKind::Final };
        let fields = self.response.fields(authorization);
        Err(FailedAttempt {
            failure: error::not_json(&self.name, fields, why, &text),
            kind,
            may_have_been_applied: true,
        })
    }

    /// Ends an attempt at the caller's abort or at a timeout: aborts its fetch and cancels its body, whether or not the host heeds that.
    fn interrupted_attempt(&mut self, why: Interrupted, abort: &Abort, reader: Option<&TextReader>) -> FailedAttempt {
        let failure = self.interrupted(why);
        abort.fire();
        if let Some(reader) = reader {
            reader.cancel();
        }
        FailedAttempt::last(failure)
    }

    /// fetch failed before there was a response.
    fn fetch_failure(&mut self, init: &JsValue, cause: JsValue) -> FailedAttempt {
        if self.waits.is_aborted() || !transport::is_impossible(&self.request, init, &cause) {
            return self.transport_failure(cause);
        }
        let failure = error::impossible_request(&self.name, cause);
        FailedAttempt { may_have_been_applied: false, ..FailedAttempt::last(failure) }
    }

    /// fetch or the body failed: retried unless the caller aborted, a timeout of the host's own ended it, or it is an error of a client, which
    /// another attempt would meet again.
    fn transport_failure(&mut self, cause: JsValue) -> FailedAttempt {
        // A custom fetch that listens to the same signal can fail before the call's own listener is called.
        if self.waits.is_aborted() {
            return FailedAttempt::last(self.interrupted(Interrupted::Aborted));
        }
        if error::is_host_timeout(&cause) {
            let took_ms = millis(now() - self.attempt_started);
            return FailedAttempt::last(error::timed_out_by_host(
                &self.name,
                cause,
                took_ms,
                self.attempt,
                self.elapsed(),
            ));
        }
        // A custom fetch that calls this client or another and lets its error through.
        let kind = if is_claiv_error(&cause) { FailureKind::Final } else { FailureKind::Transport };
        FailedAttempt { failure: error::network(&self.name, cause), kind, may_have_been_applied: true }
    }

    /// A final failure: the host lacks an API without which nothing can be sent.
    fn missing_api(&self, what: &str) -> FailedAttempt {
        let failure = Failure::plain(&concat(&[&self.name, what]));
        FailedAttempt { may_have_been_applied: false, ..FailedAttempt::last(failure) }
    }

    /// A final failure: what `fetch` gave cannot be used as a response.
    fn invalid_response(&mut self, why: &str) -> FailedAttempt {
        let fields = self.response.fields(self.authorization.as_ref());
        FailedAttempt::last(error::invalid_response(&self.name, fields, why))
    }

    /// A final failure: the body is larger than `maxResponseBytes`.
    fn too_large(&mut self, most_bytes: f64) -> FailedAttempt {
        let most = number_text(most_bytes);
        let failed = self.invalid_response(&concat(&["its body has more than ", &most, " bytes (maxResponseBytes)"]));
        FailedAttempt { may_have_been_applied: error::status::may_have_been_applied(self.response.status), ..failed }
    }
}

#[wasm_bindgen(raw_module = "./error-brand.js")]
extern "C" {
    /// True for an error of this package, of any copy of it.
    #[wasm_bindgen(catch, js_name = isClaivError)]
    fn is_claiv_error_by_host(value: &JsValue) -> Result<bool, JsValue>;
}

fn is_claiv_error(value: &JsValue) -> bool {
    is_claiv_error_by_host(value).unwrap_or(false)
}
