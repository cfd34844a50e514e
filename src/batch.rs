//! Many ingests: so many at a time, each thread's events one after the other, all held back while the server says 429.
//!
//! As many workers run as calls may run at once. Each takes the next event that may start, checks and encodes it, runs its call to the end,
//! and goes on. `queue` says which event is next, `slices` when the event loop gets a turn.

mod queue;
mod slices;

use std::cell::{Cell, OnceCell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use self::queue::{Queue, Taken};
use self::slices::Slices;
use crate::call::{self, Call};
use crate::endpoint::Endpoint;
use crate::error;
use crate::hooks::{HookEvent, begin, call_fields, tell};
use crate::host::{Fields, Name, concat, to_js};
use crate::nesting::Nesting;
use crate::options::{BatchOptions, ClientOptions};
use crate::pace::Pace;
use crate::request::{Arguments, Request};
use crate::rules::Issues;
use crate::wait::Waits;

/// A batch on its way.
pub(crate) struct Batch {
    client: Rc<ClientOptions>,
    endpoint: &'static Endpoint,
    options: BatchOptions,
    nesting: Nesting,
    /// What the hook `onCall` returned for the batch.
    context: JsValue,
    pace: Rc<Pace>,
    slices: Slices,
    queue: RefCell<Queue>,
    /// The events; in the place of each that has ended its result, as `Promise.allSettled` has it.
    results: Array,
    fulfilled: Cell<u32>,
    rejected: Cell<u32>,
    /// The error of all events that an abort kept from being sent.
    unsent: OnceCell<JsValue>,
    workers: Cell<usize>,
    done: Cell<Option<Waker>>,
}

impl Batch {
    /// A batch that has not begun. `events` is an array of its own; `thread` is the field that says which events follow each other.
    pub(crate) fn new(
        client: &Rc<ClientOptions>,
        endpoint: &'static Endpoint,
        options: BatchOptions,
        nesting: Nesting,
        events: Array,
        thread: Name,
    ) -> Batch {
        Batch {
            context: begin(client, &nesting, endpoint, endpoint.path, &JsValue::UNDEFINED, Some(events.length())),
            client: Rc::clone(client),
            endpoint,
            options,
            nesting,
            pace: Rc::default(),
            slices: Slices::default(),
            queue: RefCell::new(Queue::new(events.clone(), thread)),
            results: events,
            fulfilled: Cell::new(0),
            rejected: Cell::new(0),
            unsent: OnceCell::new(),
            workers: Cell::new(0),
            done: Cell::new(None),
        }
    }

    /// Runs a batch to its end: an array of results, in the order of the events. `Err` is an error as [`error::Failed::into_js`] makes it.
    pub(crate) async fn run(self) -> Result<JsValue, JsValue> {
        let batch = Rc::new(self);
        let count = batch.options.concurrency.min(batch.results.length() as usize);
        // All of them before the first begins: where one cannot be had, nothing runs on behind the error.
        let workers: Result<Vec<Waits>, JsValue> = (0..count).map(|_| batch.listen()).collect();
        for waits in workers? {
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
        Ok(batch.results.clone().into())
    }

    /// The waits of a worker, which listens to the caller's signal.
    fn listen(&self) -> Result<Waits, JsValue> {
        let mut waits = Waits::new(self.options.call.signal.clone());
        match waits.listen() {
            Ok(()) => Ok(waits),
            Err(error) => Err(error::caused("", "The signal could not be listened to.", error).of_nothing_sent()),
        }
    }

    /// One of the workers.
    async fn work(self: Rc<Batch>, mut waits: Waits) {
        while self.queue.borrow().has_more() {
            self.slices.next().await;
            self.hold(&mut waits).await;
            // Another worker may have taken the last one meanwhile.
            let taken = self.queue.borrow_mut().take();
            if let Some(Taken { index, event, thread }) = taken {
                let result = if waits.is_aborted() { Err(self.unsent(&waits)) } else { self.ingest(event).await };
                self.queue.borrow_mut().end(index, thread);
                self.note(index, result);
            }
        }
        self.workers.set(self.workers.get().wrapping_sub(1));
        if let Some(waker) = self.done.take() {
            waker.wake();
        }
    }

    /// Waits while everything is held back. An abort ends the wait.
    async fn hold(&self, waits: &mut Waits) {
        while !waits.is_aborted() {
            let (held, holds) = (self.pace.held(), self.pace.holds());
            if held <= 0.0 || waits.pause(held).await.is_err() {
                return;
            }
            if holds == self.pace.holds() {
                return self.pace.release();
            }
        }
    }

    /// Checks, encodes and sends an event.
    async fn ingest(&self, event: JsValue) -> Result<JsValue, JsValue> {
        let options = Rc::clone(&self.options.call);
        let nesting =
            Nesting::of_new_call(&self.client.nesting).ok_or_else(|| error::too_nested().of_nothing_sent())?;
        let arguments = Arguments::of(event);
        let mut request = Request::new(&self.client, self.endpoint, &arguments, options, Issues::default())
            .map_err(error::Failed::of_nothing_sent)?;
        request.announce(&self.client, &nesting, &self.context);
        call::run(Call::new(&self.client, request, nesting, Some(Rc::clone(&self.pace)))).await
    }

    /// The error of an event that an abort kept from being sent, told as a call's that never began.
    fn unsent(&self, waits: &Waits) -> JsValue {
        let Endpoint { method, path, .. } = self.endpoint;
        if let Some(hook) = &self.client.hooks.on_error {
            let mut fields = call_fields(self.endpoint, path, 0, &self.context);
            HookEvent { error: Some("ClaivAbortError"), duration_ms: Some(0.0), ..HookEvent::default() }
                .add_to(&mut fields);
            tell(hook, &self.nesting, &fields);
        }
        let make = || error::aborted(&concat(&[method.text(), " ", path]), waits.reason()).of_nothing_sent();
        self.unsent.get_or_init(make).clone()
    }

    /// Notes how an event ended, and tells of the progress.
    fn note(&self, index: u32, result: Result<JsValue, JsValue>) {
        let counter = if result.is_ok() { &self.fulfilled } else { &self.rejected };
        counter.set(counter.get().wrapping_add(1));
        let (status, name, value) = match result {
            Ok(value) => ("fulfilled", "value", value),
            Err(reason) => ("rejected", "reason", reason),
        };
        let mut settled = Fields::default();
        settled.add("status", status);
        settled.add(name, value);
        self.results.set(index, to_js(&settled));
        if let Some(hook) = &self.options.on_progress {
            let (fulfilled, rejected) = (self.fulfilled.get(), self.rejected.get());
            let mut fields = Fields::default();
            fields.add("done", fulfilled.wrapping_add(rejected));
            fields.add("total", self.results.length());
            fields.add("fulfilled", fulfilled);
            fields.add("rejected", rejected);
            // Which of the events settled just now.
            fields.add("index", index);
            tell(hook, &self.nesting, &fields);
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
