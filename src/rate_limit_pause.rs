//! The pause that a 429 brings for all calls of a batch.

use std::cell::Cell;

use crate::host::now;

/// The pause of a batch: its calls share one, and each that is answered 429 may prolong it.
#[derive(Default)]
pub(crate) struct RateLimitPause {
    /// When it ends, by the host's monotonic clock, in milliseconds.
    until: Cell<f64>,
    /// How long it was when it was last prolonged, in milliseconds.
    length: Cell<f64>,
    /// How many 429s there were.
    count: Cell<u32>,
}

impl RateLimitPause {
    /// Pauses for `ms` milliseconds from now on, unless the pause is longer already.
    pub(crate) fn prolong(&self, ms: f64) {
        if ms >= self.left() {
            self.until.set(now() + ms);
            self.length.set(ms);
        }
        self.count.set(self.count.get().wrapping_add(1));
    }

    /// What is left of it, in milliseconds; 0 or less where there is none. Never more than its length, also where the clock jumps back.
    pub(crate) fn left(&self) -> f64 {
        (self.until.get() - now()).min(self.length.get())
    }

    /// How many 429s there were. The same number after a wait means that no other came meanwhile.
    pub(crate) fn count(&self) -> u32 {
        self.count.get()
    }

    /// Ends it, after a wait of its length. The clock may have jumped and show another time.
    pub(crate) fn end(&self) {
        self.length.set(0.0);
    }
}
