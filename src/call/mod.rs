//! The one way through which every call goes: attempts, waits between them, and the error at the end.
//!
//! A call is a state machine. [`Call::told`] is all that moves it on: it is told of its start, of promises that settled, of timers and of
//! its signal, and each step either waits for the next of them or ends the call.

mod after;
mod attempt;
mod before;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::batch::Batch;
use crate::error::{Error, outcome};
use crate::options::{Authorization, Config};
use crate::platform::host::now;
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::{self, Listener, has_fired};
use crate::platform::value::{Kept, List, Val};
use crate::platform::wait::{Deferred, FIRED, FIRST_TIMER, REJECTED, RESOLVED, START, Ticket, Timer, Waiter};
use crate::request::Request;
use crate::retry::Failure;
use crate::transport::Answer;
use crate::transport::content::Reading;

/// A call on its way.
pub(crate) struct Call {
    /// None once it is over.
    state: RefCell<Option<Box<State>>>,
    /// What it was told while a step ran, else [`START`]: a custom fetch or a hook can abort its own call.
    meanwhile: Cell<f64>,
    to: Target,
}

/// Who gets the result.
pub(crate) enum Target {
    /// The caller's promise.
    Promise(Deferred),
    /// An event of a batch.
    Batch(Rc<Batch>, usize),
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Nothing yet.
    New,
    /// The content of a document.
    Content,
    /// The key, from the caller's function.
    Key,
    /// fetch.
    Head,
    /// The text of a response's body.
    Body,
    /// How the reading of a body fails that was read before, after this one's failed.
    Again,
    /// The time between two attempts.
    Pause,
}

/// How a step ends: the call's value, nothing while it waits, or why it failed.
type Step = Result<Option<Val>, Error>;

struct State {
    config: Rc<Config>,
    request: Box<Request>,
    batch: Option<Rc<Batch>>,
    ticket: Ticket,
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
    /// The AbortController of the attempt that runs or ran last.
    controller: Val,
    /// What stands before all that is met from the second attempt on.
    mark: Val,
    answer: Answer,
    /// Why the body could not be read.
    first: Val,
    /// When it began, by the host's steady clock.
    started: f64,
    /// When the attempt began.
    begun: f64,
    /// The attempt that runs or ran last, counted from 1.
    attempt: u32,
    /// What is known of those that are over; undefined while nothing is.
    attempts: List,
    /// True once an attempt may have been applied by the server.
    uncertain: bool,
}

impl Call {
    /// Starts a call.
    pub(crate) fn start(config: &Rc<Config>, request: Box<Request>, to: Target) -> Rc<Call> {
        let call = Rc::new(Call { state: RefCell::new(None), meanwhile: Cell::new(START), to });
        let ticket = Ticket::new(call.clone());
        let batch = if let Target::Batch(batch, _) = &call.to { Some(batch.clone()) } else { None };
        let started = now();
        *call.state.borrow_mut() = Some(Box::new(State {
            config: config.clone(),
            request,
            batch,
            ticket,
            listener: None,
            phase: Phase::New,
            timer: None,
            timer_code: FIRST_TIMER,
            limit: 0.0,
            is_total: false,
            reading: None,
            authorization: Authorization::default(),
            controller: Val::UNDEFINED,
            mark: Val::UNDEFINED,
            answer: Answer::default(),
            first: Val::UNDEFINED,
            started,
            begun: started,
            attempt: 0,
            attempts: List::default(),
            uncertain: false,
        }));
        call
    }
}

impl Waiter for Call {
    fn told(self: Rc<Self>, what: f64, value: Val) -> bool {
        let Ok(mut slot) = self.state.try_borrow_mut() else {
            // A signal, while foreign code runs within a step; or the timer of a host that calls at once.
            self.meanwhile.set(what);
            return false;
        };
        let Some(state) = slot.as_mut() else { return false };
        let mut next = what;
        let end = loop {
            match state.step(next, value) {
                Ok(None) => next = self.meanwhile.replace(START),
                Ok(Some(value)) => break Ok(value),
                Err(error) => break Err(state.finish(error)),
            }
            if next == START {
                return false;
            }
        };
        // Whatever it holds is let go before anybody hears of its end.
        let over = slot.take();
        drop(slot);
        drop(over);
        match &self.to {
            Target::Promise(deferred) => deferred.settle(end),
            Target::Batch(batch, index) => batch.settled(*index, end),
        }
        end.is_err()
    }
}

impl State {
    pub(super) fn step(&mut self, what: f64, value: Val) -> Step {
        if what == START {
            return self.begin();
        }
        if what == FIRED {
            let error = outcome::aborted(self.call(), self.request.options.signal);
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

    /// Waits for a promise, or whatever else foreign code gave.
    pub(super) fn wait(&mut self, value: Val, phase: Phase) -> Step {
        self.phase = phase;
        match self.ticket.settle(value) {
            Ok(()) => Ok(None),
            Err(error) => self.settled(Err(error)),
        }
    }

    pub(super) fn settled(&mut self, result: Result<Val, Val>) -> Step {
        match self.phase {
            Phase::Content => return self.read_content(result),
            Phase::Key => return self.read_key(result),
            _ => {}
        }
        let value = match result {
            Ok(_) if self.phase == Phase::Again => return self.broken(self.first),
            Ok(value) => value,
            // A fetch that hangs on the same signal can fail before our own listener is told.
            Err(_) if has_fired(self.request.options.signal) => return self.step(FIRED, Val::UNDEFINED),
            // The status says enough; the body would only have said more.
            Err(_) if self.phase == Phase::Body && self.answer.status >= 400 => Name::Empty.js(),
            Err(error) => return self.unread(error),
        };
        if self.phase == Phase::Body {
            return self.read_body(value);
        }
        self.read_head(value)
    }

    /// Starts the clock of an attempt: `timeout`, or what is left of `totalTimeout` where that is less.
    pub(super) fn set_limit(&mut self) -> Result<(), Error> {
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

    pub(super) fn set_timer(&mut self, ms: f64) {
        self.timer_code += 1.0;
        self.timer = Some(Timer(Kept::lent(self.ticket.timer(ms, self.timer_code))));
    }

    /// The call was cut short, by its signal or a limit. Whether the host likes it or not, an attempt that runs is over.
    pub(super) fn cut(&mut self, error: Error) -> Step {
        if !matches!(self.phase, Phase::Head | Phase::Body | Phase::Again) {
            self.stop_reading();
            return Err(error);
        }
        let step = self.over(error, Failure::Final, false);
        signal::abort(self.controller);
        step
    }

    pub(super) fn timed_out(&self) -> Error {
        outcome::timed_out(self.call(), self.limit, self.is_total, self.attempt.into(), self.elapsed())
    }

    /// What remains of `totalTimeout`, in milliseconds.
    pub(super) fn left(&self) -> f64 {
        let total = self.request.options.limits.total_timeout;
        // Without a limit nobody needs to know the time.
        if total == f64::INFINITY { total } else { total - self.elapsed() }
    }

    /// Milliseconds since the call began.
    pub(super) fn elapsed(&self) -> f64 {
        millis(now() - self.started)
    }

    /// The beginning of a sentence, such as `POST /v1/ingest `.
    pub(super) fn call(&self) -> Say {
        Say::name(self.request.endpoint.method).s(" ").v(self.request.path).s(" ")
    }
}

/// A duration as it is shown: tenths of a millisecond are as fine as clocks are true.
fn millis(duration: f64) -> f64 {
    (duration * 10.0).trunc() / 10.0
}
