//! Calls that a timeout or their signal interrupts, at each step.

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::endpoint::Endpoint;
use crate::host::now;
use crate::testing::{Host, KEYED, OK, Outcome, Rest, SAFE, get, js, json, number, text};

const HANGING_BODY: Outcome = Outcome::Begin("{\"ok\"", Rest::Hangs);
const BUSY_LONG: Outcome = Outcome::Respond(503, &[("retry-after", "20")], "");

/// A call during which the caller's signal fires after a few milliseconds.
async fn aborted(host: &Host, endpoint: &'static Endpoint, options: &str) -> Result<JsValue, JsValue> {
    let caller = host.caller.clone();
    let timer = Timeout::new(30, move || caller.abort(&"enough".into()));
    let result = host.call(&host.client(options), endpoint, "{}").await;
    drop(timer);
    result
}

fn assert_aborted(error: &JsValue) {
    assert_eq!(text(error, "class"), "ClaivAbortError");
    assert_eq!(text(error, "cause"), "enough");
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_settles_is_timed_out_and_not_tried_again() {
    let host = Host::new(&[Outcome::Hang, OK]);
    let error = host.call(&host.client("{ timeout: 20 }"), &KEYED, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert_eq!(text(&error, "scope"), "attempt");
    assert_eq!(number(&error, "timeoutMs"), 20.0);
    assert_eq!(number(&error, "attempt"), 1.0);
    assert!(get(&error, "mayHaveBeenApplied").is_truthy());
    assert_eq!(host.count(), 1);
    assert!(host.is_aborted(0));
}

#[wasm_bindgen_test]
async fn a_body_that_never_ends_is_timed_out_and_let_go_of() {
    let host = Host::new(&[HANGING_BODY, OK]);
    let error = host.call(&host.client("{ timeout: 20 }"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert_eq!(number(&error, "attempts.0.status"), 200.0);
    assert_eq!(host.count(), 1);
    assert!(host.is_aborted(0));
    assert!(get(&host.sent.get(0), "cancelled").is_truthy());
}

#[wasm_bindgen_test]
async fn a_key_function_that_never_settles_is_timed_out_and_nothing_is_sent() {
    let host = Host::new(&[OK]);
    let client = host.client("{ timeout: 20, apiKey: () => new Promise(() => {}) }");
    let error = host.call(&client, &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert!(!get(&error, "mayHaveBeenApplied").is_truthy());
    assert_eq!(host.count(), 0);
}

/// The process stands still from 5 to 80 ms from now on.
fn freeze() {
    js("setTimeout(() => { const end = performance.now() + 75; while (performance.now() < end); }, 5)");
}

#[wasm_bindgen_test]
async fn an_answer_that_came_while_the_process_stood_still_wins_over_a_limit() {
    for options in ["{ timeout: 20 }", "{ totalTimeout: 20 }"] {
        let host = Host::new(&[Outcome::After(40)]);
        let client = host.client(options);
        freeze();
        host.call(&client, &SAFE, "{}").await.unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_process_that_stood_still_without_an_answer_is_timed_out() {
    let host = Host::new(&[Outcome::Hang]);
    let client = host.client("{ timeout: 20 }");
    freeze();
    let error = host.call(&client, &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert!(host.is_aborted(0));
}

#[wasm_bindgen_test]
async fn an_abort_during_the_turn_that_an_answer_gets_leaves_nothing_behind() {
    let host = Host::new(&[Outcome::Hang]);
    let client = host.client("{ timeout: 20 }");
    freeze();
    let caller = host.caller.clone();
    let timer = Timeout::new(21, move || caller.abort(&"enough".into()));
    assert_aborted(&host.call(&client, &SAFE, "{}").await.unwrap_err());
    drop(timer);
}

#[wasm_bindgen_test]
async fn each_attempt_has_the_whole_of_timeout() {
    // Two attempts and the wait between them take longer than the limit of one.
    let host = Host::new(&[Outcome::Respond(503, &[("retry-after-ms", "400")], ""), Outcome::After(60)]);
    host.call(&host.client("{ timeout: 300 }"), &SAFE, "{}").await.unwrap();
    assert!(host.gap(0) >= 400.0);
}

#[wasm_bindgen_test]
async fn total_timeout_spans_all_attempts() {
    let host = Host::new(&[Outcome::Respond(503, &[("retry-after-ms", "30")], ""), Outcome::Hang]);
    let started = now();
    let error = host.call(&host.client("{ totalTimeout: 600 }"), &SAFE, "{}").await.unwrap_err();
    let took = now() - started;
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert_eq!(text(&error, "scope"), "total");
    assert_eq!(number(&error, "timeoutMs"), 600.0);
    assert_eq!(number(&error, "attempt"), 2.0);
    assert_eq!(number(&error, "attempts.length"), 2.0);
    assert_eq!(host.count(), 2);
    // Timers may be early by a part of a millisecond.
    assert!(took >= 599.0, "{took}");
}

#[wasm_bindgen_test]
async fn a_signal_that_has_fired_before_sends_nothing_and_asks_for_no_key() {
    let host = Host::new(&[OK]);
    host.caller.abort(&"enough".into());
    let client = host.client("{ apiKey: () => { log.push('asked'); return 'k' } }");
    let error = host.call(&client, &SAFE, "{}").await.unwrap_err();
    assert_aborted(&error);
    assert!(!get(&error, "mayHaveBeenApplied").is_truthy());
    assert_eq!((host.count(), host.log.length()), (0, 0));
}

#[wasm_bindgen_test]
async fn an_abort_cuts_a_fetch_and_a_body_short() {
    for outcome in [Outcome::Hang, HANGING_BODY] {
        let host = Host::new(&[outcome, OK]);
        let error = aborted(&host, &KEYED, "{}").await.unwrap_err();
        assert_aborted(&error);
        assert!(get(&error, "mayHaveBeenApplied").is_truthy());
        assert_eq!(host.count(), 1);
        assert!(host.is_aborted(0));
        assert_eq!(get(&host.sent.get(0), "cancelled").is_truthy(), matches!(outcome, Outcome::Begin(..)));
    }
}

#[wasm_bindgen_test]
async fn an_abort_within_fetch_itself_cuts_it_short() {
    let host = Host::new(&[Outcome::Abort, OK]);
    let error = host.call(&host.client("{}"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivAbortError");
    assert_eq!(text(&error, "cause.name"), "AbortError");
    assert_eq!(host.count(), 1);
    assert!(host.is_aborted(0));
}

#[wasm_bindgen_test]
async fn an_abort_cuts_a_backoff_short() {
    let host = Host::new(&[BUSY_LONG, OK]);
    let error = aborted(&host, &SAFE, "{}").await.unwrap_err();
    assert_aborted(&error);
    assert_eq!(number(&error, "attempts.0.status"), 503.0);
    assert_eq!(host.count(), 1);
}

#[wasm_bindgen_test]
async fn an_abort_cuts_a_key_function_short() {
    let host = Host::new(&[OK]);
    let error = aborted(&host, &SAFE, "{ apiKey: () => new Promise(() => {}) }").await.unwrap_err();
    assert_aborted(&error);
    assert_eq!(host.count(), 0);
}

#[wasm_bindgen_test]
async fn an_abort_by_a_hook_sends_nothing() {
    let host = Host::new(&[OK]);
    let client = host.client("{ onRequest: () => caller.abort('enough') }");
    let error = host.call(&client, &SAFE, "{}").await.unwrap_err();
    assert_aborted(&error);
    assert_eq!(host.count(), 0);
}

#[wasm_bindgen_test]
async fn a_call_that_is_over_no_longer_listens_to_its_signal() {
    let host = Host::new(&[OK]);
    let signal = host.caller.signal();
    let listened = js("signal => { const log = []; for (const name of ['addEventListener', 'removeEventListener'])
            signal[name] = function (...all) { log.push(name); return EventTarget.prototype[name].apply(this, all); };
            return log; }");
    let log = listened.unchecked_into::<js_sys::Function>().call1(&JsValue::UNDEFINED, &signal).unwrap();
    host.call(&host.client("{}"), &SAFE, "{}").await.unwrap();
    assert_eq!(json(&log), r#"["addEventListener","removeEventListener"]"#);
}

#[wasm_bindgen_test]
async fn a_signal_that_cannot_be_listened_to_sends_nothing() {
    let host = Host::new(&[OK]);
    let foreign = "{ signal: { aborted: false, addEventListener() { throw new Error('deaf') } } }";
    let error = host.call(&host.client("{}"), &SAFE, foreign).await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivError");
    assert_eq!(text(&error, "cause.message"), "deaf");
    assert_eq!(host.count(), 0);
}
