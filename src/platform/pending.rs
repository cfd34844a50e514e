//! One-shot futures that JavaScript settles through a token.
//!
//! A closure for each promise, timer and listener would cost an allocation, an entry in the host's
//! FinalizationRegistry and, for a promise that never settles, a leak. Instead one function lives as long
//! as the module; what is bound to it is a number. A token whose future is gone is ignored, so a late
//! answer of an abandoned fetch finds nothing to wake and nothing to free.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

use super::host;
use super::task::{self, Task};

/// How many futures may wait at once: the token's low part.
const INDEX_RANGE: f64 = 16_777_216.0;
/// Tokens stay exact integers of a double: 2^24 indices times 2^28 generations.
const GENERATIONS: u32 = 1 << 28;
/// Timers of 2^31 ms and more fire at once in most hosts.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

#[wasm_bindgen]
extern "C" {
    /// A thenable's `then` is foreign code, but `Promise.resolve` runs it later and never throws, except
    /// for a promise whose `constructor` getter throws.
    #[wasm_bindgen(catch, js_namespace = Promise, js_name = resolve)]
    fn to_promise(value: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Promise)]
    type Thenable;

    #[wasm_bindgen(catch, method)]
    fn then(this: &Thenable, done: &Function, failed: &Function) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(extends = Function)]
    type Dispatch;

    #[wasm_bindgen(method)]
    fn bind(this: &Dispatch, this_arg: &JsValue, token: f64, ok: bool) -> Function;
}

thread_local! {
    static SLOTS: RefCell<Slots> = const { RefCell::new(Slots { entries: Vec::new(), free: Vec::new() }) };
    static DISPATCH: Dispatch = Closure::<dyn Fn(f64, bool, JsValue)>::new(settle)
        .into_js_value()
        .unchecked_into();
}

struct Slots {
    entries: Vec<Entry>,
    free: Vec<usize>,
}

struct Entry {
    generation: u32,
    slot: Option<Rc<Slot>>,
}

#[derive(Default)]
struct Slot {
    value: Cell<Option<Result<JsValue, JsValue>>>,
    waiting: Cell<Option<Rc<Task>>>,
}

/// A value that JavaScript delivers later: a promise's outcome, a timer's firing, an event.
pub(crate) struct Pending {
    index: usize,
    token: f64,
    slot: Rc<Slot>,
}

impl Pending {
    /// A future that settles when a function made by [`Pending::callback`] is called.
    pub(crate) fn idle() -> Pending {
        let slot = Rc::new(Slot::default());
        SLOTS.with_borrow_mut(|slots| {
            let index = slots.free.pop().unwrap_or_else(|| {
                slots.entries.push(Entry { generation: 0, slot: None });
                slots.entries.len().saturating_sub(1)
            });
            let mut generation = 0;
            if let Some(entry) = slots.entries.get_mut(index) {
                entry.generation = entry.generation.wrapping_add(1) % GENERATIONS;
                entry.slot = Some(slot.clone());
                generation = entry.generation;
            }
            let token = f64::from(generation) * INDEX_RANGE + index as f64;
            Pending { index, token, slot }
        })
    }

    /// Waits for `value`, which may be a promise, a thenable or a plain value.
    pub(crate) fn promise(value: &JsValue) -> Pending {
        let pending = Pending::idle();
        let hooked = to_promise(value).and_then(|promise| {
            promise.unchecked_ref::<Thenable>().then(&pending.callback(true), &pending.callback(false))
        });
        if let Err(error) = hooked {
            pending.slot.value.set(Some(Err(error)));
        }
        pending
    }

    /// A function that settles this future with its first argument.
    pub(crate) fn callback(&self, ok: bool) -> Function {
        DISPATCH.with(|dispatch| dispatch.bind(&JsValue::UNDEFINED, self.token, ok))
    }

    /// The value, once, when it has settled; until then the task that asks is polled again when it does.
    pub(crate) fn poll_value(&self) -> Option<Result<JsValue, JsValue>> {
        let value = self.slot.value.take();
        if value.is_none() {
            self.slot.waiting.set(task::current());
        }
        value
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let entry = SLOTS.with_borrow_mut(|slots| {
            slots.free.push(self.index);
            slots.entries.get_mut(self.index).and_then(|entry| entry.slot.take())
        });
        // Outside the borrow: dropping what it holds may drop anything.
        drop(entry);
    }
}

/// A timer that is cleared when it is dropped.
pub(crate) struct Timer {
    fired: Pending,
    id: JsValue,
}

impl Timer {
    /// Fires after about `ms` milliseconds.
    pub(crate) fn after(ms: f64) -> Timer {
        let fired = Pending::idle();
        let id =
            DISPATCH.with(|dispatch| host::set_timeout(dispatch, ms.clamp(0.0, LONGEST_TIMER_MS), fired.token, true));
        Timer { fired, id }
    }

    /// Fires after `ms` milliseconds and not earlier. Hosts count whole milliseconds and may be early by a part of one.
    pub(crate) fn not_before(ms: f64) -> Timer {
        Timer::after(ms.ceil() + 1.0)
    }

    /// True, once, when the time is over.
    pub(crate) fn poll_fired(&self) -> bool {
        self.fired.poll_value().is_some()
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        host::clear_timeout(&self.id);
    }
}

/// What every bound callback comes down to.
fn settle(token: f64, ok: bool, value: JsValue) {
    let generation = (token / INDEX_RANGE).trunc();
    let index = (token - generation * INDEX_RANGE) as usize;
    let slot = SLOTS.with_borrow(|slots| {
        slots
            .entries
            .get(index)
            .filter(|entry| f64::from(entry.generation) == generation)
            .and_then(|entry| entry.slot.clone())
    });
    let Some(slot) = slot else { return };
    slot.value.set(Some(if ok { Ok(value) } else { Err(value) }));
    if let Some(task) = slot.waiting.take() {
        task.run();
    }
}
