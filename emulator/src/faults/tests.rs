#![allow(clippy::unwrap_used)]

use super::{Answer, Fault, Other, Truncate};
use crate::testing::{Bench, request};
use serde_json::{Value, json};

fn fault(answer: Answer) -> Fault {
    Fault { times: Some(1), answer, ..Fault::default() }
}

fn status(status: u16) -> Answer {
    Answer::Other(Other { status, ..Other::default() })
}

fn ingest() -> Value {
    json!({ "user_id": "u", "type": "message", "content": "hello" })
}

#[test]
fn a_fault_meets_the_requests_it_is_for() {
    for (method, path, meets) in [
        (None, None, true),
        (Some("post"), None, true),
        (Some("GET"), None, false),
        (None, Some("/v1/ingest"), true),
        (None, Some("/v1/*"), true),
        (None, Some("*"), true),
        (None, Some("/v1"), false),
        (None, Some("/v2/*"), false),
        (Some("POST"), Some("/v1/recall"), false),
    ] {
        let mut bench = Bench::default();
        let only = Fault { method: method.map(String::from), path: path.map(String::from), ..fault(status(500)) };
        bench.service.faults.add(only);
        assert_eq!(bench.post("/v1/ingest", ingest()).status == 500, meets, "{method:?} {path:?}");
        assert_eq!(bench.service.faults.is_empty(), meets);
    }
}

#[test]
fn a_cut_answer_begins_where_it_may_have_a_body() {
    let own = || Some(crate::http::Response { status: 200, headers: Vec::new(), body: b"{}".to_vec() });
    let cut = |answer| Fault { cut: true, truncate: Some(Truncate::Half), ..fault(answer) };
    assert_eq!(cut(Answer::Own).alter(own(), "req_1").map(|response| response.body), Some(b"{".to_vec()));
    assert_eq!(cut(status(503)).alter(None, "req_1").map(|response| response.status), Some(503));
    assert_eq!(cut(status(204)).alter(None, "req_1"), None);
}

#[test]
fn faults_come_in_their_order_and_number() {
    let mut bench = Bench::default();
    bench.service.faults.add(Fault { times: Some(2), ..fault(status(503)) });
    bench.service.faults.add(fault(Answer::Drop));
    let seen: Vec<u16> = (0..5).map(|_| bench.post("/v1/ingest", ingest()).status).collect();
    assert_eq!(seen, [503, 503, 0, 200, 200]);
    bench.service.faults.add(Fault { times: None, ..fault(status(500)) });
    assert!((0..50).all(|_| bench.get("/healthz").status == 500));
    assert_eq!(bench.send(&request("OPTIONS", "/healthz", None)).status, 204);
    bench.service.faults.clear();
    assert_eq!(bench.get("/healthz").status, 200);
}

#[test]
fn only_after_the_effect_is_there_one() {
    for (answer, after, stored) in [
        (status(503), false, 0),
        (status(503), true, 1),
        (Answer::Drop, false, 0),
        (Answer::Drop, true, 1),
        (Answer::Own, false, 1),
        (Answer::Own, true, 1),
    ] {
        let mut bench = Bench::default();
        let shown = format!("{answer:?} {after}");
        bench.service.faults.add(Fault { after, ..fault(answer) });
        bench.post("/v1/ingest", ingest());
        assert_eq!(bench.recall("u", "hello").contents().len(), stored, "{shown}");
    }
}

#[test]
fn the_wait_is_on_the_right_side_of_the_effect() {
    for (after, waits) in [(false, (107.0, 0.0)), (true, (7.0, 100.0))] {
        let mut bench = Bench::default();
        bench.service.faults.add(Fault { after, delay_ms: 100.0, ..fault(Answer::Own) });
        let arrival = bench.service.arrive(&request("GET", "/healthz", None), 0);
        assert_eq!(arrival.waits(7.0), waits);
    }
}

#[test]
fn an_answer_is_replaced_by_an_error_of_the_services_shape() {
    let mut bench = Bench::default();
    let other = Other {
        status: 429,
        retry_after: Some(1.5),
        headers: vec![("retry-after".into(), "1.5".into())],
        ..Other::default()
    };
    bench.service.faults.add(fault(Answer::Other(other)));
    let answer = bench.get("/healthz");
    assert_eq!(
        (answer.at("/error/code"), answer.at("/error/details/retry_after")),
        (json!("quota_exceeded"), json!(1.5))
    );
    assert_eq!(answer.header("retry-after"), Some("1.5"));
    assert_eq!(answer.at("/error/request_id").as_str(), answer.header("x-request-id"));
}

#[test]
fn an_answer_is_replaced_or_cut_off() {
    let page = Other {
        status: 502,
        body: Some(b"<html>".to_vec()),
        headers: vec![("content-type".into(), "text/html".into())],
        ..Other::default()
    };
    for (answer, truncate, status, body) in [
        (Answer::Other(page.clone()), None, 502, "<html>"),
        (Answer::Other(page), Some(Truncate::At(2)), 502, "<h"),
        (Answer::Own, Some(Truncate::Half), 200, "{\"ok\""),
        (Answer::Own, Some(Truncate::At(0)), 200, ""),
        (Answer::Own, Some(Truncate::At(1000)), 200, "{\"ok\":true}"),
        (Answer::Other(Other { status: 204, ..Other::default() }), None, 204, ""),
    ] {
        let mut bench = Bench::default();
        bench.service.faults.add(Fault { truncate, ..fault(answer) });
        let got = bench.get("/healthz").response;
        let text = String::from_utf8(got.body).unwrap();
        // Half of eleven bytes is five.
        let expected = if truncate == Some(Truncate::Half) { body.get(..5).unwrap() } else { body };
        assert_eq!((got.status, text.as_str()), (status, expected));
        assert!(got.headers.iter().any(|(name, _)| name == "x-request-id"));
    }
}
