//! The service's clock. Nothing is read before the first request: Workers have no time at start-up.

use crate::time;
use js_sys::{Date, Function, TypeError};
use std::cell::Cell;
use wasm_bindgen::prelude::*;

/// A clock that can be set.
pub struct Clock {
    source: Option<Function>,
    start: Option<f64>,
    /// Where the clock is to stand when it is read next, and how far it is from its source since then.
    pending: Cell<Option<f64>>,
    offset: Cell<f64>,
}

impl Clock {
    /// A clock that follows the function, or the machine's clock; from a given start on.
    pub fn new(source: Option<Function>, start: Option<f64>) -> Self {
        Clock { source, start, pending: Cell::new(start), offset: Cell::new(0.0) }
    }

    /// The time.
    pub fn now(&self) -> Result<i64, JsValue> {
        let source = match &self.source {
            None => Date::now(),
            Some(source) => {
                let told = source.call0(&JsValue::UNDEFINED)?;
                let number = told.as_f64().or_else(|| told.dyn_ref::<Date>().map(Date::get_time));
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

    /// Sets it; it runs on from there.
    pub fn set(&self, at: f64) {
        self.pending.set(Some(at));
    }

    /// Moves it; a clock not read yet has not begun to run.
    pub fn advance(&self, ms: f64) {
        match self.pending.get() {
            Some(start) => self.pending.set(Some(start + ms)),
            None => self.offset.set(self.offset.get() + ms),
        }
    }

    /// Back to how it was made.
    pub fn reset(&self) {
        self.pending.set(self.start);
        self.offset.set(0.0);
    }
}

/// Milliseconds since 1970 within the years that can be written.
pub fn to_time(ms: f64) -> Option<i64> {
    let at = crate::json::whole(ms.floor())?;
    (time::MIN..=time::MAX).contains(&at).then_some(at)
}

/// An instant as JavaScript code gives it: a number of milliseconds, a Date or an ISO 8601 text.
pub fn instant(value: &JsValue) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.dyn_ref::<Date>().map(Date::get_time));
    #[expect(clippy::cast_precision_loss, reason = "the years 0 to 9999 are exact in a double")]
    let ms = number.or_else(|| value.as_string().and_then(|text| time::parse(&text)).map(|at| at as f64))?;
    to_time(ms).map(|_| ms)
}
