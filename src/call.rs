//! The one way through which every call goes: attempts, waits between them, and the error at the end.
//!
//! A call is a state machine. [`Call::told`] is all that moves it on: it is told of its start, of promises that settled, of timers and of
//! its signal, and each step either waits for the next of them or ends the call.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::batch::Batch;
use crate::error::{self, Error, api, outcome};
use crate::hooks::tell;
use crate::options::{ApiKey, Authorization, Config};
use crate::platform::host::{self, Fields, now};
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::{AbortController, Listener, has_fired};
use crate::platform::timer::Timer;
use crate::platform::wait::{self, FIRED, FIRST_TIMER, REJECTED, RESOLVED, START, Settlers, Ticket, Waiter};
use crate::request::Request;
use crate::retry::{Failure, Policy, Verdict};
use crate::rules::{At, Faults, MOST_CONTENT, TOO_LONG, check_content};
use crate::transport::content::{Reading, read_content};
use crate::transport::{self, Answer, Read};

/// A call on its way.
pub(crate) struct Call {
    /// None once it is over.
    state: RefCell<Option<Box<State>>>,
    /// True when the signal fired while a step ran: a custom fetch or a hook can abort its own call.
    fired: Cell<bool>,
    to: Target,
}

/// Who gets the result.
pub(crate) enum Target {
    /// The caller's promise.
    Promise(Settlers),
    /// An event of a batch.
    Batch(Rc<Batch>, usize),
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// The content of a document.
    Content,
    /// The key, from the caller's function.
    Key,
    /// fetch.
    Head,
    /// The text of a response's body.
    Body,
    /// The time between two attempts.
    Pause,
}

/// How a step ends: the call's value, nothing while it waits, or why it failed.
type Step = Result<Option<JsValue>, Error>;

struct State {
    config: Rc<Config>,
    request: Box<Request>,
    batch: Option<Rc<Batch>>,
    ticket: Ticket,
    /// What promises are settled with.
    done: JsValue,
    failed: JsValue,
    listener: Option<Listener>,
    phase: Phase,
    timer: Option<Timer>,
    /// What the running timer tells.
    timer_code: f64,
    /// The limit that the timer stands for, in milliseconds, and whether it is the whole call's.
    limit: f64,
    is_total: bool,
    reading: Option<Reading>,
    authorization: Authorization,
    controller: Option<AbortController>,
    answer: Answer,
    /// When it began, by the host's steady clock.
    started: f64,
    /// When the attempt began.
    begun: f64,
    /// The attempt that runs or ran last, counted from 1.
    attempt: u32,
    attempts: Array,
    /// True once an attempt may have been applied by the server.
    uncertain: bool,
}

impl Call {
    /// Starts a call.
    pub(crate) fn start(config: &Rc<Config>, request: Box<Request>, to: Target) -> Rc<Call> {
        let call = Rc::new(Call { state: RefCell::new(None), fired: Cell::new(false), to });
        let ticket = Ticket::new(call.clone());
        let batch = if let Target::Batch(batch, _) = &call.to { Some(batch.clone()) } else { None };
        *call.state.borrow_mut() = Some(Box::new(State {
            config: config.clone(),
            request,
            batch,
            done: ticket.callback(RESOLVED),
            failed: ticket.callback(REJECTED),
            ticket,
            listener: None,
            phase: Phase::Content,
            timer: None,
            timer_code: FIRST_TIMER,
            limit: 0.0,
            is_total: false,
            reading: None,
            authorization: Authorization::default(),
            controller: None,
            answer: Answer::default(),
            started: now(),
            begun: 0.0,
            attempt: 0,
            attempts: Array::new(),
            uncertain: false,
        }));
        call
    }
}

impl Waiter for Call {
    fn told(self: Rc<Self>, what: f64, value: JsValue) {
        let Ok(mut slot) = self.state.try_borrow_mut() else {
            // Nothing but a signal can come while foreign code runs within a step.
            self.fired.set(true);
            return;
        };
        let Some(state) = slot.as_mut() else { return };
        let mut step = state.step(what, &value);
        if matches!(step, Ok(None)) && self.fired.get() {
            step = state.step(FIRED, &value);
        }
        let end = match step {
            Ok(None) => return,
            Ok(Some(value)) => Ok(value),
            Err(error) => Err(state.finish(error)),
        };
        // Whatever it holds is let go before anybody hears of its end.
        let over = slot.take();
        drop(slot);
        drop(over);
        match &self.to {
            Target::Promise(settlers) => settlers.settle(end),
            Target::Batch(batch, index) => batch.settled(*index, end),
        }
    }
}

impl State {
    fn step(&mut self, what: f64, value: &JsValue) -> Step {
        if what == START {
            return self.begin();
        }
        if what == FIRED {
            let error = outcome::aborted(self.call(), &self.request.options.signal);
            return self.cut(error);
        }
        if what == RESOLVED || what == REJECTED {
            return self.settled(if what == RESOLVED { Ok(value) } else { Err(value) });
        }
        if what != self.timer_code {
            // A timer that was cleared, in a host that tells it all the same.
            return Ok(None);
        }
        if self.phase == Phase::Pause {
            return self.attempt();
        }
        let error = self.timed_out();
        self.cut(error)
    }

    fn begin(&mut self) -> Step {
        let signal = &self.request.options.signal;
        if has_fired(signal) {
            return Err(outcome::aborted(self.call(), signal));
        }
        // A batch listens for all of its calls.
        if !host::is_none(signal) && self.batch.is_none() {
            let listener = Listener::new(signal, self.ticket.callback(FIRED)).map_err(|error| {
                Error::plain(self.call().s("could not listen to its signal.")).with(Name::Cause, &error)
            })?;
            self.listener = Some(listener);
        }
        if host::is_none(&self.request.content) {
            return self.authorize();
        }
        self.set_limit()?;
        match read_content(&self.request.content, f64::from(MOST_CONTENT)) {
            Err(error) => self.read_content(Err(&error)),
            Ok(reading) => {
                let text = reading.text();
                self.reading = Some(reading);
                self.wait(&text, Phase::Content)
            }
        }
    }

    /// Waits for a promise, or whatever else foreign code gave.
    fn wait(&mut self, value: &JsValue, phase: Phase) -> Step {
        self.phase = phase;
        match wait::settle(value, &self.done, &self.failed) {
            Ok(_) => Ok(None),
            Err(error) => self.settled(Err(&error)),
        }
    }

    fn settled(&mut self, result: Result<&JsValue, &JsValue>) -> Step {
        match self.phase {
            Phase::Content => return self.read_content(result),
            Phase::Key => return self.read_key(result),
            _ => {}
        }
        let value = match result {
            Ok(value) => value,
            // A fetch that hangs on the same signal can fail before our own listener is told.
            Err(_) if has_fired(&self.request.options.signal) => return self.step(FIRED, &JsValue::UNDEFINED),
            // The status says enough; the body would only have said more.
            Err(_) if self.phase == Phase::Body && self.answer.status >= 400 => Name::Empty.js(),
            Err(error) => return self.broken(error),
        };
        if self.phase == Phase::Body {
            return self.read_body(value);
        }
        match self.answer.read_head(value, &self.authorization.key, &self.request.url) {
            Read::Text(promise) => self.wait(&promise, Phase::Body),
            Read::Broken(_) if self.answer.status >= 400 => self.read_body(Name::Empty.js()),
            Read::Broken(error) => self.broken(&error),
            Read::Redirect(origin) => self.answered(outcome::redirected(self.call(), &origin), Failure::Final),
            Read::Unusable(why) => self.answered(outcome::unusable(self.call(), why), Failure::Final),
        }
    }

    /// Takes what was read of a document's content, and puts it into the body.
    fn read_content(&mut self, read: Result<&JsValue, &JsValue>) -> Step {
        let faults = Faults::none();
        let at = At::name(Name::Content);
        match read {
            Err(error) => faults.threw(at, "read", error),
            Ok(text) if host::is_none(text) => faults.add(at, TOO_LONG),
            Ok(text) => check_content(at, text, &faults),
        }
        if faults.is_empty() {
            self.reading = None;
            let json = read.ok().and_then(|text| host::to_json(text).ok()).unwrap_or_default();
            if !self.request.add_field(Name::ContentPiece, &json, Name::ContentEnd) {
                faults.add(at, "could not be put into the request: let it be a plain object");
            }
        }
        if !faults.is_empty() {
            self.stop_reading();
            return Err(error::validation("The request was not sent", &faults));
        }
        self.authorize()
    }

    /// Lets go of what has not been read: it may hold a connection.
    fn stop_reading(&self) {
        if let Some(reading) = &self.reading {
            // A foreign stream whose `cancel` throws has nobody to tell.
            let _ = reading.cancel();
        }
    }

    /// The Authorization of this call. A function is asked once, under the limits of an attempt.
    fn authorize(&mut self) -> Step {
        let config = self.config.clone();
        match &config.api_key {
            _ if !self.request.endpoint.authorized => {}
            ApiKey::Fixed(authorization) => self.authorization = authorization.clone(),
            ApiKey::Asked(ask) => {
                self.set_limit()?;
                return match host::ask(ask) {
                    Ok(answer) => self.wait(&answer, Phase::Key),
                    Err(error) => self.read_key(Err(&error)),
                };
            }
        }
        self.attempt()
    }

    fn read_key(&mut self, key: Result<&JsValue, &JsValue>) -> Step {
        let key = key.map_err(|cause| {
            Error::plain(self.call().s("was not sent: the apiKey function failed.")).with(Name::Cause, cause)
        })?;
        let faults = Faults::none();
        self.authorization = Authorization::read(key, &faults);
        if !faults.is_empty() {
            return Err(error::validation("The request was not sent", &faults));
        }
        self.attempt()
    }

    fn attempt(&mut self) -> Step {
        self.attempt = self.attempt.saturating_add(1);
        if !host::is_none(&self.config.on_request) {
            tell(&self.config.on_request, &self.event());
        }
        self.begun = now();
        // A hook may have aborted just now; then nothing is sent.
        if has_fired(&self.request.options.signal) {
            return Err(outcome::aborted(self.call(), &self.request.options.signal));
        }
        self.set_limit()?;
        self.answer = Answer::default();
        self.phase = Phase::Head;
        let Ok(controller) = AbortController::new() else {
            return self.lacks("needs AbortController, which this host does not have.");
        };
        let signal = controller.signal();
        self.controller = Some(controller);
        match transport::send(&self.config, &self.request, &self.authorization, &signal) {
            Ok(promise) => self.wait(&promise, Phase::Head),
            Err(_) if host::is_none(&self.config.fetch) && !host::has_fetch() => {
                self.lacks("needs fetch, which this host does not have. Give one in the fetch option.")
            }
            Err(error) => self.broken(&error),
        }
    }

    /// Starts the clock of an attempt: `timeout`, or what is left of `totalTimeout` where that is less.
    fn set_limit(&mut self) -> Result<(), Error> {
        let limits = &self.request.options.limits;
        let left = self.left();
        self.is_total = left < limits.timeout;
        self.limit = if self.is_total { limits.total_timeout } else { limits.timeout };
        let ms = left.min(limits.timeout);
        if left <= 0.0 {
            return Err(self.timed_out());
        }
        self.set_timer(ms);
        Ok(())
    }

    fn set_timer(&mut self, ms: f64) {
        self.timer_code += 1.0;
        self.timer = Some(Timer::new(self.ticket.timer(ms, self.timer_code)));
    }

    /// The call was cut short, by its signal or a limit. Whether the host likes it or not, an attempt that runs is over.
    fn cut(&mut self, error: Error) -> Step {
        if !matches!(self.phase, Phase::Head | Phase::Body) {
            self.stop_reading();
            return Err(error);
        }
        let step = self.over(error, Failure::Final, false);
        if let Some(controller) = &self.controller {
            let _ = controller.abort();
        }
        step
    }

    fn timed_out(&self) -> Error {
        outcome::timed_out(self.call(), self.limit, self.is_total, self.attempt.into(), self.elapsed())
    }

    fn broken(&mut self, error: &JsValue) -> Step {
        let error = outcome::transport(self.call(), error);
        self.over(error, Failure::Transport, false)
    }

    fn lacks(&mut self, what: &'static str) -> Step {
        let error = Error::plain(self.call().s(what));
        self.over(error, Failure::Final, true)
    }

    fn read_body(&mut self, text: &JsValue) -> Step {
        if !text.is_string() {
            return self.answered(outcome::unusable(self.call(), "its text() gives no string"), Failure::Final);
        }
        let status = self.answer.status;
        if status >= 400 {
            let said = self.answer.read_refusal(text, &self.authorization.key);
            let mut error = outcome::refused(self.call(), status, &said, &self.answer.request_id);
            if let Some(ms) = self.answer.wish {
                error = error.number(Name::RetryAfterMs, ms);
            }
            let should_retry = self.answer.should_retry;
            return self.answered(error, Failure::Status { status, should_retry });
        }
        let why = match host::parse_json(text) {
            Ok(value) if host::is_record(&value) => return self.succeed(value),
            Ok(_) => "its body is JSON, but not an object",
            Err(_) => "its body is not the JSON that the API promises",
        };
        let text = transport::redact(text, &self.authorization.key);
        let text = text.unchecked_ref::<js_sys::JsString>();
        // JSON that was begun and not ended: the connection broke where nothing marks a body's length.
        let is_cut = text.char_code_at(0) == f64::from(b'{');
        let error = outcome::not_json(self.call(), status, why, text);
        self.answered(error, if is_cut { Failure::Transport } else { Failure::Final })
    }

    /// An answer came, and it is an error.
    fn answered(&mut self, error: Error, failure: Failure) -> Step {
        self.answer.redact_headers(&self.authorization.key);
        let answer = &self.answer;
        let id: &JsValue = if host::is_none(&answer.request_id) { Name::Empty.js() } else { &answer.request_id };
        let mut error = error.number(Name::Status, answer.status.into()).with(Name::RequestId, id);
        if !host::is_none(&answer.headers) {
            error = error.with(Name::Headers, &answer.headers);
        }
        let is_certain = matches!(failure, Failure::Status { .. }) && api::refused(answer.status);
        self.over(error, failure, is_certain)
    }

    /// An attempt failed. What follows: another one, or the end.
    fn over(&mut self, error: Error, failure: Failure, is_certain: bool) -> Step {
        error.redact(&self.authorization.key);
        self.uncertain |= !is_certain;
        self.remember(&error.field(Name::Message));
        match self.judge(failure) {
            Verdict::GiveUp => Err(error),
            Verdict::RetryAfter(ms) => {
                if !host::is_none(&self.config.on_retry) {
                    let event = self.event_of_answer().with(Name::Error, &error.field(Name::Class));
                    tell(&self.config.on_retry, &event.number(Name::WaitMs, ms));
                }
                self.phase = Phase::Pause;
                // Hosts count whole milliseconds and may be early by a part of one.
                self.set_timer(ms.ceil() + 1.0);
                Ok(None)
            }
        }
    }

    fn judge(&self, failure: Failure) -> Verdict {
        let limits = &self.request.options.limits;
        let policy = Policy {
            max_retries: limits.max_retries,
            max_retry_delay: limits.max_retry_delay,
            replayable: self.request.replayable,
        };
        let wish = self.answer.wish;
        let verdict = policy.judge(failure, self.attempt, wish, Some(self.left()), host::random());
        let Some(batch) = &self.batch else { return verdict };
        // A 429 holds back the other calls of a batch, and them this one.
        if self.answer.status == 429 {
            batch.hold(match verdict {
                Verdict::RetryAfter(ms) => ms,
                Verdict::GiveUp => wish.unwrap_or(0.0).min(limits.max_retry_delay),
            });
        }
        match verdict {
            Verdict::RetryAfter(ms) if ms.max(batch.held()) < self.left() => Verdict::RetryAfter(ms.max(batch.held())),
            _ => Verdict::GiveUp,
        }
    }

    /// Hands out what the server sent, and tells those who asked about it.
    fn succeed(&mut self, value: JsValue) -> Step {
        self.remember(&JsValue::UNDEFINED);
        if !host::is_none(&self.request.options.on_response) {
            self.answer.redact_headers(&self.authorization.key);
            let event = self
                .event_of_answer()
                .with(Name::Headers, &self.answer.headers)
                .number(Name::DurationMs, self.elapsed())
                .with(Name::Attempts, &self.attempts)
                .with_some(Name::IdempotencyKeyUsed, &self.request.idempotency_key);
            tell(&self.request.options.on_response, &event);
        }
        Ok(Some(value))
    }

    /// Notes an attempt that is over, and tells of its answer.
    fn remember(&mut self, error: &JsValue) {
        self.timer = None;
        let duration = millis(now() - self.begun);
        let known = |fields: Fields| {
            let Answer { status, request_id, .. } = &self.answer;
            let fields = if *status > 0 { fields.number(Name::Status, (*status).into()) } else { fields };
            fields.with_some(Name::RequestId, request_id).number(Name::DurationMs, duration)
        };
        if self.answer.status > 0 && !host::is_none(&self.config.on_response) {
            tell(&self.config.on_response, &known(self.event()));
        }
        self.attempts.push(&known(Fields::empty()).with_some(Name::Error, error));
    }

    /// Adds what the caller needs in order to go on: what was tried, and whether it may have been applied.
    fn finish(&self, error: Error) -> JsValue {
        if !host::is_none(&self.config.on_error) {
            let event = self.event_of_answer().with(Name::Error, &error.field(Name::Class));
            tell(&self.config.on_error, &event.number(Name::DurationMs, self.elapsed()));
        }
        let error = error.after(&self.attempts, self.uncertain);
        let key = &self.request.idempotency_key;
        if host::is_none(key) { error } else { error.with(Name::IdempotencyKeyUsed, key) }.into_js()
    }

    fn event(&self) -> Fields {
        Fields::empty()
            .with(Name::Method, self.request.endpoint.method.js())
            .with(Name::Path, &self.request.path)
            .number(Name::Attempt, self.attempt.into())
    }

    fn event_of_answer(&self) -> Fields {
        let event = self.event();
        let status = self.answer.status;
        let event = if status > 0 { event.number(Name::Status, status.into()) } else { event };
        event.with_some(Name::RequestId, &self.answer.request_id)
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

    /// The beginning of a sentence, such as `POST /v1/ingest `.
    fn call(&self) -> Say {
        Say::name(self.request.endpoint.method).s(" ").v(&self.request.path).s(" ")
    }
}

/// A duration as it is shown: tenths of a millisecond are as fine as clocks are true.
fn millis(duration: f64) -> f64 {
    (duration * 10.0).trunc() / 10.0
}
