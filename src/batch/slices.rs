//! Gives the event loop turns while a batch runs (`docs/decisions/0027-batches-in-slices.md`).

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use gloo_timers::callback::Timeout;

/// The most events that are taken up in one turn of the event loop, which is some ten milliseconds.
const EVENTS_PER_TURN: u32 = 500;

/// Counts the events that the workers of a batch take up in one turn of the event loop.
#[derive(Default)]
pub(super) struct Slices {
    slice: Rc<Slice>,
    /// Begins the next slice; the last one that was started.
    timer: RefCell<Option<Timeout>>,
}

#[derive(Default)]
struct Slice {
    /// The events that were taken up since the last turn.
    taken: Cell<u32>,
    /// The workers that wait for the next slice.
    waiting: RefCell<Vec<Waker>>,
}

impl Slices {
    /// To be awaited before an event is taken up. After a full slice it waits for a timer: promises alone would not let the event loop do
    /// anything else.
    pub(super) async fn next(&self) {
        poll_fn(|context| {
            let taken = self.slice.taken.get();
            if taken < EVENTS_PER_TURN {
                self.slice.taken.set(taken.wrapping_add(1));
                return Poll::Ready(());
            }
            let mut waiting = self.slice.waiting.borrow_mut();
            // One timer for all workers: timers of their own may fire in the same turn.
            if waiting.is_empty() {
                let slice = Rc::clone(&self.slice);
                self.timer.replace(Some(Timeout::new(0, move || slice.begin())));
            }
            waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Slice {
    fn begin(&self) {
        self.taken.set(0);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }
}
