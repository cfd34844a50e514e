//! Waits against promises, timers and signals of the host.
#![allow(clippy::unwrap_used)]

use std::future::poll_fn;
use std::pin::pin;

use js_sys::{Function, Promise};
use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::testing::{Caller, ended, get, js, sleep, text};

/// A promise and what resolves and rejects it.
fn deferred() -> (JsValue, Function, Function) {
    let made =
        js("(() => { const made = {}; made.promise = new Promise((a, b) => { made.resolve = a; made.reject = b });
        return made; })()");
    (get(&made, "promise"), get(&made, "resolve").unchecked_into(), get(&made, "reject").unchecked_into())
}

fn call(function: &Function, value: &str) {
    function.call1(&JsValue::UNDEFINED, &value.into()).unwrap();
}

fn state() -> Rc<State> {
    Rc::default()
}

/// What a promise has settled with that nobody has taken yet.
fn take_settled(state: &State) -> Option<Result<JsValue, JsValue>> {
    state.settled.take()
}

#[wasm_bindgen_test]
async fn a_wait_gives_what_a_promise_a_thenable_or_a_plain_value_settles_with() {
    let waits = Waits::new(None);
    for (value, expected) in [
        ("Promise.resolve('a')", Ok("a")),
        ("Promise.reject('b')", Err("b")),
        ("({ then(done) { done('c') } })", Ok("c")),
        ("({ then(done, failed) { failed('d') } })", Err("d")),
        ("({ then(done) { done('e'); done('f') } })", Ok("e")),
        ("'g'", Ok("g")),
    ] {
        let settled = ended(waits.settled(&js(value))).await.unwrap();
        assert_eq!(settled, expected.map(JsValue::from).map_err(JsValue::from), "{value}");
    }
    assert_eq!(registered(), 0);
}

#[wasm_bindgen_test]
async fn a_promise_that_throws_when_it_is_looked_at_counts_as_rejected() {
    let waits = Waits::new(None);
    let strange =
        js("Object.defineProperty(Promise.resolve(), 'constructor', { get() { throw new Error('strange') } })");
    let settled = ended(waits.settled(&strange)).await.unwrap();
    assert_eq!(text(&settled.unwrap_err(), "message"), "strange");
    assert_eq!(registered(), 0);
}

#[wasm_bindgen_test]
async fn what_settles_after_its_wait_is_over_finds_nothing() {
    let mut waits = Waits::new(None);
    for rejects in [false, true] {
        let (promise, resolve, reject) = deferred();
        waits.set_timeout(5.0);
        assert_eq!(ended(waits.settled(&promise)).await, Err(Interrupted::TimedOut));
        assert_eq!(registered(), 0);
        // The next wait takes the place that is free now.
        waits.set_timeout(1000.0);
        let (next, resolve_next, _) = deferred();
        let mut wait = pin!(waits.settled(&next));
        assert!(poll_once(wait.as_mut()).await.is_none());
        assert_eq!(registered(), 1);
        call(if rejects { &reject } else { &resolve }, "late");
        sleep(1).await;
        assert!(poll_once(wait.as_mut()).await.is_none(), "it was told what another promise settled with");
        call(&resolve_next, "in time");
        assert_eq!(ended(wait).await, Ok(Ok("in time".into())));
    }
}

#[wasm_bindgen_test]
async fn what_settles_after_a_wait_was_dropped_finds_nothing() {
    let (promise, resolve, _) = deferred();
    let waits = Waits::new(None);
    {
        let mut wait = pin!(waits.settled(&promise));
        assert!(poll_once(wait.as_mut()).await.is_none());
        assert_eq!(registered(), 1);
    }
    assert_eq!(registered(), 0);
    call(&resolve, "late");
    sleep(1).await;
    assert!(take_settled(&waits.state).is_none());
}

#[wasm_bindgen_test]
fn an_id_is_never_that_of_a_later_entry() {
    let first = Registered::new(Registration::Promise(state()));
    let (index, version) = first.halves();
    drop(first);
    for _ in 0..1000 {
        let later = state();
        let registered = Registered::new(Registration::Promise(Rc::clone(&later)));
        assert_eq!(registered.halves().0, index, "the test is about a place that is taken again");
        assert_ne!(registered.halves().1, version);
        notify(index, version, false, "late".into());
        assert!(take_settled(&later).is_none());
        notify(index, registered.halves().1, false, "in time".into());
        assert_eq!(take_settled(&later), Some(Ok("in time".into())));
    }
    assert_eq!(registered(), 0);
}

#[wasm_bindgen_test]
fn an_id_that_was_told_is_spent() {
    let state = state();
    let registered = Registered::new(Registration::Promise(Rc::clone(&state)));
    let (index, version) = registered.halves();
    notify(index, version, true, "first".into());
    assert_eq!(take_settled(&state), Some(Err("first".into())));
    notify(index, version, false, "second".into());
    assert!(take_settled(&state).is_none());
    // No id at all, and one of a place that never was.
    notify(0, 0, false, JsValue::NULL);
    notify(u32::MAX, u32::MAX, false, JsValue::NULL);
    assert!(take_settled(&state).is_none());
}

#[wasm_bindgen_test]
async fn a_timeout_ends_a_wait_and_a_newer_one_takes_its_place() {
    let forever = js("new Promise(() => {})");
    let mut waits = Waits::new(None);
    waits.set_timeout(5.0);
    assert_eq!(ended(waits.settled(&forever)).await, Err(Interrupted::TimedOut));
    let (promise, resolve, _) = deferred();
    waits.set_timeout(1.0);
    waits.clear_timeout();
    let _later = Timeout::new(20, move || call(&resolve, "late, but not too late"));
    assert!(ended(waits.settled(&promise)).await.is_ok());
}

#[wasm_bindgen_test]
async fn a_signal_ends_a_wait_and_a_sleep() {
    for sleeps in [false, true] {
        let caller = Caller::new();
        let mut waits = Waits::new(Some(caller.signal()));
        waits.listen().unwrap();
        assert_eq!(registered(), 1);
        let fired = caller.clone();
        let _timer = Timeout::new(5, move || fired.abort(&"enough".into()));
        let ended_by = if sleeps {
            ended(waits.sleep(60_000.0)).await
        } else {
            ended(waits.settled(&js("new Promise(() => {})"))).await.map(drop)
        };
        assert_eq!(ended_by, Err(Interrupted::Aborted));
        assert!(waits.is_aborted());
        assert_eq!(waits.reason(), "enough");
        drop(waits);
        assert_eq!(registered(), 0);
    }
}

#[wasm_bindgen_test]
async fn waits_of_one_signal_are_all_told_and_those_that_are_dropped_are_not() {
    let caller = Caller::new();
    let [mut first, mut second, mut third] = [(); 3].map(|()| Waits::new(Some(caller.signal())));
    first.listen().unwrap();
    second.listen().unwrap();
    third.listen().unwrap();
    assert_eq!(registered(), 3);
    let dropped = Rc::clone(&second.state);
    drop(second);
    caller.abort(&JsValue::UNDEFINED);
    sleep(1).await;
    assert!(first.state.aborted.get() && third.state.aborted.get() && !dropped.aborted.get());
}

#[wasm_bindgen_test]
async fn a_foreign_signal_that_throws_when_it_is_let_go_of_harms_nobody() {
    let signal = js("{ aborted: false, addEventListener() {}, removeEventListener() { throw new Error('no') } }");
    let mut waits = Waits::new(Some(signal));
    waits.listen().unwrap();
    drop(waits);
    assert_eq!(registered(), 0);
    let deaf = js("{ aborted: false, addEventListener() { throw new Error('deaf') } }");
    let mut waits = Waits::new(Some(deaf));
    assert_eq!(text(&waits.listen().unwrap_err(), "message"), "deaf");
    assert_eq!(registered(), 0);
}

#[wasm_bindgen_test]
async fn a_sleep_is_never_short() {
    let mut waits = Waits::new(None);
    for ms in [0.0, 0.4, 7.3, 20.0] {
        let started = crate::host::now();
        assert_eq!(ended(waits.sleep(ms)).await, Ok(()));
        let took = crate::host::now() - started;
        assert!(took >= ms, "{took} of {ms}");
    }
}

#[wasm_bindgen_test]
async fn a_promise_that_is_ignored_may_reject() {
    ignore(&Promise::reject(&"nobody's".into()));
    ignore(&js("{ get then() { throw new Error('strange') } }"));
    // An unhandled rejection would end the process by now.
    sleep(5).await;
}

/// Polls a future once; None while it waits.
async fn poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
