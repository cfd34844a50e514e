//! A batch against a scripted host: the order of threads, how many run at once, what a 429 and an abort do to all.
#![allow(clippy::unwrap_used)]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::endpoint::Replay;
use crate::rules::{Field, Kind};
use crate::testing::{Host, OK, Outcome, each, ended, get, js, json, number, sleep, text};
use crate::wait::registered;

static EVENT: Endpoint = Endpoint::post("/event", Replay::Safe, &[Field::optional(Name::Debug, Kind::Flag)]);

/// Runs a batch of these events to its end. An event whose `debug` is no flag breaks the rules.
async fn run(host: &Host, options: &str, events: &str) -> Result<JsValue, JsValue> {
    let before = registered();
    let client = host.client("{ maxRetryDelay: 1000, onError: e => log.push(e) }");
    let options = BatchOptions::read(&host.options(options), client.limits, &mut Issues::default());
    let call_depth = CallDepth::of_new_call(&client.call_depth).unwrap();
    let batch = Batch::new(&client, &EVENT, options, call_depth, js(events).unchecked_into(), Name::ThreadId);
    let results = ended(batch.run()).await;
    assert_eq!(registered(), before, "entries stay in the table of waits");
    results
}

/// The results of a batch.
async fn batch(host: &Host, options: &str, events: &str) -> JsValue {
    run(host, options, events).await.unwrap()
}

/// The events' fields `n`, in the order in which they were sent.
fn order(host: &Host) -> String {
    let name = |body: String| text(&js(&body), "n");
    each(&host.sent, "body").into_iter().map(name).collect::<Vec<_>>().join(" ")
}

/// The most that ran at once.
fn most(host: &Host) -> f64 {
    host.sent.iter().map(|entry| number(&entry, "running")).fold(0.0, f64::max)
}

/// So many events outside of any thread.
fn free(count: u32) -> String {
    format!("Array.from({{ length: {count} }}, (_, i) => ({{ n: `${{i}}` }}))")
}

#[wasm_bindgen_test]
async fn results_stand_in_the_order_of_the_events() {
    let host = Host::new(&[Outcome::After(20), OK, Outcome::Respond(404, &[], ""), OK]);
    let results = batch(&host, "{}", &free(4)).await;
    assert_eq!(each(&results, "status"), ["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    assert_eq!(json(&get(&results, "0")), r#"{"status":"fulfilled","value":{"ok":true}}"#);
    assert_eq!(text(&results, "2.reason.class"), "ClaivNotFoundError");
    assert!(get(&results, "2.value").is_undefined());
}

#[wasm_bindgen_test]
async fn an_empty_batch_has_no_results() {
    let host = Host::new(&[]);
    assert_eq!(json(&batch(&host, "{}", "[]").await), "[]");
}

#[wasm_bindgen_test]
async fn a_threads_events_are_sent_one_after_the_other_while_others_overtake_them() {
    const SOON: Outcome = Outcome::After(1);
    let host = Host::new(&[Outcome::After(40), SOON, SOON, SOON, SOON, SOON]);
    let events = "[['u', 't', 'a1'], ['u', 't', 'a2'], ['v', 't', 'b1'], ['u', 's', 'c1'], ['u', undefined, 'free'], ['u', 't', 'a3']]
        .map(([user_id, thread_id, n]) => ({ user_id, thread_id, n }))";
    batch(&host, "{}", events).await;
    assert_eq!(order(&host), "a1 b1 c1 free a2 a3");
    assert_eq!(
        host.sent.iter().map(|entry| number(&entry, "running")).collect::<Vec<_>>(),
        [1.0, 2.0, 3.0, 4.0, 1.0, 1.0]
    );
}

#[wasm_bindgen_test]
async fn a_thread_goes_on_behind_an_event_that_failed_or_was_never_sent() {
    let host = Host::new(&[Outcome::Respond(404, &[], ""), OK]);
    let events = "['1', '2', '3'].map(n => ({ user_id: 'u', thread_id: 't', n, debug: n === '2' ? 5 : true }))";
    let results = batch(&host, "{}", events).await;
    assert_eq!(order(&host), "1 3");
    assert_eq!(each(&results, "status"), ["rejected", "rejected", "fulfilled"]);
    assert_eq!(text(&results, "1.reason.class"), "ClaivValidationError");
}

#[wasm_bindgen_test]
async fn no_more_run_at_once_than_allowed_and_no_fewer() {
    for (options, allowed) in [("{ concurrency: 1 }", 1.0), ("{ concurrency: 3 }", 3.0), ("{}", 4.0)] {
        let host = Host::new(&[Outcome::After(3); 9]);
        batch(&host, options, &free(9)).await;
        assert_eq!(most(&host), allowed, "{options}");
        assert_eq!(host.count(), 9);
    }
}

#[wasm_bindgen_test]
async fn a_429_pauses_all_calls() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after-ms", "60")], ""), Outcome::After(5), OK, OK, OK]);
    let results = batch(&host, "{ concurrency: 2 }", &free(4)).await;
    assert_eq!(each(&results, "status"), ["fulfilled"; 4]);
    assert_eq!(host.count(), 5);
    assert!(host.gap(1) >= 60.0, "{}", host.gap(1));
}

#[wasm_bindgen_test]
async fn a_429_that_ends_its_own_call_pauses_the_others_all_the_same() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after-ms", "60")], ""), OK]);
    let results = batch(&host, "{ concurrency: 1, maxRetries: 0 }", &free(2)).await;
    assert_eq!(each(&results, "status"), ["rejected", "fulfilled"]);
    assert!(host.gap(0) >= 60.0, "{}", host.gap(0));
}

#[wasm_bindgen_test]
async fn a_429_of_the_last_event_does_not_delay_the_results() {
    for concurrency in [1, 3] {
        let host = Host::new(&[Outcome::Respond(429, &[("retry-after", "30")], "")]);
        let options = format!("{{ concurrency: {concurrency}, maxRetries: 0, maxRetryDelay: 30000 }}");
        // A wait of 30 s would count as one that never ends.
        let results = batch(&host, &options, &free(1)).await;
        assert_eq!(each(&results, "status"), ["rejected"]);
    }
}

#[wasm_bindgen_test]
async fn an_abort_rejects_what_runs_and_what_was_not_sent() {
    let host = Host::new(&[OK, Outcome::Abort]);
    let results = batch(&host, "{ concurrency: 1 }", &free(4)).await;
    assert_eq!(each(&results, "status"), ["fulfilled", "rejected", "rejected", "rejected"]);
    assert_eq!(order(&host), "0 1");
    for (place, attempts) in [(1, 1.0), (2, 0.0), (3, 0.0)] {
        let reason = get(&results, &format!("{place}.reason"));
        assert_eq!(text(&reason, "class"), "ClaivAbortError");
        assert_eq!(number(&reason, "attempts.length"), attempts, "{place}");
        assert_eq!(get(&reason, "mayHaveBeenApplied").is_truthy(), attempts > 0.0);
    }
    assert_eq!(get(&results, "2.reason"), get(&results, "3.reason"), "those not sent share one error");
}

#[wasm_bindgen_test]
async fn on_error_is_called_for_each_event_that_an_abort_kept_from_being_sent() {
    let host = Host::new(&[OK, Outcome::Abort]);
    batch(&host, "{ concurrency: 1 }", &free(4)).await;
    let errors = each(&host.log, "error");
    assert_eq!(errors, ["ClaivAbortError"; 3]);
    let attempts: Vec<f64> = host.log.iter().map(|event| number(&event, "attempt")).collect();
    assert_eq!(attempts, [1.0, 0.0, 0.0]);
    let unsent = host.log.get(2);
    assert_eq!(
        json(&unsent),
        r#"{"method":"POST","path":"/event","route":"/event","attempt":0,"error":"ClaivAbortError","durationMs":0}"#
    );
}

#[wasm_bindgen_test]
async fn nothing_runs_where_a_worker_cannot_listen_to_the_signal() {
    let host = Host::new(&[OK; 4]);
    // Each worker asks once whether anybody listens to the signal already.
    let restore = js("(() => {
        const { get } = WeakMap.prototype;
        let asked = 0;
        WeakMap.prototype.get = function (key) {
            if (++asked === 2) throw new Error('no');
            return get.call(this, key);
        };
        return () => { WeakMap.prototype.get = get; };
    })()");
    let result = run(&host, "{ concurrency: 3 }", &free(4)).await;
    restore.unchecked_into::<js_sys::Function>().call0(&JsValue::UNDEFINED).unwrap();
    let error = result.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivError");
    assert_eq!(text(&error, "cause.message"), "no");
    sleep(20).await;
    assert_eq!(host.count(), 0);
}

#[wasm_bindgen_test]
async fn a_long_batch_gives_the_event_loop_turns() {
    let host = Host::new(&[]);
    // None of these is ever sent, so there is nothing to wait for but the turns.
    js("(globalThis.turns = 0, globalThis.clock = setInterval(() => { turns += 1; }, 0))");
    let results = batch(&host, "{ concurrency: 3 }", "Array.from({ length: 3000 }, () => ({ debug: 5 }))").await;
    let turns = js("(clearInterval(clock), turns)").as_f64().unwrap();
    assert_eq!(each(&results, "status"), ["rejected"; 3000]);
    assert!(turns >= 4.0, "{turns}");
}

#[wasm_bindgen_test]
async fn an_abort_ends_the_wait_behind_a_429() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after", "30")], "")]);
    let options = "{ concurrency: 1, maxRetries: 0, maxRetryDelay: 30000, onProgress: () => setTimeout(() => caller.abort('enough'), 5) }";
    // A wait of 30 s would count as one that never ends.
    let results = batch(&host, options, &free(2)).await;
    assert_eq!(text(&results, "1.reason.cause"), "enough");
    assert_eq!(host.count(), 1);
}

#[wasm_bindgen_test]
async fn on_progress_is_called_whenever_an_event_has_settled() {
    let host = Host::new(&[Outcome::After(20), Outcome::Respond(404, &[], ""), OK]);
    batch(&host, "{ onProgress: e => { log.push(Object.values(e).join(' ')); throw 1 } }", &free(3)).await;
    let reports: Vec<String> = host.log.iter().filter_map(|entry| entry.as_string()).collect();
    // done total fulfilled rejected index
    assert_eq!(reports.last().map(|last| &**last), Some("3 3 2 1 0"));
    assert_eq!(reports.len(), 3);
    let done: Vec<String> = reports.iter().map(|entry| entry.chars().take(3).collect()).collect();
    assert_eq!(done, ["1 3", "2 3", "3 3"]);
}
