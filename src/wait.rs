//! Waiting for JavaScript: for a promise, for a timer, or for an abort signal to cut either short.
//!
//! A call waits for one promise at a time. wasm-bindgen-futures' own `JsFuture` makes two closures for each and leaks them where the
//! promise never settles, so a promise is awaited through a table instead: JavaScript gets one function for the whole module and the
//! id of an entry, and whatever settles later under an id that is gone finds nothing (`docs/decisions/0011-waits.md`).

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use gloo_timers::callback::Timeout;
use slotmap::{DefaultKey, Key, KeyData, SlotMap};
use wasm_bindgen::prelude::*;

use crate::host::{Name, now};

/// A timer that fires later than this, in milliseconds, finds a process that stood still: frozen, or busy with something else.
const LATE_MS: f64 = 1.0;
/// Timers of 2^31 ms and more fire at once in most hosts.
const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

#[wasm_bindgen(raw_module = "./waits.js")]
extern "C" {
    /// Calls `notify(index, version, rejected, value)` once `value`, which may be a promise, a thenable or anything else, has settled.
    /// Throws what a strange promise throws.
    #[wasm_bindgen(catch)]
    fn settle(value: &JsValue, notify: &JsValue, index: u32, version: u32) -> Result<(), JsValue>;

    /// Calls `notify` when the signal fires. Throws what the signal's own method throws.
    #[wasm_bindgen(catch)]
    fn listen(signal: &JsValue, notify: &JsValue, index: u32, version: u32) -> Result<JsValue, JsValue>;

    /// Calls `notify` when what had arrived by now has been told. Throws where the host has no timers.
    #[wasm_bindgen(catch, js_name = afterTurn)]
    fn after_turn(notify: &JsValue, index: u32, version: u32) -> Result<(), JsValue>;

    #[wasm_bindgen(catch)]
    fn unlisten(signal: &JsValue, listener: &JsValue) -> Result<(), JsValue>;

    /// Marks a promise's rejection as handled.
    #[wasm_bindgen(catch, js_name = ignore)]
    fn ignore_of_host(value: &JsValue) -> Result<(), JsValue>;
}

/// Marks a promise's rejection as handled.
pub(crate) fn ignore(value: &JsValue) {
    // Where even this throws there is nothing left to do.
    let _ = ignore_of_host(value);
}

/// Why a wait ended before what was waited for came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cut {
    /// The caller's signal fired.
    Aborted,
    /// The time that was set is over.
    TimedOut,
}

/// What JavaScript knows by an id.
enum Registration {
    /// A promise that a call waits for.
    Promise(Rc<Shared>),
    /// The signal of a call.
    Signal(Rc<Shared>),
    /// The turn of the event loop that an answer gets before a limit that is told late.
    Turn(Rc<Shared>),
}

thread_local! {
    static REGISTRATIONS: RefCell<SlotMap<DefaultKey, Registration>> = RefCell::default();
    /// The function through which JavaScript tells of all of them.
    static NOTIFY: JsValue = Closure::<dyn Fn(u32, u32, bool, JsValue)>::new(notify).into_js_value();
}

/// How many entries the table has.
#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) fn registered() -> usize {
    REGISTRATIONS.with_borrow(SlotMap::len)
}

/// What JavaScript has told a call.
#[derive(Default)]
struct Shared {
    waker: Cell<Option<Waker>>,
    settled: Cell<Option<Result<JsValue, JsValue>>>,
    aborted: Cell<bool>,
    timed_out: Cell<bool>,
    /// Registered while a limit is over and what has arrived gets its turn.
    turn: Cell<Option<Registered>>,
}

impl Shared {
    /// The time is over: told at once where the timer is punctual. One that is late fires after the process stood still, and the answer may
    /// have arrived meanwhile: it is due as well, and gets one turn first.
    fn run_out(self: &Rc<Shared>, due: f64) {
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

/// Routes what JavaScript tells to the call that waits for it.
fn notify(index: u32, version: u32, rejected: bool, value: JsValue) {
    let key = DefaultKey::from(KeyData::from_ffi(u64::from(version) << 32 | u64::from(index)));
    let registration = REGISTRATIONS.with_borrow_mut(|all| all.remove(key));
    let shared = match registration {
        None => return,
        Some(Registration::Signal(shared)) => {
            shared.aborted.set(true);
            shared
        }
        Some(Registration::Turn(shared)) => return shared.time_out(),
        Some(Registration::Promise(shared)) => {
            shared.settled.set(Some(if rejected { Err(value) } else { Ok(value) }));
            shared
        }
    };
    shared.wake();
}

/// A place in the table, given back when it is dropped.
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
        let gone = REGISTRATIONS.with_borrow_mut(|all| all.remove(self.0));
        // Outside the borrow: dropping it may drop anything.
        drop(gone);
    }
}

/// The waits of one call: all are cut short by its signal, and by the time that is set.
pub(crate) struct Waits {
    shared: Rc<Shared>,
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
        // A foreign signal whose removal throws keeps its listener; there is nobody to tell.
        let _ = unlisten(&self.signal, &self.callback);
    }
}

impl Waits {
    /// Nothing is listened to before [`Waits::listen`].
    pub(crate) fn new(signal: Option<JsValue>) -> Waits {
        Waits { shared: Rc::default(), signal, listener: None, timer: None }
    }

    /// Begins to listen to the signal, where there is one. `Err` is what the signal's own `addEventListener` threw.
    pub(crate) fn listen(&mut self) -> Result<(), JsValue> {
        let Some(signal) = &self.signal else { return Ok(()) };
        let registered = Registered::new(Registration::Signal(Rc::clone(&self.shared)));
        let (index, version) = registered.halves();
        let callback = NOTIFY.with(|notify| listen(signal, notify, index, version))?;
        self.listener = Some(Listener { signal: signal.clone(), callback, _registered: registered });
        Ok(())
    }

    /// True once the signal has fired, whether or not that was told yet.
    pub(crate) fn is_aborted(&self) -> bool {
        self.shared.aborted.get()
            || self.signal.as_ref().is_some_and(|signal| Name::Aborted.peek(signal).as_bool() == Some(true))
    }

    /// The signal's reason.
    pub(crate) fn reason(&self) -> JsValue {
        self.signal.as_ref().map_or(JsValue::UNDEFINED, |signal| Name::Reason.peek(signal))
    }

    /// Cuts what is waited for from now on short after `ms` milliseconds; a limit that was set before is gone.
    pub(crate) fn limit(&mut self, ms: f64) {
        self.unlimit();
        self.shared.timed_out.set(false);
        let shared = Rc::clone(&self.shared);
        let ms = ms.ceil().clamp(0.0, LONGEST_TIMER_MS);
        let due = now() + ms;
        self.timer = Some(Timeout::new(ms as u32, move || shared.run_out(due)));
    }

    /// Takes the limit away.
    pub(crate) fn unlimit(&mut self) {
        self.timer = None;
        self.shared.turn.take();
    }

    /// Waits for whatever foreign code gave: a promise, a thenable, a plain value. The inner result is what it settled with.
    #[inline(never)]
    pub(crate) fn settled(&self, value: &JsValue) -> Settling<'_> {
        self.shared.settled.take();
        let registered = Registered::new(Registration::Promise(Rc::clone(&self.shared)));
        let (index, version) = registered.halves();
        if let Err(error) = NOTIFY.with(|notify| settle(value, notify, index, version)) {
            self.shared.settled.set(Some(Err(error)));
        }
        Settling { waits: self, _registered: registered }
    }

    /// Waits for `ms` milliseconds, never less. `Err` where the signal fired before.
    pub(crate) async fn pause(&mut self, ms: f64) -> Result<(), Cut> {
        // Hosts count whole milliseconds and may be early by a part of one.
        self.limit(ms.ceil() + 1.0);
        let ended = poll_fn(|context| {
            if self.shared.aborted.get() {
                return Poll::Ready(Err(Cut::Aborted));
            }
            if self.shared.timed_out.get() {
                return Poll::Ready(Ok(()));
            }
            self.shared.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
        self.unlimit();
        ended
    }
}

/// A wait for a promise: [`Waits::settled`].
pub(crate) struct Settling<'a> {
    waits: &'a Waits,
    _registered: Registered,
}

impl Future for Settling<'_> {
    type Output = Result<Result<JsValue, JsValue>, Cut>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Waits { shared, .. } = self.waits;
        if shared.aborted.get() {
            return Poll::Ready(Err(Cut::Aborted));
        }
        if let Some(settled) = shared.settled.take() {
            return Poll::Ready(Ok(settled));
        }
        if shared.timed_out.get() {
            // The abort event may not have been delivered: `aborted` says what holds.
            return Poll::Ready(Err(if self.waits.is_aborted() { Cut::Aborted } else { Cut::TimedOut }));
        }
        shared.waker.set(Some(context.waker().clone()));
        Poll::Pending
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
