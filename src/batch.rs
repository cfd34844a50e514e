//! Many ingests at once, up to a number: the events of a thread one after the other, and all of them paused while the server answers 429.
//!
//! There are as many workers as calls may run at once. Each takes the next event that may start, checks and encodes it, and runs its call to
//! the end. `queue` decides which event is next, and `slices` when the event loop gets a turn.

mod queue;
mod slices;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::*;

use self::queue::{Queue, Taken};
use self::slices::Slices;
use crate::call::{self, Call};
use crate::call_depth::CallDepth;
use crate::client;
use crate::endpoint::Endpoint;
use crate::error;
use crate::hooks::{call_fields, emit, emit_call};
use crate::host::{Fields, Name, concat};
use crate::options::{BatchOptions, ClientOptions};
use crate::rate_limit_pause::RateLimitPause;
use crate::request::{Arguments, Request};
use crate::rules::Issues;
use crate::wait::{Waits, ignore};

/// A batch that runs.
pub(crate) struct Batch {
    client: Rc<ClientOptions>,
    endpoint: &'static Endpoint,
    options: BatchOptions,
    call_depth: CallDepth,
    /// What the hook `onCall` returned for the batch.
    context: JsValue,
    rate_limit_pause: Rc<RateLimitPause>,
    slices: Slices,
    queue: RefCell<Queue>,
    /// The events. Each is replaced by its result, in the form of `Promise.allSettled`, when it has settled.
    results: Array,
    fulfilled: Cell<u32>,
    rejected: Cell<u32>,
    /// The one error of all events that were not sent because of an abort.
    abort_error: OnceCell<JsValue>,
}

impl Batch {
    /// A batch that has not begun. `events` is an array that it may write to; `thread` is the field that names an event's thread.
    pub(crate) fn new(
        client: &Rc<ClientOptions>,
        endpoint: &'static Endpoint,
        options: BatchOptions,
        call_depth: CallDepth,
        events: Array,
        thread: Name,
    ) -> Batch {
        Batch {
            context: emit_call(
                client,
                &call_depth,
                endpoint,
                endpoint.path,
                &JsValue::UNDEFINED,
                Some(events.length()),
            ),
            client: Rc::clone(client),
            endpoint,
            options,
            call_depth,
            rate_limit_pause: Rc::default(),
            slices: Slices::default(),
            queue: RefCell::new(Queue::new(events.clone(), thread)),
            results: events,
            fulfilled: Cell::new(0),
            rejected: Cell::new(0),
            abort_error: OnceCell::new(),
        }
    }

    /// Runs a batch to its end: an array of results, in the order of the events. `Err` is an error as [`error::Failure::into_js`] makes it.
    pub(crate) async fn run(self) -> Result<JsValue, JsValue> {
        let batch = Rc::new(self);
        let count = batch.options.concurrency.min(batch.results.length() as usize);
        // All listen to the signal before the first worker begins: where one of them cannot, no worker is left running.
        let mut waits_of_workers = Vec::new();
        for _ in 0..count {
            waits_of_workers.push(batch.listen()?);
        }
        let mut workers = Vec::new();
        for waits in waits_of_workers {
            let worker = client::run(Box::pin(Rc::clone(&batch).run_worker(waits)));
            // Rejects only where this instance of the module fails, and then the call itself is rejected (`pkg-template/runtime/guard.js`).
            ignore(&worker);
            workers.push(worker);
        }
        for worker in workers {
            let _ = Waits::new(None).settled(&worker).await;
        }
        Ok(batch.results.clone().into())
    }

    /// The waits of a worker, listening to the caller's signal.
    fn listen(&self) -> Result<Waits, JsValue> {
        let mut waits = Waits::new(self.options.call.signal.clone());
        match waits.listen() {
            Ok(()) => Ok(waits),
            Err(error) => Err(error::caused("", "The signal could not be listened to.", error).into_js_unsent()),
        }
    }

    /// One of the workers: runs events until none is left. Never `Err`: what goes wrong with an event is its result.
    async fn run_worker(self: Rc<Batch>, mut waits: Waits) -> Result<JsValue, JsValue> {
        while self.queue.borrow().has_more() {
            self.slices.next().await;
            self.wait_for_rate_limit(&mut waits).await;
            // Another worker may have taken the last event meanwhile.
            let taken = self.queue.borrow_mut().take();
            if let Some(Taken { index, event, thread }) = taken {
                let result = if waits.is_aborted() { Err(self.abort_unsent(&waits)) } else { self.ingest(event).await };
                self.queue.borrow_mut().end(index, thread);
                self.settle(index, result);
            }
        }
        Ok(JsValue::UNDEFINED)
    }

    /// Waits for the end of the batch's pause, or for an abort.
    async fn wait_for_rate_limit(&self, waits: &mut Waits) {
        while !waits.is_aborted() {
            let (left, count) = (self.rate_limit_pause.left(), self.rate_limit_pause.count());
            if left <= 0.0 || waits.sleep(left).await.is_err() {
                return;
            }
            // Another 429 may have prolonged it meanwhile.
            if count == self.rate_limit_pause.count() {
                return self.rate_limit_pause.end();
            }
        }
    }

    /// Checks, encodes and sends an event.
    async fn ingest(&self, event: JsValue) -> Result<JsValue, JsValue> {
        let options = Rc::clone(&self.options.call);
        let call_depth = CallDepth::of_new_call(&self.client.call_depth)
            .ok_or_else(|| error::endless_recursion().into_js_unsent())?;
        let arguments = Arguments::of(event);
        let mut request = Request::new(&self.client, self.endpoint, &arguments, options, Issues::default())
            .map_err(error::Failure::into_js_unsent)?;
        request.emit_call(&self.client, &call_depth, &self.context);
        call::run(Call::new(&self.client, request, call_depth, Some(Rc::clone(&self.rate_limit_pause)))).await
    }

    /// The error of an event that is not sent because of an abort. `onError` is called for each, as for a call that was aborted before its
    /// first attempt.
    fn abort_unsent(&self, waits: &Waits) -> JsValue {
        let Endpoint { method, path, .. } = self.endpoint;
        if let Some(hook) = &self.client.hooks.on_error {
            let mut event = call_fields(self.endpoint, path, 0, &self.context);
            event.add("error", "ClaivAbortError");
            event.add("durationMs", 0.0);
            emit(hook, &self.call_depth, &event);
        }
        let make = || error::aborted(&concat(&[method.text(), " ", path]), waits.reason()).into_js_unsent();
        self.abort_error.get_or_init(make).clone()
    }

    /// Puts the result of an event in its place, and calls `onProgress`.
    fn settle(&self, index: u32, result: Result<JsValue, JsValue>) {
        let counter = if result.is_ok() { &self.fulfilled } else { &self.rejected };
        counter.set(counter.get().wrapping_add(1));
        let (status, name, value) = match result {
            Ok(value) => ("fulfilled", "value", value),
            Err(reason) => ("rejected", "reason", reason),
        };
        let mut settled = Fields::default();
        settled.add("status", status);
        settled.add(name, value);
        self.results.set(index, settled.to_js());
        if let Some(hook) = &self.options.on_progress {
            let (fulfilled, rejected) = (self.fulfilled.get(), self.rejected.get());
            let mut progress = Fields::default();
            progress.add("done", fulfilled.wrapping_add(rejected));
            progress.add("total", self.results.length());
            progress.add("fulfilled", fulfilled);
            progress.add("rejected", rejected);
            progress.add("index", index);
            emit(hook, &self.call_depth, &progress);
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
