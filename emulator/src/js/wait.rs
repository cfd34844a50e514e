//! Waiting for a timer or for an abort, without leaving a timer or a listener behind.

use js_sys::{Error, Function, Reflect};
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

/// Timers of 2³¹ ms and more fire at once in most runtimes.
const LONGEST_TIMER: f64 = 2_147_483_647.0;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &Function, ms: f64) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);

    /// An `AbortSignal`, of whatever realm.
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

/// Something that happens once, and who waits for it.
#[derive(Default)]
struct Once {
    happened: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Once {
    fn callback(self: &Rc<Self>) -> Closure<dyn FnMut()> {
        let once = Rc::clone(self);
        Closure::new(move || {
            once.happened.set(true);
            if let Some(waker) = once.waker.take() {
                waker.wake();
            }
        })
    }

    fn wait(&self, context: &Context) {
        self.waker.replace(Some(context.waker().clone()));
    }
}

struct Timer {
    once: Rc<Once>,
    handle: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<()> {
        if self.once.happened.get() {
            return Poll::Ready(());
        }
        self.once.wait(context);
        Poll::Pending
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}

/// Waits so many milliseconds: not at all for 0, for ever if infinite.
pub async fn sleep(ms: f64) -> Result<(), JsValue> {
    if ms.is_infinite() {
        std::future::pending::<()>().await;
    }
    let mut left = ms;
    while left > 0.0 {
        let step = left.min(LONGEST_TIMER);
        let once = Rc::new(Once::default());
        let callback = once.callback();
        let handle = set_timeout(callback.as_ref().unchecked_ref(), step)?;
        Timer { once, handle, _callback: callback }.await;
        left -= step;
    }
    Ok(())
}

/// A listener on a signal, taken off again when this is dropped.
pub struct Abort {
    signal: Signal,
    once: Rc<Once>,
    callback: Closure<dyn FnMut()>,
}

impl Abort {
    /// Listens; fails with the signal's reason if it is aborted already.
    pub fn listen(signal: Signal) -> Result<Abort, JsValue> {
        if signal.aborted() {
            return Err(reason(&signal));
        }
        let once = Rc::new(Once::default());
        let callback = once.callback();
        signal.add_event_listener("abort", callback.as_ref())?;
        Ok(Abort { signal, once, callback })
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // A signal that refuses has nothing of ours to remove.
        let _ = self.signal.remove_event_listener("abort", self.callback.as_ref());
    }
}

/// Does the work unless it is aborted before it ends.
pub async fn unless_aborted<T>(
    abort: Option<Abort>,
    work: impl Future<Output = Result<T, JsValue>>,
) -> Result<T, JsValue> {
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Some(abort) = &abort {
            if abort.once.happened.get() || abort.signal.aborted() {
                return Poll::Ready(Err(reason(&abort.signal)));
            }
            abort.once.wait(context);
        }
        work.as_mut().poll(context)
    })
    .await
}

fn reason(signal: &Signal) -> JsValue {
    let reason = signal.reason();
    if !reason.is_undefined() {
        return reason;
    }
    let error = Error::new("This operation was aborted");
    error.set_name("AbortError");
    error.into()
}

/// The value as a signal, if it can be listened to.
pub fn as_signal(value: JsValue) -> Option<Signal> {
    let get = |name: &str| Reflect::get(&value, &name.into()).ok();
    let can = value.is_object() && get("aborted")?.as_bool().is_some() && get("addEventListener")?.is_function();
    can.then(|| value.unchecked_into())
}
