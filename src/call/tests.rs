//! The call loop against a scripted host: the key, the requests, the retries and the hooks.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod interrupted;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::testing::{BUSY, Host, KEYED, OK, ONCE, Outcome, Rest, SAFE, each, get, json, number, text};

const REJECT: Outcome = Outcome::Reject("reset");
const CUT_OFF: Outcome = Outcome::Respond(200, &[], "{\"ok\":tr");

#[wasm_bindgen_test]
async fn a_call_sends_the_request_once_and_gives_the_answers_object() {
    let host = Host::new(&[OK]);
    let client = host.client("{ defaultHeaders: { 'x-a': '1' } }");
    let answer = host.call(&client, &SAFE, "{ headers: { 'x-b': '2' } }").await.unwrap();
    assert_eq!(json(&answer), r#"{"ok":true}"#);
    assert_eq!(host.count(), 1);
    let sent = host.sent.get(0);
    assert_eq!(text(&sent, "url"), "https://api.claiv.io/safe");
    assert_eq!(text(&sent, "method"), "POST");
    assert_eq!(text(&sent, "redirect"), "manual");
    assert_eq!(text(&sent, "body"), r#"{"a":1}"#);
    assert_eq!(text(&sent, "headers.authorization"), "Bearer test-key");
    assert_eq!(text(&sent, "headers.x-a"), "1");
    assert_eq!(text(&sent, "headers.x-b"), "2");
    assert!(!host.is_aborted(0), "a fetch that is over is not cut short");
}

#[wasm_bindgen_test]
async fn a_key_function_is_asked_once_however_many_attempts_there_are() {
    let host = Host::new(&[BUSY, BUSY, OK]);
    let client = host.client("{ apiKey: async () => `key-${log.push('asked')}` }");
    host.call(&client, &SAFE, "{}").await.unwrap();
    assert_eq!(host.log.length(), 1);
    assert_eq!(each(&host.sent, "headers.authorization"), ["Bearer key-1"; 3]);
}

#[wasm_bindgen_test]
async fn a_key_function_that_fails_or_gives_no_key_sends_nothing() {
    for (function, class) in [
        ("() => { throw new Error('locked') }", "ClaivError"),
        ("() => Promise.reject(new Error('locked'))", "ClaivError"),
        ("() => ''", "ClaivValidationError"),
        ("async () => 'two words'", "ClaivValidationError"),
    ] {
        let host = Host::new(&[OK]);
        let client = host.client(&["{ apiKey: ", function, " }"].concat());
        let error = host.call(&client, &SAFE, "{}").await.unwrap_err();
        assert_eq!(text(&error, "class"), class, "{function}");
        if class == "ClaivError" {
            assert_eq!(text(&error, "cause.message"), "locked");
        }
        assert_eq!(json(&get(&error, "attempts")), "[]");
        assert_eq!(host.count(), 0, "{function}");
    }
}

#[wasm_bindgen_test]
async fn a_503_is_tried_again_with_the_same_body_and_idempotency_key() {
    let host = Host::new(&[BUSY, OK]);
    host.call(&host.client("{}"), &KEYED, "{}").await.unwrap();
    let bodies = each(&host.sent, "body");
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies.first(), bodies.last());
    let start = r#"{"a":1,"idempotency_key":""#;
    assert!(bodies.iter().all(|body| body.starts_with(start) && body.len() == start.len() + 38), "{bodies:?}");
}

#[wasm_bindgen_test]
async fn an_error_tells_the_key_that_all_its_attempts_carried() {
    let host = Host::new(&[BUSY, BUSY]);
    let error = host.call(&host.client("{ maxRetries: 1 }"), &KEYED, "{}").await.unwrap_err();
    let key = text(&error, "idempotencyKey");
    assert_eq!(key.len(), 36);
    assert!(each(&host.sent, "body").iter().all(|body| body.contains(&key)));
}

#[wasm_bindgen_test]
async fn attempts_end_after_max_retries_and_the_error_tells_of_each() {
    let host = Host::new(&[BUSY, REJECT, BUSY, OK]);
    let error = host.call(&host.client("{ maxRetryDelay: 5 }"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(host.count(), 3);
    assert_eq!(text(&error, "class"), "ClaivServerError");
    let attempts = get(&error, "attempts");
    assert_eq!(number(&attempts, "length"), 3.0);
    assert_eq!(number(&attempts, "0.status"), 503.0);
    assert!(get(&attempts, "1.status").is_undefined());
    assert!(text(&attempts, "1.error").contains("reset"));
    assert_eq!(number(&attempts, "2.status"), 503.0);
    assert!(get(&error, "mayHaveBeenApplied").is_truthy());
}

#[wasm_bindgen_test]
async fn a_wait_that_is_asked_for_is_waited_out() {
    let host = Host::new(&[Outcome::Respond(429, &[("retry-after-ms", "60")], ""), OK]);
    host.call(&host.client("{}"), &SAFE, "{}").await.unwrap();
    assert!(host.gap(0) >= 60.0, "{}", host.gap(0));
}

#[wasm_bindgen_test]
async fn a_wait_that_is_too_long_is_not_begun() {
    const ASKS: Outcome = Outcome::Respond(429, &[("retry-after", "2")], "");
    for options in ["{ maxRetryDelay: 1999 }", "{ totalTimeout: 1999 }"] {
        let host = Host::new(&[ASKS, OK]);
        let error = host.call(&host.client("{}"), &SAFE, options).await.unwrap_err();
        assert_eq!(text(&error, "class"), "ClaivRateLimitError", "{options}");
        assert_eq!(number(&error, "retryAfterMs"), 2000.0);
        assert!(!get(&error, "mayHaveBeenApplied").is_truthy());
        assert_eq!(host.count(), 1, "{options}");
    }
}

#[wasm_bindgen_test]
async fn the_servers_own_word_on_retrying_holds() {
    let host = Host::new(&[Outcome::Respond(503, &[("x-should-retry", "false")], ""), OK]);
    host.call(&host.client("{}"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(host.count(), 1);
    let host = Host::new(&[Outcome::Respond(409, &[("x-should-retry", "true"), ("retry-after-ms", "1")], ""), OK]);
    host.call(&host.client("{}"), &SAFE, "{}").await.unwrap();
    assert_eq!(host.count(), 2);
}

#[wasm_bindgen_test]
async fn what_broke_on_the_way_is_tried_again_only_where_a_replay_is_safe() {
    for broken in [REJECT, Outcome::Throw("reset"), Outcome::Begin("{\"ok\"", Rest::Breaks), CUT_OFF] {
        for (endpoint, options, replayed) in [
            (&SAFE, "{ maxRetryDelay: 5 }", true),
            (&KEYED, "{ maxRetryDelay: 5 }", true),
            (&KEYED, "{ maxRetryDelay: 5, autoIdempotency: false }", false),
            (&ONCE, "{ maxRetryDelay: 5 }", false),
        ] {
            let host = Host::new(&[broken, OK]);
            let result = host.call(&host.client(options), endpoint, "{}").await;
            assert_eq!(result.is_ok(), replayed, "{} {options} {result:?}", endpoint.path);
            assert_eq!(host.count(), if replayed { 2 } else { 1 });
            if let Err(error) = result {
                assert!(get(&error, "mayHaveBeenApplied").is_truthy());
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_fetch_that_fails_with_an_error_of_a_clients_is_not_called_again() {
    let host = Host::new(&[]);
    let fails = "{ fetch() { log.push(1); throw { [Symbol.for('claiv-memory.errors')]: ['ClaivError'] } } }";
    let error = host.call(&host.client(fails), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivNetworkError");
    assert_eq!(host.log.length(), 1);
}

#[wasm_bindgen_test]
async fn a_limit_of_the_hosts_own_is_a_timeout_and_final() {
    for thrown in [
        "new TypeError('fetch failed', { cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } })",
        "new TypeError('terminated', { cause: { cause: { code: 'UND_ERR_BODY_TIMEOUT' } } })",
        "new DOMException('The operation timed out.', 'TimeoutError')",
    ] {
        let host = Host::new(&[]);
        let fails = format!("{{ timeout: 600000, fetch() {{ log.push(1); return Promise.reject({thrown}); }} }}");
        let error = host.call(&host.client(&fails), &SAFE, "{}").await.unwrap_err();
        assert_eq!(text(&error, "class"), "ClaivTimeoutError");
        assert_eq!(text(&error, "scope"), "host");
        assert!(number(&error, "timeoutMs") < 600_000.0);
        assert!(get(&error, "cause").is_object() && get(&error, "mayHaveBeenApplied").is_truthy());
        assert_eq!(host.log.length(), 1, "{thrown}");
    }
}

#[wasm_bindgen_test]
async fn the_end_of_a_connection_is_a_network_error_or_a_response_error() {
    let host = Host::new(&[REJECT]);
    let error = host.call(&host.client("{ maxRetries: 0 }"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivNetworkError");
    assert_eq!(text(&error, "message"), "POST /safe did not get through: TypeError: reset.");
    assert_eq!(text(&error, "cause.message"), "reset");
    let host = Host::new(&[CUT_OFF]);
    let error = host.call(&host.client("{ maxRetries: 0 }"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivResponseError");
    assert_eq!(text(&error, "excerpt"), "{\"ok\":tr");
}

#[wasm_bindgen_test]
async fn an_answer_that_another_attempt_would_not_better_is_final() {
    for (answer, says) in [
        (Outcome::Respond(200, &[], "<html>"), "not the JSON"),
        (Outcome::Respond(200, &[], "[]"), "not an object"),
        (Outcome::Respond(200, &[], ""), "it is empty"),
        (Outcome::Respond(302, &[("location", "https://else.where/x")], ""), "redirected to https://else.where"),
    ] {
        let host = Host::new(&[answer, OK]);
        let error = host.call(&host.client("{}"), &SAFE, "{}").await.unwrap_err();
        assert_eq!(text(&error, "class"), "ClaivResponseError");
        assert!(text(&error, "message").contains(says), "{}", text(&error, "message"));
        assert_eq!(host.count(), 1);
    }
}

#[wasm_bindgen_test]
async fn a_body_that_is_too_large_ends_the_call_and_its_connection() {
    let host = Host::new(&[Outcome::Begin("{\"ok\":true,\"more\":\"1234567890", Rest::Hangs), OK]);
    let error = host.call(&host.client("{ maxResponseBytes: 20 }"), &SAFE, "{}").await.unwrap_err();
    assert_eq!(text(&error, "class"), "ClaivResponseError");
    assert!(text(&error, "message").contains("more than 20 bytes (maxResponseBytes)"), "{}", text(&error, "message"));
    assert_eq!(host.count(), 1);
    assert!(host.is_aborted(0));
    assert!(get(&host.sent.get(0), "cancelled").is_truthy());
}

#[wasm_bindgen_test]
async fn a_body_of_just_the_most_bytes_is_taken() {
    let host = Host::new(&[OK]);
    host.call(&host.client("{ maxResponseBytes: 11 }"), &SAFE, "{}").await.unwrap();
    let host = Host::new(&[OK]);
    host.call(&host.client("{ maxResponseBytes: 10 }"), &SAFE, "{}").await.unwrap_err();
}

#[wasm_bindgen_test]
async fn the_key_is_shown_nowhere() {
    let echo = Outcome::Respond(
        400,
        &[("x-echo", "test-key"), ("x-request-id", "r-test-key")],
        "{\"error\":{\"code\":\"c\",\"message\":\"no test-key\",\"details\":{\"k\":\"test-key\"}}}",
    );
    for outcome in [echo, Outcome::Respond(200, &[], "test-key"), Outcome::Throw("test-key")] {
        let host = Host::new(&[outcome]);
        let error = host.call(&host.client("{ maxRetries: 0 }"), &SAFE, "{}").await.unwrap_err();
        let shown = json(&error);
        assert!(shown.contains("[redacted]") && !shown.contains("test-key"), "{shown}");
        let headers = get(&error, "headers");
        if headers.is_object() {
            let pairs = json(&js_sys::Array::from(&headers));
            assert!(!pairs.contains("test-key"), "{pairs}");
        }
    }
}

#[wasm_bindgen_test]
async fn hooks_are_called_at_each_step_in_turn() {
    let host = Host::new(&[BUSY, OK, Outcome::Respond(404, &[], "")]);
    let hook = |name: &str| {
        format!("{name}: e => log.push(['{name}', e.attempt, e.status ?? 0, e.error ?? e.waitMs ?? ''].join(' '))")
    };
    let hooks = ["onRequest", "onResponse", "onRetry", "onError"].map(hook).join(", ");
    let client = host.client(&format!("{{ {hooks} }}"));
    let own = "{ onResponse: e => log.push(`own ${e.attempts.length}`) }";
    host.call(&client, &SAFE, own).await.unwrap();
    host.call(&client, &SAFE, own).await.unwrap_err();
    let events: Vec<String> = host.log.iter().map(|entry| entry.as_string().unwrap()).collect();
    assert_eq!(
        events,
        [
            "onRequest 1 0 ",
            "onResponse 1 503 ",
            "onRetry 1 503 ClaivServerError",
            "onRequest 2 0 ",
            "onResponse 2 200 ",
            "own 2",
            "onRequest 1 0 ",
            "onResponse 1 404 ",
            "onError 1 404 ClaivNotFoundError",
        ]
    );
}

#[wasm_bindgen_test]
async fn a_hook_that_fails_changes_nothing() {
    for hook in ["() => { throw 1 }", "() => Promise.reject(1)", "() => new Promise(() => {})"] {
        let host = Host::new(&[BUSY, OK]);
        let client = host.client(&format!("{{ onRequest: {hook}, onResponse: {hook}, onRetry: {hook} }}"));
        host.call(&client, &SAFE, "{}").await.unwrap();
        assert_eq!(host.count(), 2, "{hook}");
    }
}
