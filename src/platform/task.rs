//! Running futures: a JavaScript promise for each, polled right where something has happened.
//!
//! All that a future here can wait for is a [`super::pending::Pending`], and all of those are settled by one callback. So there is
//! no queue and no waker: a slot that is settled polls the task that waits for it, at once. A queue in between would cost
//! each await a turn of the microtask queue, and its code more than all of this.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;

/// What a call or a batch of them is while it runs.
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Promise, js_name = Promise)]
    type NewPromise;

    #[wasm_bindgen(constructor, js_class = "Promise")]
    fn new(executor: &Function) -> NewPromise;
}

thread_local! {
    /// The task that is being polled.
    static CURRENT: RefCell<Option<Rc<Task>>> = const { RefCell::new(None) };
    /// What `new Promise` has just handed out.
    static SETTLERS: RefCell<Option<(Function, Function)>> = const { RefCell::new(None) };
    static EXECUTOR: Function = Closure::<dyn Fn(Function, Function)>::new(|resolve, reject| {
        SETTLERS.set(Some((resolve, reject)));
    })
    .into_js_value()
    .unchecked_into();
}

/// A future and the promise that it settles.
pub(crate) struct Task {
    future: RefCell<Option<Running>>,
    resolve: Function,
    reject: Function,
    /// True while it is being polled.
    running: Cell<bool>,
    /// True when something happened meanwhile: a custom fetch can abort its own call.
    again: Cell<bool>,
}

/// Runs `future` up to its first wait, and gives the promise of its end.
pub(crate) fn promise(future: Running) -> Promise {
    let promise = EXECUTOR.with(NewPromise::new);
    if let Some((resolve, reject)) = SETTLERS.take() {
        let future = RefCell::new(Some(future));
        Rc::new(Task { future, resolve, reject, running: Cell::new(false), again: Cell::new(false) }).run();
    }
    promise.unchecked_into()
}

/// The task that is being polled: whoever waits is woken through it.
pub(crate) fn current() -> Option<Rc<Task>> {
    CURRENT.with_borrow(Clone::clone)
}

impl Task {
    /// Polls it, unless that is what is being done further up the stack; then it is polled once more there.
    pub(crate) fn run(self: &Rc<Task>) {
        if self.running.replace(true) {
            self.again.set(true);
            return;
        }
        let before = CURRENT.replace(Some(self.clone()));
        let end = self.poll();
        CURRENT.set(before);
        self.running.set(false);
        // A promise's own functions never throw and run nobody's code.
        let _ = match end {
            None => return,
            Some(Ok(value)) => self.resolve.call1(&JsValue::UNDEFINED, &value),
            Some(Err(error)) => self.reject.call1(&JsValue::UNDEFINED, &error),
        };
    }

    fn poll(&self) -> Option<Result<JsValue, JsValue>> {
        loop {
            self.again.set(false);
            let mut future = self.future.borrow_mut();
            match future.as_mut()?.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(end) => {
                    *future = None;
                    return Some(end);
                }
                Poll::Pending if self.again.get() => {}
                Poll::Pending => return None,
            }
        }
    }
}
