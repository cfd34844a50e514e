//! Many ingests: so many at a time, each thread's events one after the other, all held back while the server says 429.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::call::{Call, Target};
use crate::hooks::tell;
use crate::options::{CallOptions, Config};
use crate::platform::host::{field, now};
use crate::platform::names::Name;
use crate::platform::say::Say;
use crate::platform::signal::Listener;
use crate::platform::value::{Fields, Kept, List, Scope, Val};
use crate::platform::wait::{Deferred, FIRED, FIRST_TIMER, START, Ticket, Timer, Waiter, not_before};
use crate::request::Request;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(method, structural, indexing_setter)]
    fn put(this: &List, place: f64, value: &Val);
}

/// An event of a batch. Whatever its call meets is in a scope of its own.
struct Item {
    /// Gone once the call is over.
    scope: Option<Rc<Scope>>,
    /// The request, or why it cannot be made; `None` once it has begun.
    waiting: Option<Prepared>,
    call: Option<Rc<Call>>,
    /// True where an event of the same thread comes before it.
    follows: bool,
    /// The next event of the same thread; 0 for none.
    next: usize,
}

/// A request, or why it cannot be made.
type Prepared = Result<Box<Request>, Val>;

/// A batch on its way.
pub(crate) struct Batch {
    config: Rc<Config>,
    /// How many calls run at once.
    lanes: usize,
    progress: Kept,
    deferred: Deferred,
    results: Kept,
    /// What all calls share.
    options: CallOptions,
    /// Keeps what they share.
    _shared: [Kept; 3],
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

impl Batch {
    /// Makes a batch that has not begun, and has no events yet.
    pub(crate) fn new(
        config: Rc<Config>,
        lanes: usize,
        progress: Kept,
        deferred: Deferred,
        mut options: CallOptions,
    ) -> Rc<Batch> {
        let shared = [Kept::new(options.signal), Kept::new(options.headers), Kept::new(options.on_response)];
        [options.signal, options.headers, options.on_response] = [*shared[0], *shared[1], *shared[2]];
        let results = Kept::new(*List::empty());
        let (until, busy, fired, woken) = (Cell::new(0.0), Cell::new(false), Cell::new(false), Cell::new(false));
        let state = RefCell::default();
        Rc::new(Batch {
            config,
            lanes,
            progress,
            deferred,
            results,
            options,
            _shared: shared,
            until,
            busy,
            fired,
            woken,
            state,
        })
    }

    /// The options of each call; good as long as the batch.
    pub(crate) fn options(&self) -> CallOptions {
        self.options
    }

    /// Lines the events up: those of one thread, and of one user, stand one behind the other.
    pub(crate) fn line_up(&self, events: List, requests: impl Iterator<Item = (Scope, Prepared)>) {
        // An object of the host's rather than a map of Rust's: it is there already, and the names stay in JavaScript. No key is inherited:
        // all have a zero character in them.
        let last_of = Fields::empty();
        let mut items: Vec<Item> = Vec::new();
        for (event, (scope, request)) in events.iter().zip(requests) {
            let (thread, user) = (field(event, Name::ThreadId), field(event, Name::UserId));
            let mut follows = false;
            if thread.is_string() && user.is_string() {
                let key = Say::of(user).s("\0").v(thread).end();
                let place = items.len();
                let before = last_of.get_dynamic(key).ok().and_then(Val::as_f64);
                if let Some(before) = before.and_then(|before| items.get_mut(before as usize)) {
                    before.next = place;
                    follows = true;
                }
                last_of.number_dynamic(key, place as f64);
            }
            items.push(Item { scope: Some(Rc::new(scope)), waiting: Some(request), call: None, follows, next: 0 });
        }
        self.state.borrow_mut().items = items;
    }

    /// Begins, and listens to `signal` once for all of its calls. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn begin(self: &Rc<Batch>, signal: Val) -> Result<(), Val> {
        let ticket = Ticket::new(self.clone());
        if !signal.is_none() {
            let listener = Listener::new(Kept::new(signal), Kept::new(ticket.callback(FIRED)))?;
            self.state.borrow_mut().listener = Some(listener);
        }
        self.state.borrow_mut().ticket = Some(ticket);
        self.pump();
        Ok(())
    }

    /// Ends it before it began.
    pub(crate) fn fail(&self, error: Val) {
        self.deferred.settle(Err(error));
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
    pub(crate) fn settled(self: &Rc<Batch>, index: usize, end: Result<Val, Val>) {
        self.note(index, end);
        self.pump();
    }

    /// Starts what may start, and ends when nothing is left.
    fn pump(self: &Rc<Batch>) {
        if self.busy.replace(true) {
            return;
        }
        while let Some((index, scope, request)) = self.next() {
            scope.run(|_| match request {
                Err(error) => self.note(index, Err(error)),
                Ok(request) => {
                    let call = Call::start(&self.config, request, Target::Batch(self.clone(), index));
                    if let Some(item) = self.state.borrow_mut().items.get_mut(index) {
                        item.call = Some(call.clone());
                    }
                    call.told(START, Val::UNDEFINED);
                }
            });
        }
        self.busy.set(false);
        let over = {
            let mut state = self.state.borrow_mut();
            let done = state.fulfilled.wrapping_add(state.rejected) as usize;
            // Once only: what it held is gone then.
            if done == state.items.len() && state.ticket.is_some() { std::mem::take(&mut *state) } else { return }
        };
        drop(over);
        self.deferred.settle(Ok(*self.results));
    }

    /// What may start now: as many as there are lanes, and none during a pause. An abort ends the pause: what is started then
    /// rejects without being sent.
    fn next(&self) -> Option<(usize, Rc<Scope>, Prepared)> {
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
                state.pause = Some(Timer(Kept::new(ticket.timer(not_before(left), FIRST_TIMER))));
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
        let item = state.items.get_mut(index)?;
        let (scope, request) = (item.scope.clone()?, item.waiting.take()?);
        state.running = state.running.wrapping_add(1);
        Some((index, scope, request))
    }

    /// Notes how an event ended, lets its follower go, and tells of the progress.
    fn note(&self, index: usize, end: Result<Val, Val>) {
        let (status, name, value) = match end {
            Ok(value) => (Name::Fulfilled, Name::Value, value),
            Err(error) => (Name::Rejected, Name::Reason, error),
        };
        let result = Fields::empty().with(Name::Status, status.js()).with(name, value);
        self.results.list().put(index as f64, &result);
        let (event, _scope) = {
            let mut state = self.state.borrow_mut();
            let state = &mut *state;
            let counter = if status == Name::Fulfilled { &mut state.fulfilled } else { &mut state.rejected };
            *counter = counter.wrapping_add(1);
            state.running = state.running.wrapping_sub(1);
            let mut scope = None;
            if let Some(item) = state.items.get_mut(index) {
                item.call = None;
                scope = item.scope.take();
                if item.next > 0 {
                    state.ready.push(item.next);
                }
            }
            let (fulfilled, rejected) = (f64::from(state.fulfilled), f64::from(state.rejected));
            ([fulfilled + rejected, state.items.len() as f64, fulfilled, rejected], scope)
        };
        if !self.progress.is_none() {
            let [done, total, fulfilled, rejected] = event;
            let event = Fields::empty()
                .number(Name::Done, done)
                .number(Name::Total, total)
                .number(Name::Fulfilled, fulfilled)
                .number(Name::Rejected, rejected)
                .number(Name::Index, index as f64);
            tell(*self.progress, event);
        }
    }
}

impl Waiter for Batch {
    fn told(self: Rc<Self>, what: f64, _: Val) -> bool {
        let Ok(mut state) = self.state.try_borrow_mut() else {
            self.woken.set(true);
            return false;
        };
        state.pause = None;
        drop(state);
        if what == FIRED {
            self.fired.set(true);
            let running: Vec<(Rc<Scope>, Rc<Call>)> = self
                .state
                .borrow()
                .items
                .iter()
                .filter_map(|item| Some((item.scope.clone()?, item.call.clone()?)))
                .collect();
            for (scope, call) in running {
                scope.run(|_| call.told(FIRED, Val::UNDEFINED));
            }
        }
        self.pump();
        false
    }
}
