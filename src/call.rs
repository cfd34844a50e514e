//! The one way through which every call goes: the key, then attempts and the waits between them, then a value or an error.

use std::rc::Rc;

use js_sys::{Function, JsString};
use wasm_bindgen::prelude::*;

use crate::error::{self, Attempt, CallRecord, Failed};
use crate::hooks::{HookEvent, tell};
use crate::host::{Fields, Name, now, random, short_text};
use crate::nesting::Nesting;
use crate::options::{ApiKey, Authorization, ClientOptions};
use crate::pace::Pace;
use crate::request::Request;
use crate::retry::{Failure, Policy, Verdict};
use crate::rules::{FieldPath, Issues, MOST_CONTENT_BYTES, TOO_LONG, check_content};
use crate::transport::{self, Abort, Answer, Head, Reading, redact_message};
use crate::wait::{Cut, Waits};

/// A call on its way.
pub(crate) struct Call {
    client: Rc<ClientOptions>,
    request: Request,
    /// Such as `POST /v1/ingest`, for messages.
    name: String,
    nesting: Nesting,
    waits: Waits,
    pace: Option<Rc<Pace>>,
    /// When it began, by the host's steady clock.
    started: f64,
    /// The limit that runs, in milliseconds, and whether it is the whole call's.
    limit: f64,
    is_total: bool,
    authorization: Option<Authorization>,
    /// The attempt that runs or ran last, counted from 1.
    attempt: u32,
    /// When it began.
    attempt_started: f64,
    answer: Answer,
    /// What is known of attempts that are over.
    attempts: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    uncertain: bool,
}

/// An attempt that failed.
struct FailedAttempt {
    failed: Failed,
    failure: Failure,
    /// True where the server certainly did not act on the request.
    is_certain: bool,
}

impl FailedAttempt {
    /// One after which there is no other.
    fn last(failed: Failed) -> FailedAttempt {
        FailedAttempt { failed, failure: Failure::Final, is_certain: false }
    }
}

/// Runs a call to its end. `Err` is an error as [`Failed::into_js`] makes it.
pub(crate) async fn run(mut call: Call) -> Result<JsValue, JsValue> {
    match call.work().await {
        Ok(value) => {
            call.tell_success();
            Ok(value)
        }
        Err(failed) => Err(call.fail(failed)),
    }
}

impl Call {
    /// A call that has not begun. `pace` is that of its batch.
    pub(crate) fn new(client: &Rc<ClientOptions>, request: Request, nesting: Nesting, pace: Option<Rc<Pace>>) -> Call {
        let started = now();
        Call {
            client: Rc::clone(client),
            name: request.name(),
            waits: Waits::new(request.options.signal.clone()),
            request,
            nesting,
            pace,
            started,
            limit: 0.0,
            is_total: false,
            authorization: None,
            attempt: 0,
            attempt_started: started,
            answer: Answer::default(),
            attempts: Vec::new(),
            uncertain: false,
        }
    }

    async fn work(&mut self) -> Result<JsValue, Failed> {
        if let Err(failed) = self.listen() {
            if let Some(source) = &self.request.content {
                transport::discard(source);
            }
            return Err(failed);
        }
        self.read_content().await?;
        self.authorize().await?;
        loop {
            self.begin_attempt()?;
            match self.attempt().await {
                Ok(value) => return Ok(value),
                Err(failed) => {
                    let wait_ms = self.judge(failed)?;
                    self.waits.pause(wait_ms).await.map_err(|cut| self.cut(cut))?;
                }
            }
        }
    }

    /// Begins to listen to the caller's signal, where it has not fired already.
    fn listen(&mut self) -> Result<(), Failed> {
        if self.waits.is_aborted() {
            return Err(self.cut(Cut::Aborted));
        }
        self.waits.listen().map_err(|error| error::caused(&self.name, " could not listen to its signal.", error))
    }

    /// Reads the content of a document, where it is a Blob or a stream, and puts it into the body.
    async fn read_content(&mut self) -> Result<(), Failed> {
        let Some(source) = self.request.content.take() else { return Ok(()) };
        self.set_limit()?;
        let reading = transport::read_content(&source, MOST_CONTENT_BYTES.into());
        let text = match &reading {
            Ok(reading) => self.waits.settled(&reading.text()).await.map_err(|cut| self.cut(cut)),
            Err(error) => Ok(Err(error.clone())),
        };
        let added = text.and_then(|text| self.add_content(text));
        if added.is_err()
            && let Ok(reading) = reading
        {
            // It may hold a connection.
            reading.cancel();
        }
        added
    }

    fn add_content(&mut self, text: Result<JsValue, JsValue>) -> Result<(), Failed> {
        let mut issues = Issues::default();
        let path = FieldPath::of(Name::Content);
        match text {
            Err(error) => issues.threw(path, "read", &error),
            Ok(text) if text.is_undefined() => issues.add(path, &[TOO_LONG]),
            Ok(text) => {
                check_content(path, &text, &mut issues);
                if issues.is_empty() && !self.request.add_field(Name::Content, &text) {
                    issues.add(path, &["could not be put into the request: let it be a plain object"]);
                }
            }
        }
        if issues.is_empty() { Ok(()) } else { Err(error::validation("The request was not sent", issues)) }
    }

    /// Finds the Authorization of this call. A function is asked once, under the limits of an attempt.
    async fn authorize(&mut self) -> Result<(), Failed> {
        if !self.request.endpoint.authorized {
            return Ok(());
        }
        let client = Rc::clone(&self.client);
        self.authorization = Some(match &client.api_key {
            ApiKey::Fixed(authorization) => authorization.clone(),
            ApiKey::Asked(ask) => {
                self.set_limit()?;
                let answer = self.nesting.within(|| ask.call0(&JsValue::UNDEFINED));
                let key = match answer {
                    Ok(answer) => self.waits.settled(&answer).await.map_err(|cut| self.cut(cut))?,
                    Err(error) => Err(error),
                };
                if self.waits.is_aborted() {
                    return Err(self.cut(Cut::Aborted));
                }
                let key = key
                    .map_err(|cause| error::caused(&self.name, " was not sent: the apiKey function failed.", cause))?;
                let mut issues = Issues::default();
                Authorization::read(&key, &mut issues)
                    .ok_or_else(|| error::validation("The request was not sent", issues))?
            }
        });
        Ok(())
    }

    /// Tells that an attempt is about to be sent, and starts its clock.
    fn begin_attempt(&mut self) -> Result<(), Failed> {
        self.attempt = self.attempt.saturating_add(1);
        self.answer = Answer::default();
        self.tell(self.client.hooks.on_request.as_ref(), HookEvent::default());
        self.attempt_started = now();
        // A hook may have aborted just now; then nothing is sent.
        if self.waits.is_aborted() {
            return Err(self.cut(Cut::Aborted));
        }
        self.set_limit()
    }

    /// One attempt: fetch, the head of its answer, the text of its body, and what they mean.
    async fn attempt(&mut self) -> Result<JsValue, FailedAttempt> {
        let Some(abort) = Abort::new() else {
            return Err(self.lacks(" needs AbortController, which this host does not have."));
        };
        let exchanged = self.exchange(&abort).await;
        self.waits.unlimit();
        exchanged.and_then(|text| self.read_body(text))
    }

    /// Sends the request, and gives the text of the answer's body.
    async fn exchange(&mut self, abort: &Abort) -> Result<JsValue, FailedAttempt> {
        let sent = {
            let send = || transport::send(&self.client, &self.request, self.authorization.as_ref(), abort);
            if self.client.fetch.is_some() { self.nesting.within(send) } else { send() }
        };
        let promise = match sent {
            Ok(promise) => promise,
            Err(_) if self.client.fetch.is_none() && !transport::has_fetch() => {
                return Err(self.lacks(" needs fetch, which this host does not have. Give one in the fetch option."));
            }
            Err(error) => return Err(self.broken(error)),
        };
        let response = match self.waits.settled(&promise).await {
            Ok(response) => response.map_err(|error| self.broken(error))?,
            Err(cut) => return Err(self.cut_attempt(cut, abort, None)),
        };
        let most_bytes = self.request.options.limits.max_response_bytes;
        let url = String::from(&self.request.address.url);
        match self.answer.read_head(response, most_bytes, &url) {
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
            let failed = error::refused(&self.name, fields, said, self.answer.retry_after_ms);
            let is_certain = error::status::refused(status);
            return Err(FailedAttempt { failed, failure: Failure::Status { status, should_retry }, is_certain });
        }
        let why = match transport::record_of(&text) {
            Ok(value) if value.is_object() => return Ok(value),
            _ if !text.is_string() => return Err(self.unusable("its text() gives no string")),
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text: JsString = transport::redact(text, authorization).unchecked_into();
        // JSON that was begun and not ended: the connection broke where nothing marks a body's length.
        let is_cut = short_text(&text).starts_with('{');
        let failure = if is_cut { Failure::Transport } else { Failure::Final };
        let fields = self.answer.fields(authorization);
        Err(FailedAttempt { failed: error::not_json(&self.name, fields, why, &text), failure, is_certain: false })
    }

    /// The attempt was cut short. Whether the host likes it or not, it is over.
    fn cut_attempt(&mut self, cut: Cut, abort: &Abort, reading: Option<&Reading>) -> FailedAttempt {
        let failed = self.cut(cut);
        abort.fire();
        if let Some(reading) = reading {
            reading.cancel();
        }
        FailedAttempt::last(failed)
    }

    fn broken(&mut self, cause: JsValue) -> FailedAttempt {
        // A fetch that hangs on the same signal can fail before the call's own listener is told.
        if self.waits.is_aborted() {
            return FailedAttempt::last(self.cut(Cut::Aborted));
        }
        // A fetch option that failed with an error of a client's, its own perhaps: another attempt would fail likewise.
        let failure = if is_claiv_error(&cause) { Failure::Final } else { Failure::Transport };
        FailedAttempt { failed: error::not_through(&self.name, cause), failure, is_certain: false }
    }

    fn lacks(&self, what: &str) -> FailedAttempt {
        let failed = Failed::plain(&[&*self.name, what].concat());
        FailedAttempt { is_certain: true, ..FailedAttempt::last(failed) }
    }

    fn unusable(&mut self, why: &str) -> FailedAttempt {
        let fields = self.answer.fields(self.authorization.as_ref());
        FailedAttempt::last(error::unusable(&self.name, fields, why))
    }

    fn too_large(&mut self, most_bytes: f64) -> FailedAttempt {
        let most = crate::host::number_text(most_bytes);
        let failed = self.unusable(&["its body has more than ", &most, " bytes (maxResponseBytes)"].concat());
        FailedAttempt { is_certain: error::status::refused(self.answer.status), ..failed }
    }

    /// An attempt failed. What follows: the milliseconds until another one, or the end.
    fn judge(&mut self, attempt: FailedAttempt) -> Result<f64, Failed> {
        let FailedAttempt { mut failed, failure, is_certain } = attempt;
        failed.message = redact_message(std::mem::take(&mut failed.message), self.authorization.as_ref());
        self.uncertain |= !is_certain;
        self.answer.read_headers(self.authorization.as_ref());
        self.remember(Some(&failed.message));
        match self.verdict(failure) {
            Verdict::GiveUp => Err(failed),
            Verdict::RetryAfter(ms) => {
                let event = HookEvent { error: Some(failed.error.class()), wait_ms: Some(ms), ..HookEvent::default() };
                self.tell(self.client.hooks.on_retry.as_ref(), event);
                Ok(ms)
            }
        }
    }

    fn verdict(&self, failure: Failure) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        let asked = self.answer.retry_after_ms;
        let verdict = policy.judge(failure, self.attempt, asked, Some(self.left()), random());
        let Some(pace) = &self.pace else { return verdict };
        // A 429 holds back the other calls of a batch, and them this one.
        if self.answer.status == 429 {
            pace.hold(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => asked.unwrap_or(0.0).min(limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::RetryAfter(ms) if ms.max(pace.held()) < self.left() => Verdict::RetryAfter(ms.max(pace.held())),
            _ => Verdict::GiveUp,
        }
    }

    /// Notes an attempt that is over, and tells of its answer.
    fn remember(&mut self, error: Option<&str>) {
        let duration_ms = millis(now() - self.attempt_started);
        if self.answer.status > 0 {
            let event = HookEvent { duration_ms: Some(duration_ms), ..HookEvent::default() };
            self.tell(self.client.hooks.on_response.as_ref(), event);
        }
        self.attempts.push(Attempt {
            status: Some(self.answer.status).filter(|status| *status > 0),
            request_id: self.answer.request_id.clone(),
            duration_ms,
            error: error.map(Into::into),
        });
    }

    /// Tells those who asked of the call's success.
    fn tell_success(&mut self) {
        let options = Rc::clone(&self.request.options);
        if options.on_response.is_none() && self.client.hooks.on_response.is_none() {
            return;
        }
        self.answer.read_headers(self.authorization.as_ref());
        self.remember(None);
        let event = HookEvent {
            headers: self.answer.shown_headers(self.authorization.as_ref()),
            duration_ms: Some(self.elapsed()),
            attempts: Some(&self.attempts),
            idempotency_key: self.request.idempotency_key.clone(),
            ..HookEvent::default()
        };
        self.tell(options.on_response.as_ref(), event);
    }

    /// Tells of the call's failure, and gives the error with what the caller needs in order to go on.
    fn fail(self, failed: Failed) -> JsValue {
        let event =
            HookEvent { error: Some(failed.error.class()), duration_ms: Some(self.elapsed()), ..HookEvent::default() };
        self.tell(self.client.hooks.on_error.as_ref(), event);
        failed.into_js(CallRecord {
            attempts: self.attempts,
            may_have_been_applied: self.uncertain,
            idempotency_key: self.request.idempotency_key,
        })
    }

    /// Tells a hook, where there is one, and adds to its event what every hook is told.
    #[inline(never)]
    fn tell(&self, hook: Option<&Function>, event: HookEvent<'_>) {
        let Some(hook) = hook else { return };
        let mut fields = Fields::default();
        fields.add("method", self.request.endpoint.method.text());
        fields.add("path", &self.request.address.path);
        // Counted from 1; 0 for a call that failed before its first attempt.
        fields.add("attempt", self.attempt);
        fields.add_given("status", Some(self.answer.status).filter(|status| *status > 0));
        fields.add_defined("requestId", self.answer.request_id.clone());
        event.add_to(&mut fields);
        tell(hook, &self.nesting, &fields);
    }

    /// The error of a call whose signal fired, or whose time is over.
    fn cut(&self, cut: Cut) -> Failed {
        match cut {
            Cut::Aborted => error::aborted(&self.name, self.waits.reason()),
            Cut::TimedOut => error::timed_out(&self.name, self.limit, self.is_total, self.attempt, self.elapsed()),
        }
    }

    /// Starts the clock of an attempt: `timeout`, or what is left of `totalTimeout` where that is less.
    fn set_limit(&mut self) -> Result<(), Failed> {
        let limits = self.request.options.limits;
        let left = self.left();
        self.is_total = left < limits.timeout;
        self.limit = if self.is_total { limits.total_timeout } else { limits.timeout };
        if left <= 0.0 {
            return Err(self.cut(Cut::TimedOut));
        }
        self.waits.limit(left.min(limits.timeout));
        Ok(())
    }

    /// What remains of `totalTimeout`, in milliseconds.
    fn left(&self) -> f64 {
        let total = self.request.options.limits.total_timeout;
        // Without a limit nobody needs to know the time.
        if total == f64::INFINITY { total } else { total - self.elapsed() }
    }

    /// Milliseconds since the call began.
    fn elapsed(&self) -> f64 {
        millis(now() - self.started)
    }
}

/// A duration as it is shown: tenths of a millisecond are as fine as clocks are true.
fn millis(duration: f64) -> f64 {
    (duration * 10.0).trunc() / 10.0
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

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
