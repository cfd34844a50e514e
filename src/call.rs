//! Runs a call: finds the API key, then makes attempts with waits between them, until there is a value or an error.
//!
//! `attempt` makes one attempt, `judge` decides whether another follows, `report` calls the hooks and makes the error.

mod attempt;
mod judge;
mod report;

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::call_depth::CallDepth;
use crate::error::{self, Attempt, Failure};
use crate::hooks::emit;
use crate::host::{Name, now};
use crate::options::{ApiKey, Authorization, ClientOptions};
use crate::rate_limit_pause::RateLimitPause;
use crate::request::Request;
use crate::rules::{FieldPath, Issues, MAX_CONTENT_BYTES, TOO_LONG, check_content};
use crate::transport::{self, Response};
use crate::wait::{Interrupted, Waits};

/// A call on its way.
pub(crate) struct Call {
    client: Rc<ClientOptions>,
    request: Request,
    /// Such as `POST /v1/ingest`, for messages.
    name: String,
    call_depth: CallDepth,
    waits: Waits,
    /// The pause that this call shares with the others of its batch.
    rate_limit_pause: Option<Rc<RateLimitPause>>,
    /// When it began, by the host's monotonic clock.
    started: f64,
    /// The option that limits the current step, in milliseconds.
    timeout: f64,
    /// True where that is `totalTimeout`, false where it is `timeout`.
    is_total: bool,
    authorization: Option<Authorization>,
    /// The attempt that runs or ran last, counted from 1.
    attempt: u32,
    /// When it began.
    attempt_started: f64,
    /// The response to this attempt.
    response: Response,
    /// The attempts that are over.
    attempts: Vec<Attempt>,
    /// True once an attempt may have been applied by the server.
    may_have_been_applied: bool,
}

/// Runs a call to its end. `Err` is an error as [`Failure::into_js`] makes it.
pub(crate) async fn run(mut call: Call) -> Result<JsValue, JsValue> {
    match call.run_attempts().await {
        Ok(value) => {
            call.report_success();
            Ok(value)
        }
        Err(failure) => Err(call.report_failure(failure)),
    }
}

impl Call {
    /// A call that has not begun. `rate_limit_pause` is that of its batch.
    pub(crate) fn new(
        client: &Rc<ClientOptions>,
        request: Request,
        call_depth: CallDepth,
        rate_limit_pause: Option<Rc<RateLimitPause>>,
    ) -> Call {
        let started = now();
        Call {
            client: Rc::clone(client),
            name: request.name(),
            waits: Waits::new(request.options.signal.clone()),
            request,
            call_depth,
            rate_limit_pause,
            started,
            timeout: 0.0,
            is_total: false,
            authorization: None,
            attempt: 0,
            attempt_started: started,
            response: Response::default(),
            attempts: Vec::new(),
            may_have_been_applied: false,
        }
    }

    /// Everything between the call and its end: the content of a document, the key, and attempts until one succeeds or none may follow.
    async fn run_attempts(&mut self) -> Result<JsValue, Failure> {
        if let Err(failure) = self.listen() {
            if let Some(source) = &self.request.content {
                transport::discard(source);
            }
            return Err(failure);
        }
        self.read_content().await?;
        self.authorize().await?;
        loop {
            self.begin_attempt()?;
            match self.attempt().await {
                Ok(value) => return Ok(value),
                Err(failed) => {
                    let wait_ms = self.judge(failed)?;
                    self.waits.sleep(wait_ms).await.map_err(|why| self.interrupted(why))?;
                }
            }
        }
    }

    /// Begins to listen to the caller's signal. `Err` where it has fired already.
    fn listen(&mut self) -> Result<(), Failure> {
        if self.waits.is_aborted() {
            return Err(self.interrupted(Interrupted::Aborted));
        }
        self.waits.listen().map_err(|error| error::caused(&self.name, " could not listen to its signal.", error))
    }

    /// Reads the content of a document, where it is a Blob or a stream, and puts it into the body.
    async fn read_content(&mut self) -> Result<(), Failure> {
        let Some(source) = self.request.content.take() else { return Ok(()) };
        self.set_timeout()?;
        let reader = match transport::read_content(&source, MAX_CONTENT_BYTES.into()) {
            Ok(reader) => reader,
            Err(error) => return self.add_content(Err(error)),
        };
        let text = self.waits.settled(&reader.text()).await.map_err(|why| self.interrupted(why));
        let added = text.and_then(|text| self.add_content(text));
        if added.is_err() {
            // It may hold a connection.
            reader.cancel();
        }
        added
    }

    /// Puts the text of a document into the body. `text` is `Err` where reading it threw, and undefined where it is too long.
    fn add_content(&mut self, text: Result<JsValue, JsValue>) -> Result<(), Failure> {
        let mut issues = Issues::default();
        let path = FieldPath::of(Name::Content);
        match text {
            Err(error) => issues.add_exception(path, "read", &error),
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

    /// Finds the Authorization of this call. A key function is called once, under the timeout of an attempt.
    async fn authorize(&mut self) -> Result<(), Failure> {
        if !self.request.endpoint.needs_key {
            return Ok(());
        }
        let client = Rc::clone(&self.client);
        self.authorization = Some(match &client.api_key {
            ApiKey::Fixed(authorization) => authorization.clone(),
            ApiKey::Function(function) => {
                self.set_timeout()?;
                let returned = self.call_depth.deeper(|| function.call0(&JsValue::UNDEFINED));
                let key = match returned {
                    Ok(returned) => self.waits.settled(&returned).await.map_err(|why| self.interrupted(why))?,
                    Err(error) => Err(error),
                };
                if self.waits.is_aborted() {
                    return Err(self.interrupted(Interrupted::Aborted));
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

    /// Starts the clock of an attempt that is about to be sent, and calls `onRequest`.
    fn begin_attempt(&mut self) -> Result<(), Failure> {
        self.attempt = self.attempt.saturating_add(1);
        self.response = Response::default();
        if let Some(hook) = &self.client.hooks.on_request {
            emit(hook, &self.call_depth, &self.event());
        }
        self.attempt_started = now();
        // A hook may have aborted just now; then nothing is sent.
        if self.waits.is_aborted() {
            return Err(self.interrupted(Interrupted::Aborted));
        }
        self.set_timeout()
    }

    /// The failure of a call whose signal fired, or whose timeout has passed.
    fn interrupted(&self, why: Interrupted) -> Failure {
        match why {
            Interrupted::Aborted => error::aborted(&self.name, self.waits.reason()),
            Interrupted::TimedOut => {
                error::timed_out(&self.name, self.timeout, self.is_total, self.attempt, self.elapsed())
            }
        }
    }

    /// Limits what follows by `timeout`, or by what is left of `totalTimeout` where that is less.
    fn set_timeout(&mut self) -> Result<(), Failure> {
        let limits = self.request.options.limits;
        let left = self.left();
        self.is_total = left < limits.timeout;
        self.timeout = if self.is_total { limits.total_timeout } else { limits.timeout };
        if left <= 0.0 {
            return Err(self.interrupted(Interrupted::TimedOut));
        }
        self.waits.set_timeout(left.min(limits.timeout));
        Ok(())
    }

    /// What remains of `totalTimeout`, in milliseconds.
    #[inline(never)]
    fn left(&self) -> f64 {
        let total = self.request.options.limits.total_timeout;
        // Without a limit the clock is not asked.
        if total == f64::INFINITY { total } else { total - self.elapsed() }
    }

    /// Milliseconds since the call began.
    #[inline(never)]
    fn elapsed(&self) -> f64 {
        millis(now() - self.started)
    }
}

/// A duration as it is shown: clocks of hosts are exact to about a tenth of a millisecond.
fn millis(duration: f64) -> f64 {
    (duration * 10.0).trunc() / 10.0
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
