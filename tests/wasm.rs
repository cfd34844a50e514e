//! The client as Rust sees it, in a JavaScript host: what does not need the packed package.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects)]

use claiv_memory::ClaivClient;
use js_sys::{Array, Function, JSON, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

/// Evaluates an expression.
fn js(expression: &str) -> JsValue {
    Function::new_no_args(&["return (", expression, ")"].concat()).call0(&JsValue::UNDEFINED).unwrap()
}

fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap()
}

fn text(value: &JsValue, name: &str) -> String {
    get(value, name).as_string().unwrap_or_else(|| panic!("{name} is no string"))
}

/// A client whose fetch answers with each of these JavaScript expressions in turn, and notes what it was given in `sent`.
fn client(options: &str, answers: &str) -> (ClaivClient, Array) {
    let made = js(&format!(
        "(() => {{ const sent = []; const answers = [{answers}];
           const fetch = async (url, init) => {{ sent.push({{ url, ...init }}); return answers[sent.length - 1](init); }};
           return {{ sent, options: {{ apiKey: 'test-key', fetch, ...({options}) }} }}; }})()"
    ));
    (ClaivClient::new(get(&made, "options")).unwrap(), get(&made, "sent").unchecked_into())
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

const STORED: &str = "() => new Response('{\"event_id\":\"evt_1\",\"deduped\":false,\"new\":[1]}')";
const EVENT: &str = "{ user_id: 'u', type: 'message', content: 'hello' }";

#[wasm_bindgen_test]
async fn an_ingest_is_one_post_of_the_events_json_with_a_key_of_its_own() {
    // In a page this header is off.
    let (client, sent) = client("{ clientHeader: true }", STORED);
    let answer = settled(client.ingest(js(EVENT), JsValue::UNDEFINED)).await.unwrap();
    assert_eq!(JSON::stringify(&answer).unwrap(), r#"{"event_id":"evt_1","deduped":false,"new":[1]}"#);
    assert_eq!(sent.length(), 1);
    let request = sent.get(0);
    assert_eq!(text(&request, "url"), "https://api.claiv.io/v1/ingest");
    assert_eq!(text(&request, "method"), "POST");
    assert_eq!(
        JSON::stringify(&get(&request, "headers")).unwrap(),
        concat!(
            r#"{"accept":"application/json","x-claiv-client":"claiv-memory/"#,
            env!("CARGO_PKG_VERSION"),
            r#"","content-type":"application/json","authorization":"Bearer test-key"}"#
        )
    );
    let body = text(&request, "body");
    let start = r#"{"user_id":"u","type":"message","content":"hello","idempotency_key":""#;
    assert!(body.starts_with(start) && body.len() == start.len() + 36 + 2, "{body}");
}

#[wasm_bindgen_test]
async fn every_attempt_carries_the_same_idempotency_key() {
    let busy = "() => new Response('', { status: 503, headers: { 'retry-after-ms': '1' } })";
    let (client, sent) = client("{}", &[busy, ",", STORED].concat());
    settled(client.ingest(js(EVENT), JsValue::UNDEFINED)).await.unwrap();
    assert_eq!(sent.length(), 2);
    assert_eq!(text(&sent.get(0), "body"), text(&sent.get(1), "body"));
}

#[wasm_bindgen_test]
async fn faults_are_told_together_and_nothing_is_sent() {
    let (client, sent) = client("{}", "");
    let request = js("{ user_id: '', task: 5, token_budget: 199 }");
    let error = settled(client.recall(request, JsValue::UNDEFINED)).await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivValidationError");
    let issues: Array = get(&error, "issues").unchecked_into();
    let paths: Vec<String> = issues.iter().map(|issue| text(&issue, "path")).collect();
    assert_eq!(paths, ["user_id", "task", "token_budget"]);
    assert_eq!(sent.length(), 0);
}

#[wasm_bindgen_test]
async fn a_fetch_that_never_settles_is_timed_out() {
    let (client, _) = client("{ timeout: 20, maxRetries: 5 }", "() => new Promise(() => {})");
    let error = settled(client.health_check(JsValue::UNDEFINED)).await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivTimeoutError");
    assert_eq!(get(&error, "timeoutMs").as_f64(), Some(20.0));
    assert_eq!(get(&error, "attempts").unchecked_into::<Array>().length(), 1);
}

#[wasm_bindgen_test]
async fn an_abort_cuts_a_backoff_short_and_tells_its_reason() {
    let made = js(
        "(() => { const c = new AbortController(); setTimeout(() => c.abort('enough'), 10); return { signal: c.signal }; })()",
    );
    let (client, sent) = client("{}", "() => new Response('', { status: 503 })");
    let error = settled(client.recall(js("{ user_id: 'u', task: 't', token_budget: 200 }"), made)).await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivAbortError");
    assert_eq!(text(&error, "cause"), "enough");
    assert_eq!(sent.length(), 1);
}

#[wasm_bindgen_test]
async fn a_closed_client_finishes_what_it_began_and_begins_nothing() {
    let (client, sent) = client("{}", STORED);
    let first = client.ingest(js(EVENT), JsValue::UNDEFINED);
    client.close();
    client.close();
    settled(first).await.unwrap();
    let error = settled(client.ingest(js(EVENT), JsValue::UNDEFINED)).await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivError");
    assert_eq!(sent.length(), 1);
}

#[wasm_bindgen_test]
async fn a_thread_stays_in_order_while_other_events_overtake_it() {
    let answer = "async (init) => { const { content } = JSON.parse(init.body);
        await new Promise(done => setTimeout(done, content === 'slow' ? 40 : 1));
        return new Response(JSON.stringify({ event_id: content, deduped: false })); }";
    let (client, sent) = client("{}", &[answer; 4].join(","));
    let events = js("[['t', 'slow'], ['t', 'second'], [undefined, 'free'], ['t', 'third']]
        .map(([thread_id, content]) => ({ user_id: 'u', type: 'message', content, thread_id }))");
    let results: Array = settled(client.ingest_many(events, JsValue::UNDEFINED)).await.unwrap().unchecked_into();
    let ids: Vec<String> = results.iter().map(|result| text(&get(&result, "value"), "event_id")).collect();
    assert_eq!(ids, ["slow", "second", "free", "third"]);
    let order: Vec<String> =
        sent.iter().map(|request| text(&JSON::parse(&text(&request, "body")).unwrap(), "content")).collect();
    assert_eq!(order, ["slow", "free", "second", "third"]);
}
