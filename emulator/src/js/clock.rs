//! The clock of the emulator. It is not read before the first request, since Cloudflare Workers have no time before.

use crate::time;
use js_sys::{Date, Function, TypeError};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// A clock that can be set.
pub struct Clock {
    /// The function that returns the time; `None` for the machine's clock.
    source: Option<Function>,
    /// The time of the options at which the clock starts.
    start: Option<f64>,
    /// The time that the clock shows when it is read next; set by the options and by `setTime`.
    pending: Cell<Option<f64>>,
    /// How far the clock is ahead of its source, in milliseconds.
    offset: Cell<f64>,
}

impl Clock {
    /// A clock that follows a function, or else the machine's clock. With `start`, in milliseconds since 1970, it shows that time when it is first
    /// read.
    pub fn new(source: Option<Function>, start: Option<f64>) -> Self {
        Clock { source, start, pending: Cell::new(start), offset: Cell::new(0.0) }
    }

    /// The time, in milliseconds since 1970. Fails where the function throws or returns no number, or where the time is outside of the years 0
    /// to 9999.
    pub fn now(&self) -> Result<i64, JsValue> {
        let source = match &self.source {
            None => Date::now(),
            Some(source) => {
                let returned = source.call0(&JsValue::UNDEFINED)?;
                let number = returned.as_f64().or_else(|| returned.dyn_ref::<Date>().map(Date::get_time));
                number.ok_or_else(|| TypeError::new("options.now must return a number of milliseconds since 1970"))?
            }
        };
        if let Some(start) = self.pending.take() {
            self.offset.set(start - source);
        }
        to_time(source + self.offset.get()).ok_or_else(|| {
            TypeError::new(
                "the clock of the emulator is outside of the years 0 to 9999: see options.now, setTime and advance",
            )
            .into()
        })
    }

    /// Sets the clock to this time; it runs on from there.
    pub fn set(&self, at: f64) {
        self.pending.set(Some(at));
    }

    /// Moves the clock forward, or back if negative. A clock that has a start and was not read yet is moved before it starts.
    pub fn advance(&self, ms: f64) {
        match self.pending.get() {
            Some(start) => self.pending.set(Some(start + ms)),
            None => self.offset.set(self.offset.get() + ms),
        }
    }

    /// Resets the clock to that of the options.
    pub fn reset(&self) {
        self.pending.set(self.start);
        self.offset.set(0.0);
    }
}

/// Rounds down to whole milliseconds; `None` outside of the years 0 to 9999.
pub fn to_time(ms: f64) -> Option<i64> {
    let at = crate::json::whole(ms.floor())?;
    (time::MIN..=time::MAX).contains(&at).then_some(at)
}

/// Reads an `EmulatorTime`: milliseconds since 1970, a `Date` or ISO 8601 text.
pub fn instant(value: &JsValue) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.dyn_ref::<Date>().map(Date::get_time));
    #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
    let ms = number.or_else(|| value.as_string().and_then(|text| time::parse(&text)).map(|at| at as f64))?;
    to_time(ms).map(|_| ms)
}
