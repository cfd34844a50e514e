//! Waits of a call: for a promise or for a timer, each ended early by the caller's abort signal or by a timeout.
//!
//! A call waits for one promise at a time. wasm-bindgen-futures' own `JsFuture` makes two closures for each promise and leaks them where
//! it never settles. So there is a table of callbacks instead: JavaScript gets one function, `notify`, for the whole module, and an id of
//! an entry to call it with. An entry is removed when its wait ends, and ids are never used twice, so a promise that settles later has no
//! effect (`docs/decisions/0011-waits.md`).

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::callback::Timeout;
use slotmap::{DefaultKey, Key, KeyData, SlotMap};
use wasm_bindgen::prelude::*;

use crate::host::{Name, now};

/// A timer that fires more than this many milliseconds late shows that the process stood still: frozen, or busy with something else.
const LATE_MS: f64 = 1.0;
/// Timers of 2^31 ms and more fire at once in most hosts.
const MAX_TIMER_MS: f64 = 2_147_483_647.0;

#[wasm_bindgen(raw_module = "./waits.js")]
extern "C" {
    /// Calls `notify(index, version, rejected, value)` once `value`, which may be a promise, a thenable or anything else, has settled.
    /// Throws what a foreign promise throws when it is subscribed to.
    #[wasm_bindgen(catch)]
    fn settle(value: &JsValue, notify: &JsValue, index: u32, version: u32) -> Result<(), JsValue>;

    /// Calls `notify` when the signal fires. Returns the callback that `unlisten` takes. Throws what the signal's own method throws.
    #[wasm_bindgen(catch)]
    fn listen(signal: &JsValue, notify: &JsValue, index: u32, version: u32) -> Result<JsValue, JsValue>;

    /// Calls `notify` after one turn of the event loop, in which data that has arrived is delivered. Throws where the host has no timers.
    #[wasm_bindgen(catch, js_name = afterTurn)]
    fn after_turn(notify: &JsValue, index: u32, version: u32) -> Result<(), JsValue>;

    /// Removes a callback of `listen`.
    #[wasm_bindgen(catch)]
    fn unlisten(signal: &JsValue, listener: &JsValue) -> Result<(), JsValue>;

    /// Marks a promise's rejection as handled.
    #[wasm_bindgen(catch, js_name = ignore)]
    fn ignore_by_host(value: &JsValue) -> Result<(), JsValue>;
}

/// Marks a promise's rejection as handled.
pub(crate) fn ignore(value: &JsValue) {
    // A foreign thenable may throw here; its rejection is then none of ours.
    let _ = ignore_by_host(value);
}

/// Why a wait ended early.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Interrupted {
    /// The caller's signal fired.
    Aborted,
    /// The timeout that was set has passed.
    TimedOut,
}

/// An entry of the table: what JavaScript calls `notify` for.
enum Registration {
    /// A promise that a call waits for.
    Promise(Rc<State>),
    /// The signal of a call.
    Signal(Rc<State>),
    /// The turn of the event loop in which a response may still arrive, before a timer that fired late counts as a timeout.
    Turn(Rc<State>),
}

thread_local! {
    static REGISTRATIONS: RefCell<SlotMap<DefaultKey, Registration>> = RefCell::default();
    /// The function that JavaScript calls for all entries.
    static NOTIFY: JsValue = Closure::<dyn Fn(u32, u32, bool, JsValue)>::new(notify).into_js_value();
}

/// How many entries the table has.
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) fn registered() -> usize {
    REGISTRATIONS.with_borrow(SlotMap::len)
}

/// What has happened to a call since it began to wait.
#[derive(Default)]
struct State {
    waker: Cell<Option<Waker>>,
    settled: Cell<Option<Result<JsValue, JsValue>>>,
    aborted: Cell<bool>,
    timed_out: Cell<bool>,
    /// Held while a late timer waits for one turn of the event loop.
    turn: Cell<Option<Registered>>,
}

impl State {
    /// The timer has fired. A punctual one is a timeout. One that is late shows that the process stood still: the response may have arrived
    /// meanwhile, and gets one turn of the event loop to be delivered first.
    fn on_timer(self: &Rc<State>, due: f64) {
        if now() - due > LATE_MS {
            let registered = Registered::new(Registration::Turn(Rc::clone(self)));
            let (index, version) = registered.halves();
            if NOTIFY.with(|notify| after_turn(notify, index, version)).is_ok() {
                return self.turn.set(Some(registered));
            }
        }
        self.time_out();
    }

    fn time_out(&self) {
        self.timed_out.set(true);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// What JavaScript calls: finds the entry, notes what happened, and wakes its call. An id whose entry is gone does nothing.
fn notify(index: u32, version: u32, rejected: bool, value: JsValue) {
    let key = DefaultKey::from(KeyData::from_ffi(u64::from(version) << 32 | u64::from(index)));
    let registration = REGISTRATIONS.with_borrow_mut(|all| all.remove(key));
    let state = match registration {
        None => return,
        Some(Registration::Signal(state)) => {
            state.aborted.set(true);
            state
        }
        Some(Registration::Turn(state)) => return state.time_out(),
        Some(Registration::Promise(state)) => {
            state.settled.set(Some(if rejected { Err(value) } else { Ok(value) }));
            state
        }
    };
    state.wake();
}

/// An entry in the table, removed when this is dropped.
struct Registered(DefaultKey);

impl Registered {
    fn new(registration: Registration) -> Registered {
        Registered(REGISTRATIONS.with_borrow_mut(|all| all.insert(registration)))
    }

    /// The two halves of the id: it has 64 bits, and a JavaScript number holds integers of 53.
    fn halves(&self) -> (u32, u32) {
        let id = self.0.data().as_ffi();
        (id as u32, (id >> 32) as u32)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let removed = REGISTRATIONS.with_borrow_mut(|all| all.remove(self.0));
        // Outside the borrow, since its own drop may reach this table again.
        drop(removed);
    }
}

/// The waits of one call: each ends early when the caller's signal fires or the timeout that is set passes.
pub(crate) struct Waits {
    state: Rc<State>,
    signal: Option<JsValue>,
    listener: Option<Listener>,
    timer: Option<Timeout>,
}

/// Listens to a signal for as long as it lives.
struct Listener {
    signal: JsValue,
    callback: JsValue,
    _registered: Registered,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A foreign signal whose `removeEventListener` throws keeps its listener, which does nothing any more.
        let _ = unlisten(&self.signal, &self.callback);
    }
}

impl Waits {
    /// The waits of a call with this signal, which is listened to from [`Waits::listen`] on.
    pub(crate) fn new(signal: Option<JsValue>) -> Waits {
        Waits { state: Rc::default(), signal, listener: None, timer: None }
    }

    /// Begins to listen to the signal, where there is one. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn listen(&mut self) -> Result<(), JsValue> {
        let Some(signal) = &self.signal else { return Ok(()) };
        let registered = Registered::new(Registration::Signal(Rc::clone(&self.state)));
        let (index, version) = registered.halves();
        let callback = NOTIFY.with(|notify| listen(signal, notify, index, version))?;
        self.listener = Some(Listener { signal: signal.clone(), callback, _registered: registered });
        Ok(())
    }

    /// True once the signal has fired, also before its event has been delivered.
    pub(crate) fn is_aborted(&self) -> bool {
        self.state.aborted.get()
            || self.signal.as_ref().is_some_and(|signal| Name::Aborted.get(signal).as_bool() == Some(true))
    }

    /// The signal's reason.
    pub(crate) fn reason(&self) -> JsValue {
        self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| Name::Reason.get(signal))
    }

    /// Waits from now on end after `ms` milliseconds; takes the place of a timeout that was set before.
    pub(crate) fn set_timeout(&mut self, ms: f64) {
        self.clear_timeout();
        self.state.timed_out.set(false);
        let state = Rc::clone(&self.state);
        let ms = ms.ceil().clamp(0.0, MAX_TIMER_MS);
        let due = now() + ms;
        self.timer = Some(Timeout::new(ms as u32, move || state.on_timer(due)));
    }

    /// Takes the timeout away.
    pub(crate) fn clear_timeout(&mut self) {
        self.timer = None;
        self.state.turn.take();
    }

    /// Waits for whatever foreign code gave: a promise, a thenable, a plain value. The inner result is what it settled with.
    #[inline(never)]
    pub(crate) fn settled(&self, value: &JsValue) -> Wait<'_> {
        let mut wait = Wait::new(self);
        let registered = Registered::new(Registration::Promise(Rc::clone(&self.state)));
        let (index, version) = registered.halves();
        if let Err(error) = NOTIFY.with(|notify| settle(value, notify, index, version)) {
            self.state.settled.set(Some(Err(error)));
        }
        wait.registered = Some(registered);
        wait
    }

    /// Waits for `ms` milliseconds, never less. `Err` where the signal fired before.
    pub(crate) async fn sleep(&mut self, ms: f64) -> Result<(), Interrupted> {
        // Hosts count whole milliseconds and may be early by a part of one.
        self.set_timeout(ms.ceil() + 1.0);
        let ended = Wait::new(self).await;
        self.clear_timeout();
        if matches!(ended, Err(Interrupted::Aborted)) { Err(Interrupted::Aborted) } else { Ok(()) }
    }
}

/// A wait for a promise, or only for the timeout or the signal.
pub(crate) struct Wait<'a> {
    waits: &'a Waits,
    registered: Option<Registered>,
}

impl Wait<'_> {
    fn new(waits: &Waits) -> Wait<'_> {
        // Of an earlier wait, which was interrupted just as its promise settled.
        waits.state.settled.take();
        Wait { waits, registered: None }
    }
}

impl Future for Wait<'_> {
    type Output = Result<Result<JsValue, JsValue>, Interrupted>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Waits { state, .. } = self.waits;
        if state.aborted.get() {
            return Poll::Ready(Err(Interrupted::Aborted));
        }
        if let Some(settled) = state.settled.take() {
            return Poll::Ready(Ok(settled));
        }
        if state.timed_out.get() {
            // The signal may have fired without its event having been delivered yet.
            let aborted = self.waits.is_aborted();
            return Poll::Ready(Err(if aborted { Interrupted::Aborted } else { Interrupted::TimedOut }));
        }
        state.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
