//! What cuts a wait short: a limit of time, and the caller's signal.

use std::future::poll_fn;
use std::task::Poll;

use wasm_bindgen::prelude::*;

use super::Outcome;
use crate::platform::abort::AbortWatch;
use crate::platform::pending::{Pending, Timer};

/// A limit of time: how long, and whether it is the whole call's.
#[derive(Clone, Copy)]
pub(crate) struct Limit {
    /// What the options say, in milliseconds.
    pub(crate) ms: f64,
    /// True for `totalTimeout`, false for `timeout`.
    pub(crate) total: bool,
}

/// What cuts a wait short: a limit of time, and the caller's signal.
pub(crate) struct Bound<'a> {
    timer: Timer,
    limit: Limit,
    abort: Option<&'a AbortWatch>,
}

impl<'a> Bound<'a> {
    /// Starts the clock: `ms` from now, told to the caller as `limit`.
    pub(crate) fn new(ms: f64, limit: Limit, abort: Option<&'a AbortWatch>) -> Bound<'a> {
        Bound { timer: Timer::after(ms), limit, abort }
    }

    /// Waits for `value` (a promise, a thenable or a plain value), or for what cuts it short.
    pub(crate) async fn wait(&self, value: &JsValue) -> Result<Result<JsValue, JsValue>, Outcome> {
        let pending = Pending::promise(value);
        poll_fn(|_| {
            if let Some(watch) = self.abort.filter(|watch| watch.poll_fired()) {
                return Poll::Ready(Err(Outcome::Aborted(watch.signal.why())));
            }
            if let Some(settled) = pending.poll_value() {
                return Poll::Ready(match (settled, self.abort) {
                    // A fetch that hangs on the same signal can fail before our own listener is told.
                    (Err(_), Some(watch)) if watch.signal.has_fired() => Err(Outcome::Aborted(watch.signal.why())),
                    (settled, _) => Ok(settled),
                });
            }
            if self.timer.poll_fired() {
                return Poll::Ready(Err(Outcome::TimedOut(self.limit)));
            }
            Poll::Pending
        })
        .await
    }
}

/// Waits `ms` milliseconds, at the least, or until the caller's signal fires.
pub(crate) async fn pause(ms: f64, abort: Option<&AbortWatch>) -> Result<(), Outcome> {
    let timer = Timer::not_before(ms);
    poll_fn(|_| {
        if let Some(watch) = abort.filter(|watch| watch.poll_fired()) {
            return Poll::Ready(Err(Outcome::Aborted(watch.signal.why())));
        }
        if timer.poll_fired() { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}
