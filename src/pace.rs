//! How a batch slows down while the server answers 429.

use std::cell::Cell;

use crate::host::now;

/// Until when a 429 holds back all calls of a batch.
#[derive(Default)]
pub(crate) struct Pace {
    /// By the host's steady clock, in milliseconds.
    until: Cell<f64>,
    /// How long that was when it was told, in milliseconds.
    length: Cell<f64>,
    /// How often it was told to hold back.
    holds: Cell<u32>,
}

impl Pace {
    /// Holds everything back for `ms` milliseconds from now, or longer if that has been said before.
    pub(crate) fn hold(&self, ms: f64) {
        if ms >= self.held() {
            self.until.set(now() + ms);
            self.length.set(ms);
        }
        self.holds.set(self.holds.get().wrapping_add(1));
    }

    /// What remains of that, in milliseconds; 0 or less when nothing is held back. Never more than was told, though the clock jump back.
    pub(crate) fn held(&self) -> f64 {
        (self.until.get() - now()).min(self.length.get())
    }

    /// How often it was told to hold back. The same number after a wait means that no other 429 came meanwhile.
    pub(crate) fn holds(&self) -> u32 {
        self.holds.get()
    }

    /// Holds nothing back any more: somebody has waited for as long as was told. The clock may have jumped and say otherwise.
    pub(crate) fn release(&self) {
        self.length.set(0.0);
    }
}
