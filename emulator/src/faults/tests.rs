#![allow(clippy::unwrap_used)]

use super::{Fault, Replacement, ResponseFault, Truncate};
use crate::testing::{TestService, request};
use serde_json::{Value, json};

fn fault(response: ResponseFault) -> Fault {
    Fault { times: Some(1), response, ..Fault::default() }
}

fn status(status: u16) -> ResponseFault {
    ResponseFault::Replace(Replacement { status, ..Replacement::default() })
}

fn ingest() -> Value {
    json!({ "user_id": "u", "type": "message", "content": "hello" })
}

#[test]
fn a_fault_applies_to_matching_requests_only() {
    for (method, path, applies) in [
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
        let mut service = TestService::default();
        let only = Fault { method: method.map(String::from), path: path.map(String::from), ..fault(status(500)) };
        service.inner.faults.add(only);
        assert_eq!(service.post("/v1/ingest", ingest()).status == 500, applies, "{method:?} {path:?}");
        assert_eq!(service.inner.faults.is_empty(), applies);
    }
}

#[test]
fn a_connection_lost_in_the_body_needs_a_status_that_allows_one() {
    let own = || Some(crate::http::Response { status: 200, headers: Vec::new(), body: b"{}".to_vec() });
    let cut = |answer| Fault { drop_in_body: true, truncate: Some(Truncate::Half), ..fault(answer) };
    assert_eq!(cut(ResponseFault::None).apply(own(), "req_1").map(|response| response.body), Some(b"{".to_vec()));
    assert_eq!(cut(status(503)).apply(None, "req_1").map(|response| response.status), Some(503));
    assert_eq!(cut(status(204)).apply(None, "req_1"), None);
}

#[test]
fn faults_apply_in_order_and_as_often_as_they_say() {
    let mut service = TestService::default();
    service.inner.faults.add(Fault { times: Some(2), ..fault(status(503)) });
    service.inner.faults.add(fault(ResponseFault::Drop));
    let seen: Vec<u16> = (0..5).map(|_| service.post("/v1/ingest", ingest()).status).collect();
    assert_eq!(seen, [503, 503, 0, 200, 200]);
    service.inner.faults.add(Fault { times: None, ..fault(status(500)) });
    assert!((0..50).all(|_| service.get("/healthz").status == 500));
    assert_eq!(service.send(&request("OPTIONS", "/healthz", None)).status, 204);
    service.inner.faults.clear();
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn a_request_is_executed_unless_the_fault_comes_before() {
    for (answer, after, stored) in [
        (status(503), false, 0),
        (status(503), true, 1),
        (ResponseFault::Drop, false, 0),
        (ResponseFault::Drop, true, 1),
        (ResponseFault::None, false, 1),
        (ResponseFault::None, true, 1),
    ] {
        let mut service = TestService::default();
        let shown = format!("{answer:?} {after}");
        service.inner.faults.add(Fault { after, ..fault(answer) });
        service.post("/v1/ingest", ingest());
        assert_eq!(service.recall("u", "hello").contents().len(), stored, "{shown}");
    }
}

#[test]
fn a_delay_comes_before_or_after_the_execution() {
    for (after, waits) in [(false, (107.0, 0.0)), (true, (7.0, 100.0))] {
        let mut service = TestService::default();
        service.inner.faults.add(Fault { after, delay_ms: 100.0, ..fault(ResponseFault::None) });
        let pending = service.inner.begin(&request("GET", "/healthz", None), 0);
        assert_eq!(pending.delays(7.0), waits);
    }
}

#[test]
fn a_response_is_replaced_by_an_error_in_the_shape_of_the_service() {
    let mut service = TestService::default();
    let other = Replacement {
        status: 429,
        retry_after: Some(1.5),
        headers: vec![("retry-after".into(), "1.5".into())],
        ..Replacement::default()
    };
    service.inner.faults.add(fault(ResponseFault::Replace(other)));
    let answer = service.get("/healthz");
    assert_eq!(
        (answer.at("/error/code"), answer.at("/error/details/retry_after")),
        (json!("quota_exceeded"), json!(1.5))
    );
    assert_eq!(answer.header("retry-after"), Some("1.5"));
    assert_eq!(answer.at("/error/request_id").as_str(), answer.header("x-request-id"));
}

#[test]
fn a_response_is_replaced_or_cut_off() {
    let page = Replacement {
        status: 502,
        body: Some(b"<html>".to_vec()),
        headers: vec![("content-type".into(), "text/html".into())],
        ..Replacement::default()
    };
    for (answer, truncate, status, body) in [
        (ResponseFault::Replace(page.clone()), None, 502, "<html>"),
        (ResponseFault::Replace(page), Some(Truncate::At(2)), 502, "<h"),
        (ResponseFault::None, Some(Truncate::Half), 200, "{\"ok\""),
        (ResponseFault::None, Some(Truncate::At(0)), 200, ""),
        (ResponseFault::None, Some(Truncate::At(1000)), 200, "{\"ok\":true}"),
        (ResponseFault::Replace(Replacement { status: 204, ..Replacement::default() }), None, 204, ""),
    ] {
        let mut service = TestService::default();
        service.inner.faults.add(Fault { truncate, ..fault(answer) });
        let got = service.get("/healthz").response;
        let text = String::from_utf8(got.body).unwrap();
        // Half of eleven bytes is five.
        let expected = if truncate == Some(Truncate::Half) { body.get(..5).unwrap() } else { body };
        assert_eq!((got.status, text.as_str()), (status, expected));
        assert!(got.headers.iter().any(|(name, _)| name == "x-request-id"));
    }
}
