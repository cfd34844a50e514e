//! Many ingests: so many at a time, each thread's events one after the other, all held back while the server says 429.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use js_sys::{Array, Function, JsString, Map};
use wasm_bindgen::prelude::*;

use crate::platform::abort::AbortWatch;
use crate::platform::host::{self, Fields, now};
use crate::platform::names;
use crate::platform::pending::Timer;
use crate::platform::task::Running;

/// The pause that a 429 lays on every lane of a batch.
#[derive(Default)]
pub(crate) struct Pacer {
    /// By the host's steady clock.
    until: Cell<f64>,
}

impl Pacer {
    /// Holds everything back for `ms` milliseconds from now, or longer if that has been said before.
    pub(crate) fn hold(&self, ms: f64) {
        self.until.set(self.until.get().max(now() + ms));
    }

    /// What remains of the pause, in milliseconds; 0 or less when there is none.
    pub(crate) fn left(&self) -> f64 {
        self.until.get() - now()
    }
}

/// One event of a batch.
pub(crate) struct Item {
    /// The call, or why it cannot be made.
    pub(crate) call: Result<Running, JsValue>,
    /// Whose turn it is among whom: events of one thread have the same.
    pub(crate) thread: Option<JsString>,
}

/// A batch on its way.
pub(crate) struct Batch {
    /// What has not been started; `None` once it has.
    waiting: Vec<Option<Result<Running, JsValue>>>,
    /// The next event of the same thread.
    successors: Vec<Option<usize>>,
    /// What may start now.
    ready: VecDeque<usize>,
    running: Vec<(usize, Running)>,
    results: Array,
    lanes: usize,
    pacer: Rc<Pacer>,
    /// Runs while `ready` is held back.
    pause: Option<Timer>,
    watch: Option<Rc<AbortWatch>>,
    progress: Option<Function>,
    fulfilled: u32,
    rejected: u32,
}

impl Batch {
    /// Lines the items up.
    pub(crate) fn new(
        items: Vec<Item>,
        lanes: usize,
        pacer: Rc<Pacer>,
        watch: Option<Rc<AbortWatch>>,
        progress: Option<Function>,
    ) -> Batch {
        let total = items.len();
        let mut batch = Batch {
            waiting: Vec::with_capacity(total),
            successors: vec![None; total],
            ready: VecDeque::new(),
            running: Vec::new(),
            results: Array::new_with_length(u32::try_from(total).unwrap_or(u32::MAX)),
            lanes,
            pacer,
            pause: None,
            watch,
            progress,
            fulfilled: 0,
            rejected: 0,
        };
        // The host's Map rather than one of Rust's: it is there already, and the names stay in JavaScript.
        let last_of = Map::new();
        for (index, item) in items.into_iter().enumerate() {
            let before = item.thread.as_ref().and_then(|thread| last_of.get(thread).as_f64());
            if let Some(thread) = &item.thread {
                last_of.set(thread, &JsValue::from_f64(index as f64));
            }
            match before.and_then(|before| batch.successors.get_mut(before as usize)) {
                Some(successor) => *successor = Some(index),
                None => batch.ready.push_back(index),
            }
            batch.waiting.push(Some(item.call));
        }
        batch
    }

    /// Runs to the end; never fails, since each failure is an item's own.
    pub(crate) async fn run(mut self) -> Result<JsValue, JsValue> {
        poll_fn(|cx| self.poll(cx)).await;
        Ok(self.results.into())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            self.start();
            let settled = self.poll_running(cx);
            if settled.is_empty() {
                break;
            }
            for (index, outcome) in settled {
                self.settle(index, outcome);
            }
        }
        if self.running.is_empty() && self.ready.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Starts what may start: as many as there are lanes, and none during a pause. An abort ends the pause: what is started then
    /// rejects without being sent.
    fn start(&mut self) {
        while self.running.len() < self.lanes {
            let Some(index) = self.ready.front().copied() else { return };
            if self.is_held() {
                return;
            }
            self.ready.pop_front();
            match self.waiting.get_mut(index).and_then(Option::take) {
                Some(Ok(call)) => self.running.push((index, call)),
                Some(Err(error)) => self.settle(index, Err(error)),
                None => {}
            }
        }
    }

    fn is_held(&mut self) -> bool {
        if self.watch.as_ref().is_some_and(|watch| watch.poll_fired()) {
            self.pause = None;
            return false;
        }
        loop {
            if let Some(timer) = &self.pause
                && !timer.poll_fired()
            {
                return true;
            }
            let left = self.pacer.left();
            if left <= 0.0 {
                self.pause = None;
                return false;
            }
            self.pause = Some(Timer::not_before(left));
        }
    }

    fn poll_running(&mut self, cx: &mut Context<'_>) -> Vec<(usize, Result<JsValue, JsValue>)> {
        let mut settled = Vec::new();
        self.running.retain_mut(|(index, call)| match call.as_mut().poll(cx) {
            Poll::Ready(outcome) => {
                settled.push((*index, outcome));
                false
            }
            Poll::Pending => true,
        });
        settled
    }

    fn settle(&mut self, index: usize, outcome: Result<JsValue, JsValue>) {
        let result = Fields::empty();
        match &outcome {
            Ok(value) => {
                self.fulfilled = self.fulfilled.saturating_add(1);
                result.set("status", &names::js("fulfilled"));
                result.set("value", value);
            }
            Err(reason) => {
                self.rejected = self.rejected.saturating_add(1);
                result.set("status", &names::js("rejected"));
                result.set("reason", reason);
            }
        }
        self.results.set(u32::try_from(index).unwrap_or(u32::MAX), result.into());
        if let Some(next) = self.successors.get(index).copied().flatten() {
            // Before all others: it stands earlier in the input than most of them.
            self.ready.push_front(next);
        }
        if let Some(progress) = &self.progress {
            let event = Fields::empty();
            event.set("done", &self.fulfilled.saturating_add(self.rejected).into());
            event.set("total", &self.results.length().into());
            event.set("fulfilled", &self.fulfilled.into());
            event.set("rejected", &self.rejected.into());
            event.set("index", &JsValue::from_f64(index as f64));
            crate::hooks::tell_fields(progress, &event);
        }
    }
}

/// What tells the threads of a batch apart: an event without one is on its own.
pub(crate) fn thread_of(event: &JsValue) -> Option<JsString> {
    let event = host::as_fields(event)?;
    let thread: JsString = event.get("thread_id").ok()?.dyn_into().ok()?;
    let user: JsString = event.get("user_id").ok()?.dyn_into().ok()?;
    Some(user.concat(&names::js("\0")).concat(&thread))
}
