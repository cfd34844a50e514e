//! Whoever waits for JavaScript, and how it is told.
//!
//! A closure for each promise, timer and listener would cost an allocation, an entry in the host's FinalizationRegistry and, for a
//! promise that never settles, a leak. Instead one function lives as long as the module; what is bound to it is a number. A number
//! whose owner is gone is ignored, so a late answer of an abandoned fetch finds nothing to wake and nothing to free.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::host;

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
    /// Tells what has happened, and with what value.
    fn told(self: Rc<Self>, what: f64, value: JsValue);
}

#[wasm_bindgen]
extern "C" {
    /// A thenable's `then` is foreign code, but `Promise.resolve` runs it later and never throws, except
    /// for a promise whose `constructor` getter throws.
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn to_promise(value: &JsValue) -> Result<JsValue, JsValue>;

    type Thenable;

    #[wasm_bindgen(catch, method)]
    fn then(this: &Thenable, done: &JsValue, failed: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = Function)]
    type Dispatch;

    #[wasm_bindgen(method)]
    fn bind(this: &Dispatch, this_arg: &JsValue, token: f64, what: f64) -> JsValue;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, ms: f64, token: f64, what: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);

    #[wasm_bindgen(extends = Promise, js_name = Promise)]
    type NewPromise;

    #[wasm_bindgen(constructor, js_class = "Promise")]
    fn new(executor: &Function) -> NewPromise;
}

thread_local! {
    static ENTRIES: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
    static FREE: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
    static DISPATCH: Dispatch = Closure::<dyn Fn(f64, f64, JsValue)>::new(dispatch).into_js_value().unchecked_into();
    /// What `new Promise` has just handed out.
    static SETTLERS: RefCell<Option<Settlers>> = const { RefCell::new(None) };
    static EXECUTOR: Function = Closure::<dyn Fn(JsValue, JsValue)>::new(|resolve, reject| {
        SETTLERS.set(Some(Settlers { resolve, reject }));
    })
    .into_js_value()
    .unchecked_into();
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
    pub(crate) fn callback(&self, what: f64) -> JsValue {
        callback(self.token, what)
    }

    /// Starts a timer that tells `what` after about `ms` milliseconds.
    pub(crate) fn timer(&self, ms: f64, what: f64) -> Timer {
        Timer(DISPATCH.with(|dispatch| set_timeout(dispatch, ms.clamp(0.0, LONGEST_TIMER_MS), self.token, what)))
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
pub(crate) struct Timer(JsValue);

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}

fn callback(token: f64, what: f64) -> JsValue {
    DISPATCH.with(|dispatch| dispatch.bind(&JsValue::UNDEFINED, token, what))
}

/// Waits for `value`, which may be a promise, a thenable or a plain value. `Err` is what a strange promise threw.
pub(crate) fn settle(value: &JsValue, done: &JsValue, failed: &JsValue) -> Result<JsValue, JsValue> {
    to_promise(value)?.unchecked_ref::<Thenable>().then(done, failed)
}

/// Lets a promise be: whatever becomes of it is nobody's concern, and its rejection not unhandled.
pub(crate) fn ignore(value: &JsValue) {
    let nobody = callback(0.0, 0.0);
    let _ = settle(value, &nobody, &nobody);
}

/// What every bound function comes down to.
fn dispatch(token: f64, what: f64, value: JsValue) {
    let generation = (token / INDEX_RANGE).trunc();
    let index = (token - generation * INDEX_RANGE) as usize;
    let waiter = ENTRIES.with_borrow(|entries| {
        entries
            .get(index)
            .filter(|entry| f64::from(entry.generation) == generation)
            .and_then(|entry| entry.waiter.clone())
    });
    if let Some(waiter) = waiter {
        waiter.told(what, value);
    }
}

/// The two functions that settle a promise.
pub(crate) struct Settlers {
    resolve: JsValue,
    reject: JsValue,
}

impl Settlers {
    /// Settles the promise.
    pub(crate) fn settle(&self, end: Result<JsValue, JsValue>) {
        // A promise's own functions never throw and run nobody's code.
        let _ = match &end {
            Ok(value) => host::call(&self.resolve, value),
            Err(error) => host::call(&self.reject, error),
        };
    }
}

/// A promise, and what settles it.
pub(crate) fn promise() -> (Promise, Settlers) {
    let promise = EXECUTOR.with(NewPromise::new);
    let none = || Settlers { resolve: JsValue::UNDEFINED, reject: JsValue::UNDEFINED };
    (promise.unchecked_into(), SETTLERS.take().unwrap_or_else(none))
}
