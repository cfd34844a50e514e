//! Waits for timers and abort signals. No timer or listener is left behind when a wait ends early.

use js_sys::{Error, Function, Reflect};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

/// The longest timer, in milliseconds: longer ones fire at once in most runtimes.
const MAX_TIMER_MS: f64 = 2_147_483_647.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &Function, ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    /// An `AbortSignal` of any realm.
    #[wasm_bindgen(extends = js_sys::Object)]
    #[derive(Clone, Debug)]
    pub type Signal;

    #[wasm_bindgen(method, getter)]
    fn aborted(this: &Signal) -> bool;

    #[wasm_bindgen(method, getter)]
    fn reason(this: &Signal) -> JsValue;

    #[wasm_bindgen(method, js_name = addEventListener, catch)]
    fn add_event_listener(this: &Signal, name: &str, listener: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, js_name = removeEventListener, catch)]
    fn remove_event_listener(this: &Signal, name: &str, listener: &JsValue) -> Result<(), JsValue>;
}

/// An event that fires once, and the waker of the future that waits for it.
#[derive(Default)]
struct OneShot {
    fired: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl OneShot {
    /// A JavaScript function that fires the event.
    fn callback(self: &Rc<Self>) -> Closure<dyn FnMut()> {
        let one_shot = Rc::clone(self);
        Closure::new(move || {
            one_shot.fired.set(true);
            if let Some(waker) = one_shot.waker.take() {
                waker.wake();
            }
        })
    }

    /// Has the event wake this task.
    fn set_waker(&self, context: &Context) {
        self.waker.replace(Some(context.waker().clone()));
    }
}

/// A timer of the host; cleared when dropped.
struct Timer {
    one_shot: Rc<OneShot>,
    handle: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        if self.one_shot.fired.get() {
            return Poll::Ready(());
        }
        self.one_shot.set_waker(context);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}

/// Waits this many milliseconds; returns at once for 0, and never for infinity.
pub async fn sleep(ms: f64) -> Result<(), JsValue> {
    if ms.is_infinite() {
        std::future::pending::<()>().await;
    }
    let mut left = ms;
    while left > 0.0 {
        let step = left.min(MAX_TIMER_MS);
        let one_shot = Rc::new(OneShot::default());
        let callback = one_shot.callback();
        let handle = set_timeout(callback.as_ref().unchecked_ref(), step)?;
        Timer { one_shot, handle, _callback: callback }.await;
        left -= step;
    }
    Ok(())
}

/// A listener on an abort signal; removed when dropped.
pub struct AbortListener {
    signal: Signal,
    one_shot: Rc<OneShot>,
    callback: Closure<dyn FnMut()>,
}

impl AbortListener {
    /// Adds the listener. Fails with the signal's reason where it is aborted already.
    pub fn listen(signal: Signal) -> Result<AbortListener, JsValue> {
        if signal.aborted() {
            return Err(reason(&signal));
        }
        let one_shot = Rc::new(OneShot::default());
        let callback = one_shot.callback();
        signal.add_event_listener("abort", callback.as_ref())?;
        Ok(AbortListener { signal, one_shot, callback })
    }
}

impl Drop for AbortListener {
    fn drop(&mut self) {
        // Where removing fails, there is nothing that can be done about it.
        let _ = self.signal.remove_event_listener("abort", self.callback.as_ref());
    }
}

/// Runs a future until it ends or the signal is aborted; fails with the signal's reason then.
pub async fn unless_aborted<T>(
    abort: Option<AbortListener>,
    work: impl Future<Output = Result<T, JsValue>>,
) -> Result<T, JsValue> {
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Some(abort) = &abort {
            if abort.one_shot.fired.get() || abort.signal.aborted() {
                return Poll::Ready(Err(reason(&abort.signal)));
            }
            abort.one_shot.set_waker(context);
        }
        work.as_mut().poll(context)
    })
    .await
}

/// The reason of an aborted signal; an `AbortError` where the host has none.
fn reason(signal: &Signal) -> JsValue {
    let reason = signal.reason();
    if !reason.is_undefined() {
        return reason;
    }
    let error = Error::new("This operation was aborted");
    error.set_name("AbortError");
    error.into()
}

/// The value as a signal, if it has the members of one.
pub fn as_signal(value: JsValue) -> Option<Signal> {
    let get = |name: &str| Reflect::get(&value, &name.into()).ok();
    let can = value.is_object() && get("aborted")?.as_bool().is_some() && get("addEventListener")?.is_function();
    can.then(|| value.unchecked_into())
}
