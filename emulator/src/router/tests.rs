#![allow(clippy::unwrap_used)]

use crate::http::Request;
use crate::options::Settings;
use crate::testing::{TestService, request};
use serde_json::json;

#[test]
fn paths_match_their_pattern() {
    for (method, path, expected) in [
        ("GET", "/healthz", Some(vec![])),
        ("GET", "/healthz/", None),
        ("GET", "/", None),
        ("GET", "", None),
        ("GET", "/v1/deletion-receipts/b", Some(vec!["b"])),
        ("GET", "/v1/deletion-receipts/b%2Fc%20d", Some(vec!["b/c d"])),
        ("GET", "/v1/deletion-receipts/", None),
        ("GET", "/v1/deletion-receipts/b/c", None),
        ("GET", "/V1/deletion-receipts/b", None),
        ("DELETE", "/v6/collections/1/documents/2", Some(vec!["1", "2"])),
        ("DELETE", "/v6/collections//documents/2", None),
        ("POST", "/v3/recall/%7Brecall_id%7D/feedback", Some(vec!["{recall_id}"])),
    ] {
        let request = Request { method: method.into(), path: path.into(), ..Request::default() };
        let found = super::route(&request).ok().map(|(_, params)| params);
        let expected = expected.map(|list| list.into_iter().map(String::from).collect::<Vec<_>>());
        assert_eq!(found, expected, "{method} {path}");
    }
}

#[test]
fn unknown_paths_are_404_and_wrong_methods_405() {
    for (method, path, status, code, allow) in [
        ("GET", "/", 404, "not_found", None),
        ("GET", "/v1", 404, "not_found", None),
        ("POST", "/v1/ingest/", 404, "not_found", None),
        ("GET", "/v1/ingest", 405, "method_not_allowed", Some("POST, OPTIONS")),
        ("HEAD", "/healthz", 405, "method_not_allowed", Some("GET, OPTIONS")),
        ("DELETE", "/v1/deletion-receipts/x", 405, "method_not_allowed", Some("GET, OPTIONS")),
        ("PUT", "/v2/recall", 405, "method_not_allowed", Some("POST, OPTIONS")),
    ] {
        let answer = TestService::default().send(&request(method, path, None));
        assert_eq!((answer.status, answer.at("/error/code")), (status, json!(code)), "{method} {path}");
        assert_eq!(answer.header("allow"), allow, "{method} {path}");
    }
}

#[test]
fn every_endpoint_but_health_needs_a_key() {
    let settings = Settings { api_keys: Some(vec!["good".into()]), ..Settings::default() };
    for endpoint in crate::api::endpoints() {
        let mut sent = request(endpoint.method, &endpoint.path.replace("{receipt_id}", "x"), Some(&json!({})));
        for (field, right) in
            [(None, false), (Some("Bearer bad"), false), (Some("good"), false), (Some("Bearer good"), true)]
        {
            sent.headers = field.map(|field| ("authorization".to_string(), field.to_string())).into_iter().collect();
            let answer = TestService::new(settings.clone()).send(&sent);
            assert_eq!(answer.status == 401, !right && !endpoint.open, "{} {field:?}", endpoint.path);
            assert_eq!(answer.status == 401, answer.header("www-authenticate").is_some());
        }
    }
}

#[test]
fn every_response_has_a_request_id_and_may_be_read_by_any_page() {
    let mut service = TestService::default();
    for sent in [
        request("GET", "/healthz", None),
        request("POST", "/v1/ingest", Some(&json!({}))),
        request("GET", "/nowhere", None),
        request("OPTIONS", "/v1/ingest", None),
        Request { headers: vec![], ..request("POST", "/v1/ingest", None) },
    ] {
        let answer = service.send(&sent);
        let id = answer.header("x-request-id").unwrap();
        assert!(id.starts_with("req_"));
        if answer.status >= 400 {
            assert_eq!(answer.at("/error/request_id"), json!(id));
        }
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-expose-headers"), Some("Retry-After, x-request-id"));
    }
}

#[test]
fn preflights_are_answered() {
    let mut sent = request("OPTIONS", "/v1/ingest", None);
    sent.headers = vec![
        ("access-control-request-headers".into(), "authorization,x-custom".into()),
        ("access-control-request-private-network".into(), "true".into()),
    ];
    let answer = TestService::default().send(&sent);
    assert_eq!((answer.status, answer.response.body.len()), (204, 0));
    assert_eq!(answer.header("access-control-allow-headers"), Some("authorization,x-custom"));
    assert_eq!(answer.header("access-control-allow-private-network"), Some("true"));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("DELETE"));
}

#[test]
fn every_endpoint_is_found_at_its_path() {
    for endpoint in crate::api::endpoints() {
        let path = endpoint.path.replace(['{', '}'], "");
        let request = Request { method: endpoint.method.into(), path, ..Request::default() };
        let (found, _) = super::route(&request).unwrap();
        assert_eq!((found.method, found.path), (endpoint.method, endpoint.path));
    }
}
