//! Runs a call: finds the API key, then makes attempts with waits between them, until there is a value or an error.
//!
//! `attempt` makes one attempt, `judge` decides whether another follows, `report` tells hooks and makes the error.

mod attempt;
mod judge;
mod report;

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::error::{self, Attempt, Failed};
use crate::hooks::HookEvent;
use crate::host::{Name, now};
use crate::nesting::Nesting;
use crate::options::{ApiKey, Authorization, ClientOptions};
use crate::pace::Pace;
use crate::request::Request;
use crate::rules::{FieldPath, Issues, MOST_CONTENT_BYTES, TOO_LONG, check_content};
use crate::transport::{self, Answer};
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
    /// The limit in force, in milliseconds.
    limit: f64,
    /// True where that is `totalTimeout`, false where it is `timeout`.
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
    may_have_been_applied: bool,
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
            may_have_been_applied: false,
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

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
