//! A batch against a scripted host: the order of threads, how many run at once, what a 429 and an abort do to all.
#![allow(clippy::unwrap_used)]

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::rules::{FieldPath, Issues};
use crate::testing::{Host, OK, Outcome, SAFE, arguments, each, ended, get, js, json, number, text};
use crate::wait::registered;

/// Runs a batch of these events to its end, and gives the results. An event with a field `bad` cannot be prepared.
async fn batch(host: &Host, options: &str, events: &str) -> JsValue {
    let before = registered();
    let client = host.client("{ maxRetryDelay: 1000 }");
    let options = BatchOptions::read(&host.options(options), client.limits, &mut Issues::default());
    let nesting = Nesting::of_new_call(&client.nesting).unwrap();
    let queue = Queue::new(&js(events).unchecked_into(), Name::ThreadId, |event| {
        let mut issues = Issues::default();
        if get(&event, "bad").is_truthy() {
            issues.add(FieldPath::text("bad"), &["is given"]);
        }
        Request::new(&client, &SAFE, &arguments(event), Rc::clone(&options.call), issues, &nesting)
    });
    let results = ended(Batch::run(client, options, nesting, queue)).await.unwrap();
    assert_eq!(registered(), before, "entries stay in the table of waits");
    results
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
    let events = "['1', '2', '3'].map(n => ({ user_id: 'u', thread_id: 't', n, bad: n === '2' }))";
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
async fn a_429_holds_all_back() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after-ms", "60")], ""), Outcome::After(5), OK, OK, OK]);
    let results = batch(&host, "{ concurrency: 2 }", &free(4)).await;
    assert_eq!(each(&results, "status"), ["fulfilled"; 4]);
    assert_eq!(host.count(), 5);
    assert!(host.gap(1) >= 60.0, "{}", host.gap(1));
}

#[wasm_bindgen_test]
async fn a_429_that_ends_its_own_call_holds_the_others_back_all_the_same() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after-ms", "60")], ""), OK]);
    let results = batch(&host, "{ concurrency: 1, maxRetries: 0 }", &free(2)).await;
    assert_eq!(each(&results, "status"), ["rejected", "fulfilled"]);
    assert!(host.gap(0) >= 60.0, "{}", host.gap(0));
}

#[wasm_bindgen_test]
async fn a_429_of_the_last_event_does_not_hold_the_results_back() {
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
async fn progress_is_told_whenever_an_event_has_settled() {
    let host = Host::new(&[Outcome::After(20), Outcome::Respond(404, &[], ""), OK]);
    batch(&host, "{ onProgress: e => { log.push(Object.values(e).join(' ')); throw 1 } }", &free(3)).await;
    let told: Vec<String> = host.log.iter().map(|entry| entry.as_string().unwrap()).collect();
    // done total fulfilled rejected index
    assert_eq!(told.last().map(|last| &**last), Some("3 3 2 1 0"));
    assert_eq!(told.len(), 3);
    let done: Vec<String> = told.iter().map(|entry| entry.chars().take(3).collect()).collect();
    assert_eq!(done, ["1 3", "2 3", "3 3"]);
}
