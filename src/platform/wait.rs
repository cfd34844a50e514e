//! Whoever waits for JavaScript, and how it is told.
//!
//! A closure for each promise, timer and listener would cost an allocation, an entry in the host's FinalizationRegistry and, for a
//! promise that never settles, a leak. Instead one function lives as long as the module; what is bound to it is a number, and the
//! scope of the call that waits (`pkg-template/client/values.js`). A number whose owner is gone is ignored, so a late answer of an
//! abandoned fetch finds nothing to wake and nothing to free.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::host;
use super::names::Name;
use super::value::{Kept, LEAN, Val};

/// How many may wait at once: a token's low part.
const INDEX_RANGE: f64 = 16_777_216.0;
/// Tokens stay exact integers of a double: 2^24 indices times 2^28 generations.
const GENERATIONS: u32 = 1 << 28;
/// Timers of 2^31 ms and more fire at once in most hosts.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// What somebody is told of. Timers are told by their own numbers, [`FIRST_TIMER`] and up.
pub(crate) const RESOLVED: f64 = 0.0;
/// A promise was rejected.
pub(crate) const REJECTED: f64 = 1.0;
/// A signal fired.
pub(crate) const FIRED: f64 = 2.0;
/// It begins.
pub(crate) const START: f64 = 3.0;
/// The number of somebody's first timer.
pub(crate) const FIRST_TIMER: f64 = 4.0;

/// Somebody who waits.
pub(crate) trait Waiter {
    /// Tells what has happened, and with what value. True where something that goes on was cut short: nothing of its scope is needed
    /// any more, though a promise that never settles may hold on to it.
    fn told(self: Rc<Self>, what: f64, value: Val) -> bool;
}

#[wasm_bindgen(raw_module = "./values.js")]
extern "C" {
    fn callback(token: f64, what: f64) -> Val;

    #[wasm_bindgen(js_name = timer)]
    fn start_timer(ms: f64, token: f64, what: f64) -> Val;

    /// `{promise, resolve, reject}`.
    fn deferred() -> Val;

    /// Throws for a promise whose `constructor` getter throws.
    #[wasm_bindgen(catch, js_name = settle)]
    fn settle_of_host(value: &Val, token: f64) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = ignore)]
    fn ignore_of_host(value: &Val) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &Val);

    #[wasm_bindgen(method)]
    fn resolve(this: &Val, value: &Val);

    #[wasm_bindgen(method)]
    fn reject(this: &Val, value: &Val);
}

thread_local! {
    static ENTRIES: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
    static FREE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

struct Entry {
    generation: u32,
    waiter: Option<Rc<dyn Waiter>>,
}

/// A place among those who wait. Dropping it is leaving; what arrives later is ignored.
pub(crate) struct Ticket {
    index: usize,
    token: f64,
}

impl Ticket {
    /// Takes a place.
    pub(crate) fn new(waiter: Rc<dyn Waiter>) -> Ticket {
        #[cfg(not(feature = "lean-glue"))]
        connect();
        ENTRIES.with_borrow_mut(|entries| {
            let index = FREE.with_borrow_mut(Vec::pop).unwrap_or_else(|| {
                entries.push(Entry { generation: 0, waiter: None });
                entries.len().saturating_sub(1)
            });
            let mut generation = 0;
            if let Some(entry) = entries.get_mut(index) {
                // Generation 0 is nobody's, so that token 0 is nobody's either.
                generation = (entry.generation % GENERATIONS).wrapping_add(1);
                *entry = Entry { generation, waiter: Some(waiter) };
            }
            Ticket { index, token: f64::from(generation) * INDEX_RANGE + index as f64 }
        })
    }

    /// A function that tells `what`, with its own first argument.
    pub(crate) fn callback(&self, what: f64) -> Val {
        callback(self.token, what)
    }

    /// Waits for `value`, which may be a promise, a thenable or a plain value, and tells [`RESOLVED`] or [`REJECTED`]. `Err` is what a
    /// strange promise threw.
    pub(crate) fn settle(&self, value: Val) -> Result<(), Val> {
        Ok(settle_of_host(&value, self.token)?)
    }

    /// Starts a timer that tells `what` after about `ms` milliseconds.
    pub(crate) fn timer(&self, ms: f64, what: f64) -> Val {
        start_timer(ms.clamp(0.0, LONGEST_TIMER_MS), self.token, what)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let waiter =
            ENTRIES.with_borrow_mut(|entries| entries.get_mut(self.index).and_then(|entry| entry.waiter.take()));
        FREE.with_borrow_mut(|free| free.push(self.index));
        // Outside the borrow: dropping it may drop anything.
        drop(waiter);
    }
}

/// The milliseconds of a timer that must not be early. Hosts count whole ones and may be early by a part of one.
pub(crate) fn not_before(ms: f64) -> f64 {
    ms.ceil() + 1.0
}

/// A timer that is cleared when it is dropped.
pub(crate) struct Timer(pub(crate) Kept);

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}

/// Lets a promise be: whatever becomes of it is nobody's concern, and its rejection not unhandled.
#[inline(never)]
pub(crate) fn ignore(value: Val) {
    let _ = ignore_of_host(&value).map_err(Val::from);
}

/// What every callback and timer comes down to. Called by `pkg-template/client/values.js` alone.
#[doc(hidden)]
#[wasm_bindgen(skip_typescript)]
pub fn told(token: f64, what: f64, value: Val) -> bool {
    let generation = (token / INDEX_RANGE).trunc();
    let index = (token - generation * INDEX_RANGE) as usize;
    let waiter = ENTRIES.with_borrow(|entries| {
        entries
            .get(index)
            .filter(|entry| f64::from(entry.generation) == generation)
            .and_then(|entry| entry.waiter.clone())
    });
    waiter.is_some_and(|waiter| waiter.told(what, value))
}

/// A promise that is ours to settle.
pub(crate) struct Deferred(pub(crate) Kept);

impl Deferred {
    /// One that its own call settles: that of the method which runs.
    pub(crate) fn new() -> Deferred {
        Deferred(Kept::lent(if LEAN { Val::FIRST } else { deferred() }))
    }

    /// The same, for whoever settles it in the steps of other calls.
    pub(crate) fn last(self) -> Deferred {
        Deferred(Kept::new(*self.0))
    }

    /// What a method returns: the promise, where the glue does not know it.
    pub(crate) fn promise(&self) -> Val {
        if LEAN { Val::UNDEFINED } else { host::field(*self.0, Name::Promise) }
    }

    /// Settles the promise. Its own functions never throw and run nobody's code.
    #[inline(never)]
    pub(crate) fn settle(&self, end: Result<Val, Val>) {
        match end {
            Ok(value) => self.0.resolve(&value),
            Err(error) => self.0.reject(&error),
        }
    }
}

/// In wasm-bindgen's own glue [`told`] has to be handed over, once, as a closure.
#[cfg(not(feature = "lean-glue"))]
fn connect() {
    #[wasm_bindgen(raw_module = "./values.js")]
    extern "C" {
        #[wasm_bindgen(js_name = connect)]
        fn connect_told(who: &JsValue);
    }
    thread_local! {
        static CONNECTED: () = connect_told(&Closure::<dyn Fn(f64, f64, JsValue) -> bool>::new(|token, what, value: JsValue| told(token, what, value.into())).into_js_value());
    }
    CONNECTED.with(|()| ());
}
