//! Many ingests: so many at a time, each thread's events one after the other, all held back while the server says 429.
//!
//! As many workers run as calls may run at once. Each takes the next event that may start, runs its call to the end, and goes on; where
//! a thread's event ends, its follower is the next to start.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::{Array, Function, JsString, Map};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::call::{self, Call};
use crate::error::{self, Failed};
use crate::hooks::tell;
use crate::host::{Fields, Name, to_js};
use crate::nesting::Nesting;
use crate::options::{BatchOptions, CallOptions, ClientOptions};
use crate::pace::Pace;
use crate::request::Request;
use crate::wait::Waits;

/// A request, or why it cannot be made.
type Prepared = Result<Request, Failed>;

/// A batch on its way.
pub(crate) struct Batch {
    client: Rc<ClientOptions>,
    options: Rc<CallOptions>,
    on_progress: Option<Function>,
    nesting: Nesting,
    pace: Rc<Pace>,
    queue: RefCell<Queue>,
    /// As `Promise.allSettled` has them.
    results: RefCell<Vec<Fields>>,
    fulfilled: Cell<u32>,
    rejected: Cell<u32>,
    workers: Cell<usize>,
    done: Cell<Option<Waker>>,
}

impl Batch {
    /// Runs a batch to its end: an array of results, in the order of the events. `Err` is an error as [`Failed::into_js`] makes it.
    pub(crate) async fn run(
        client: Rc<ClientOptions>,
        options: BatchOptions,
        nesting: Nesting,
        queue: Queue,
    ) -> Result<JsValue, JsValue> {
        let BatchOptions { call, concurrency, on_progress } = options;
        let total = queue.waiting.len();
        let batch = Rc::new(Batch {
            client,
            options: call,
            on_progress,
            nesting,
            pace: Rc::default(),
            queue: RefCell::new(queue),
            results: RefCell::new(std::iter::repeat_with(Fields::default).take(total).collect()),
            fulfilled: Cell::new(0),
            rejected: Cell::new(0),
            workers: Cell::new(0),
            done: Cell::new(None),
        });
        for _ in 0..concurrency.min(total) {
            let mut waits = Waits::new(batch.options.signal.clone());
            waits
                .listen()
                .map_err(|error| error::caused("", "The signal could not be listened to.", error).of_nothing_sent())?;
            batch.workers.set(batch.workers.get().wrapping_add(1));
            spawn_local(Rc::clone(&batch).work(waits));
        }
        poll_fn(|context| {
            if batch.workers.get() == 0 {
                return Poll::Ready(());
            }
            batch.done.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
        Ok(to_js(&batch.results.take()))
    }

    /// One of the workers.
    async fn work(self: Rc<Batch>, mut waits: Waits) {
        while self.queue.borrow_mut().has_next() {
            self.hold(&mut waits).await;
            // Another worker may have taken the last one meanwhile.
            let Some((index, prepared)) = self.queue.borrow_mut().next() else { break };
            let result = match prepared {
                // Nothing of it is begun any more.
                Ok(request) if waits.is_aborted() => {
                    Err(error::aborted(&request.name(), waits.reason()).of_nothing_sent())
                }
                Ok(request) => match Nesting::of_new_call(&self.client.nesting) {
                    Some(nesting) => {
                        let pace = Some(Rc::clone(&self.pace));
                        call::run(Call::new(&self.client, request, nesting, pace)).await
                    }
                    None => Err(error::too_nested().of_nothing_sent()),
                },
                Err(failed) => Err(failed.of_nothing_sent()),
            };
            self.queue.borrow_mut().mark_done(index);
            self.note(index, result);
        }
        self.workers.set(self.workers.get().wrapping_sub(1));
        if let Some(waker) = self.done.take() {
            waker.wake();
        }
    }

    /// Waits while everything is held back. An abort ends the wait.
    async fn hold(&self, waits: &mut Waits) {
        loop {
            let (held, holds) = (self.pace.held(), self.pace.holds());
            if held <= 0.0 || waits.is_aborted() || waits.pause(held).await.is_err() || holds == self.pace.holds() {
                return;
            }
        }
    }

    /// Notes how an event ended, and tells of the progress.
    fn note(&self, index: usize, result: Result<JsValue, JsValue>) {
        let counter = if result.is_ok() { &self.fulfilled } else { &self.rejected };
        counter.set(counter.get().wrapping_add(1));
        if let Some(place) = self.results.borrow_mut().get_mut(index) {
            let (status, name, value) = match result {
                Ok(value) => ("fulfilled", "value", value),
                Err(reason) => ("rejected", "reason", reason),
            };
            place.add("status", status);
            place.add(name, value);
        }
        if let Some(hook) = &self.on_progress {
            let (fulfilled, rejected) = (self.fulfilled.get(), self.rejected.get());
            let mut fields = Fields::default();
            fields.add("done", fulfilled.wrapping_add(rejected));
            fields.add("total", self.results.borrow().len() as u32);
            fields.add("fulfilled", fulfilled);
            fields.add("rejected", rejected);
            // Which of the events settled just now.
            fields.add("index", index as u32);
            tell(hook, &self.nesting, &fields);
        }
    }
}

/// The events of a batch that have not begun.
pub(crate) struct Queue {
    waiting: Vec<Waiting>,
    /// The next event that may not have been started, of those without one of the same thread before them.
    at: usize,
    /// Events whose predecessor in their thread has ended. Started first: they usually come earlier in the input.
    ready: Vec<usize>,
}

struct Waiting {
    /// None once it has begun.
    prepared: Option<Prepared>,
    /// True where an event of the same thread comes before it.
    follows: bool,
    /// The next event of the same thread.
    next: Option<usize>,
}

impl Queue {
    /// Lines the events up: those of one thread, and of one user, stand one behind the other. `thread` is the field that names a thread.
    pub(crate) fn new(events: &Array, thread: Name, mut prepare: impl FnMut(JsValue) -> Prepared) -> Queue {
        // A map of the host's: the names stay in JavaScript.
        let last_of = Map::new();
        let mut waiting: Vec<Waiting> = Vec::new();
        for event in events.iter() {
            let mut follows = false;
            if let Some(thread) = thread_of(&event, thread) {
                let place = waiting.len();
                let before = last_of.get(&thread).as_f64();
                if let Some(before) = before.and_then(|before| waiting.get_mut(before as usize)) {
                    before.next = Some(place);
                    follows = true;
                }
                last_of.set(&thread, &JsValue::from_f64(place as f64));
            }
            waiting.push(Waiting { prepared: Some(prepare(event)), follows, next: None });
        }
        Queue { waiting, at: 0, ready: Vec::new() }
    }

    /// True where an event may start now.
    fn has_next(&mut self) -> bool {
        while self.waiting.get(self.at).is_some_and(|event| event.follows) {
            self.at = self.at.wrapping_add(1);
        }
        !self.ready.is_empty() || self.at < self.waiting.len()
    }

    /// Takes the next event that may start.
    fn next(&mut self) -> Option<(usize, Prepared)> {
        if !self.has_next() {
            return None;
        }
        let index = self.ready.pop().unwrap_or_else(|| {
            let index = self.at;
            self.at = self.at.wrapping_add(1);
            index
        });
        Some((index, self.waiting.get_mut(index)?.prepared.take()?))
    }

    /// An event has ended: its follower may start.
    fn mark_done(&mut self, index: usize) {
        self.ready.extend(self.waiting.get(index).and_then(|event| event.next));
    }
}

/// The key of an event's thread: user id, NUL, thread id. None for an event outside of any thread.
fn thread_of(event: &JsValue, thread: Name) -> Option<JsString> {
    let user = Name::UserId.peek(event).dyn_into::<JsString>().ok()?;
    let thread = thread.peek(event).dyn_into::<JsString>().ok()?;
    Some(user.concat(&JsValue::from_str("\0")).concat(&thread))
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
