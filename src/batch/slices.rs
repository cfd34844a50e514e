//! Gives the event loop turns while a batch runs (`docs/decisions/0027-batches-in-slices.md`).

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;

use crate::wait::Waits;

/// The most events that are taken up in one turn of the event loop, which is about ten milliseconds of work.
const EVENTS_PER_TURN: u32 = 500;

#[wasm_bindgen(raw_module = "./turn.js")]
extern "C" {
    /// A promise of a turn of the event loop, by a timer.
    #[wasm_bindgen(catch, js_name = turn)]
    fn turn_by_host() -> Result<JsValue, JsValue>;
}

/// Counts the events that the workers of a batch take up in one turn of the event loop.
#[derive(Default)]
pub(super) struct Slices {
    /// The events that were taken up since the last turn.
    taken: Cell<u32>,
    /// The promise of the turn that begins the next slice; undefined while no worker waits for one.
    turn: RefCell<JsValue>,
}

impl Slices {
    /// To be awaited before an event is taken up. After a full slice it waits for a timer: promises alone would not let the event loop do
    /// anything else.
    pub(super) async fn next(&self) {
        while self.taken.get() >= EVENTS_PER_TURN {
            let turn = self.turn();
            // Waits of its own, without the signal: after an abort those of the worker would end at once, and the rest would be rejected
            // without a turn of the event loop.
            let _ = Waits::new(None).settled(&turn).await;
            // The first worker to wake begins the slice.
            if *self.turn.borrow() == turn {
                self.turn.take();
                self.taken.set(0);
            }
        }
        self.taken.set(self.taken.get().wrapping_add(1));
    }

    /// The turn to wait for. All workers share one: of several timers some would fire in the same turn, and each would begin another slice in it.
    fn turn(&self) -> JsValue {
        let mut turn = self.turn.borrow_mut();
        if turn.is_undefined() {
            *turn = turn_by_host().unwrap_or_default();
        }
        turn.clone()
    }
}
