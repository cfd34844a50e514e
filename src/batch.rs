//! Many ingests: so many at a time, each thread's events one after the other, all held back while the server says 429.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Map};
use wasm_bindgen::prelude::*;

use crate::call::{Call, Target};
use crate::hooks::tell;
use crate::options::Config;
use crate::platform::host::{Fields, field, is_none, now};
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::Listener;
use crate::platform::wait::{FIRED, FIRST_TIMER, START, Settlers, Ticket, Timer, Waiter, not_before};
use crate::request::Request;

/// An event of a batch.
pub(crate) struct Item {
    /// The request, or why it cannot be made; `None` once it has begun.
    waiting: Option<Result<Box<Request>, JsValue>>,
    call: Option<Rc<Call>>,
    /// True where an event of the same thread comes before it.
    follows: bool,
    /// The next event of the same thread; 0 for none.
    next: usize,
}

/// A batch on its way.
pub(crate) struct Batch {
    config: Rc<Config>,
    /// How many calls run at once.
    lanes: usize,
    progress: JsValue,
    settlers: Settlers,
    results: Array,
    /// Until when a 429 holds everything back, by the host's steady clock.
    until: Cell<f64>,
    /// True while calls are being started: one that ends at once must not start the next from within.
    busy: Cell<bool>,
    /// True from the signal's firing on.
    fired: Cell<bool>,
    /// True where the timer of a pause called while it was being started.
    woken: Cell<bool>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    items: Vec<Item>,
    /// How far the items that follow nothing have been started.
    at: usize,
    /// Followers whose turn has come. Before all others: they stand earlier in the input than most of them.
    ready: Vec<usize>,
    running: usize,
    fulfilled: u32,
    rejected: u32,
    ticket: Option<Ticket>,
    listener: Option<Listener>,
    /// Runs while everything is held back.
    pause: Option<Timer>,
}

/// Lines the events up: those of one thread, and of one user, stand one behind the other.
pub(crate) fn line_up(events: &Array, requests: impl Iterator<Item = Result<Box<Request>, JsValue>>) -> Vec<Item> {
    // The host's Map rather than one of Rust's: it is there already, and the names stay in JavaScript.
    let last_of = Map::new();
    let mut items: Vec<Item> = Vec::new();
    for (event, request) in events.iter().zip(requests) {
        let (thread, user) = (field(&event, Name::ThreadId), field(&event, Name::UserId));
        let mut follows = false;
        if thread.is_string() && user.is_string() {
            let key = Say::of(user.unchecked_ref()).s("\0").v(&thread).end();
            let place = items.len();
            let before = last_of.get(&key).as_f64();
            if let Some(before) = before.and_then(|before| items.get_mut(before as usize)) {
                before.next = place;
                follows = true;
            }
            last_of.set(&key, &JsValue::from_f64(place as f64));
        }
        items.push(Item { waiting: Some(request), call: None, follows, next: 0 });
    }
    items
}

impl Batch {
    /// Makes a batch that has not begun.
    pub(crate) fn new(
        config: Rc<Config>,
        items: Vec<Item>,
        lanes: usize,
        progress: JsValue,
        settlers: Settlers,
    ) -> Rc<Batch> {
        let results = Array::new_with_length(u32::try_from(items.len()).unwrap_or(u32::MAX));
        let state = RefCell::new(State { items, ..State::default() });
        let (until, busy, fired, woken) = (Cell::new(0.0), Cell::new(false), Cell::new(false), Cell::new(false));
        Rc::new(Batch { config, lanes, progress, settlers, results, until, busy, fired, woken, state })
    }

    /// Begins, and listens to `signal` once for all of its calls. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn begin(self: &Rc<Batch>, signal: &JsValue) -> Result<(), JsValue> {
        let ticket = Ticket::new(self.clone());
        if !is_none(signal) {
            let listener = Listener::new(signal, ticket.callback(FIRED))?;
            self.state.borrow_mut().listener = Some(listener);
        }
        self.state.borrow_mut().ticket = Some(ticket);
        self.pump();
        Ok(())
    }

    /// Ends it before it began.
    pub(crate) fn fail(&self, error: JsValue) {
        self.settlers.settle(Err(error));
    }

    /// Holds everything back for `ms` milliseconds from now, or longer if that has been said before.
    pub(crate) fn hold(&self, ms: f64) {
        self.until.set(self.until.get().max(now() + ms));
    }

    /// What remains of that, in milliseconds; 0 or less when nothing is held back.
    pub(crate) fn held(&self) -> f64 {
        self.until.get() - now()
    }

    /// A call has ended.
    pub(crate) fn settled(self: &Rc<Batch>, index: usize, end: Result<JsValue, JsValue>) {
        self.note(index, end);
        self.pump();
    }

    /// Starts what may start, and ends when nothing is left.
    fn pump(self: &Rc<Batch>) {
        if self.busy.replace(true) {
            return;
        }
        while let Some((index, request)) = self.next() {
            match request {
                Err(error) => self.note(index, Err(error)),
                Ok(request) => {
                    let call = Call::start(&self.config, request, Target::Batch(self.clone(), index));
                    if let Some(item) = self.state.borrow_mut().items.get_mut(index) {
                        item.call = Some(call.clone());
                    }
                    call.told(START, JsValue::UNDEFINED);
                }
            }
        }
        self.busy.set(false);
        let over = {
            let mut state = self.state.borrow_mut();
            let done = state.fulfilled.wrapping_add(state.rejected) as usize;
            // Once only: what it held is gone then.
            if done == state.items.len() && state.ticket.is_some() { std::mem::take(&mut *state) } else { return }
        };
        drop(over);
        self.settlers.settle(Ok(self.results.clone().into()));
    }

    /// What may start now: as many as there are lanes, and none during a pause. An abort ends the pause: what is started then
    /// rejects without being sent.
    fn next(&self) -> Option<(usize, Result<Box<Request>, JsValue>)> {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        if state.running >= self.lanes {
            return None;
        }
        while state.items.get(state.at).is_some_and(|item| item.follows) {
            state.at = state.at.wrapping_add(1);
        }
        let index = state.ready.last().copied().unwrap_or(state.at);
        state.items.get(index)?;
        let left = self.held();
        if left > 0.0 && !self.fired.get() {
            if let Some(ticket) = state.ticket.as_ref().filter(|_| state.pause.is_none()) {
                state.pause = Some(ticket.timer(not_before(left), FIRST_TIMER));
            }
            // A host whose timers call at once has no time to pass.
            if !self.woken.replace(false) {
                return None;
            }
            state.pause = None;
        }
        if state.ready.pop().is_none() {
            state.at = state.at.wrapping_add(1);
        }
        let request = state.items.get_mut(index)?.waiting.take()?;
        state.running = state.running.wrapping_add(1);
        Some((index, request))
    }

    /// Notes how an event ended, lets its follower go, and tells of the progress.
    fn note(&self, index: usize, end: Result<JsValue, JsValue>) {
        let (status, name, value) = match end {
            Ok(value) => (Name::Fulfilled, Name::Value, value),
            Err(error) => (Name::Rejected, Name::Reason, error),
        };
        let result = Fields::empty().with(Name::Status, status.js()).with(name, &value);
        self.results.set(u32::try_from(index).unwrap_or(u32::MAX), result.into());
        let (fulfilled, rejected) = {
            let mut state = self.state.borrow_mut();
            let counter = if status == Name::Fulfilled { &mut state.fulfilled } else { &mut state.rejected };
            *counter = counter.wrapping_add(1);
            state.running = state.running.wrapping_sub(1);
            let next = state.items.get_mut(index).map_or(0, |item| {
                item.call = None;
                item.next
            });
            if next > 0 {
                state.ready.push(next);
            }
            (f64::from(state.fulfilled), f64::from(state.rejected))
        };
        if !is_none(&self.progress) {
            let event = Fields::empty()
                .number(Name::Done, fulfilled + rejected)
                .number(Name::Total, self.results.length().into())
                .number(Name::Fulfilled, fulfilled)
                .number(Name::Rejected, rejected)
                .number(Name::Index, index as f64);
            tell(&self.progress, &event);
        }
    }
}

impl Waiter for Batch {
    fn told(self: Rc<Self>, what: f64, value: JsValue) {
        let Ok(mut state) = self.state.try_borrow_mut() else {
            self.woken.set(true);
            return;
        };
        state.pause = None;
        drop(state);
        if what == FIRED {
            self.fired.set(true);
            let calls: Vec<Rc<Call>> = self.state.borrow().items.iter().filter_map(|item| item.call.clone()).collect();
            for call in calls {
                call.told(FIRED, value.clone());
            }
        }
        self.pump();
    }
}
