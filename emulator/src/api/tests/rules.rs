//! Validation of requests.

use crate::testing::{TestService, request};
use serde_json::{Value, json};

fn issues(body: &Value) -> Vec<String> {
    let list = body.pointer("/error/details/issues").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|issue| Some(issue.get("path")?.as_str()?.to_string())).collect()
}

#[test]
fn every_issue_of_a_request_is_named() {
    let ingest = json!({ "user_id": "u", "type": "message", "content": "c" });
    let recall = json!({ "user_id": "u", "task": "t", "token_budget": 200 });
    let forget = json!({ "user_id": "u" });
    let said = json!({ "user_id": "u", "type": "message", "content": "c", "conversation_id": "c" });
    let query = json!({ "user_id": "u", "query": "q", "conversation_id": "c" });
    let in_conversation = json!({ "user_id": "u", "conversation_id": "c" });
    let cases = [
        ("/v1/ingest", &ingest, json!({ "user_id": null }), "user_id"),
        ("/v1/ingest", &ingest, json!({ "user_id": "" }), "user_id"),
        ("/v1/ingest", &ingest, json!({ "user_id": 7, "content": ["c"] }), "user_id content"),
        ("/v1/ingest", &ingest, json!({ "type": "note", "role": "boss" }), "type role"),
        ("/v1/ingest", &ingest, json!({ "content": "" }), "content"),
        ("/v1/ingest", &ingest, json!({ "metadata": [] }), "metadata"),
        (
            "/v1/ingest",
            &ingest,
            json!({ "event_time": "now", "thread_id": "", "idempotency_key": 1 }),
            "thread_id event_time idempotency_key",
        ),
        ("/v1/recall", &recall, json!({ "task": null, "token_budget": 199 }), "task token_budget"),
        ("/v1/recall", &recall, json!({ "token_budget": 8001 }), "token_budget"),
        ("/v1/recall", &recall, json!({ "token_budget": 300.5 }), "token_budget"),
        ("/v1/recall", &recall, json!({ "token_budget": "300" }), "token_budget"),
        ("/v1/recall", &recall, json!({ "token_budget": true }), "token_budget"),
        ("/v1/recall", &recall, json!({ "min_confidence": 1.1, "scope": "all" }), "min_confidence scope"),
        ("/v1/recall", &recall, json!({ "min_confidence": "high" }), "min_confidence"),
        ("/v1/recall", &recall, json!({ "scope": { "from_time": "x" } }), "scope.from_time"),
        ("/v1/forget", &forget, json!({ "user_id": {}, "from_time": 5 }), "user_id from_time"),
        ("/v1/forget", &forget, json!({ "from_time": "2024-01-02", "to_time": "2024-01-01" }), "to_time"),
        ("/v2/forget", &forget, json!({ "thread_id": 5, "to_time": "x" }), "thread_id to_time"),
        ("/v3/ingest", &ingest, json!({ "retention_policy": "forever", "thread_id": 1 }), "thread_id retention_policy"),
        (
            "/v3/recall",
            &recall,
            json!({ "entity_resolution": "x", "token_budget": 1 }),
            "token_budget entity_resolution",
        ),
        ("/v3/forget", &forget, json!({ "immediate": "yes", "from_time": 1 }), "from_time immediate"),
        ("/v6/ingest", &said, json!({ "conversation_id": null }), "conversation_id"),
        ("/v6/ingest", &said, json!({ "conversation_id": 1, "scope": "all" }), "conversation_id scope"),
        ("/v6/ingest", &said, json!({ "scope": "project" }), "project_id"),
        ("/v6/ingest", &said, json!({ "event_time": 1e30, "document_id": "" }), "document_id event_time"),
        ("/v6/recall", &query, json!({ "query": "", "conversation_id": null }), "query conversation_id"),
        (
            "/v6/recall",
            &query,
            json!({ "limits": { "answer_facts": -1, "document_chunks": 1.5 }, "include": { "debug": 1 } }),
            "limits.answer_facts limits.document_chunks include.debug",
        ),
        ("/v6/recall", &query, json!({ "limits": { "document_chunks": 0 } }), "limits.document_chunks"),
        ("/v6/recall", &query, json!({ "limits": { "document_chunks": 51 } }), "limits.document_chunks"),
        ("/v6/recall", &query, json!({ "limits": { "answer_facts": 101 } }), "limits.answer_facts"),
        ("/v6/recall", &query, json!({ "limits": [], "include": true }), "limits include"),
        ("/v6/recall", &query, json!({ "reference_time": "soon", "mode_hint": 1 }), "reference_time mode_hint"),
        ("/v6/forget", &in_conversation, json!({ "conversation_id": 5 }), "conversation_id"),
        ("/v1/forget", &forget, json!({ "threadId": "t", "from": "2024-01-01" }), "threadId from"),
        ("/v2/forget", &forget, json!({ "conversation_id": "c" }), "conversation_id"),
        ("/v3/forget", &forget, json!({ "projectId": "p" }), "projectId"),
        ("/v6/forget", &in_conversation, json!({ "region": "eu" }), "region"),
        ("/v6/forget", &in_conversation, json!({ "from_time": "2024-01-02", "to_time": "2024-01-01" }), "to_time"),
        (
            "/v2/recall",
            &recall,
            json!({ "mode": "x", "since": "x", "relations": "x", "status": "x" }),
            "mode since relations status",
        ),
        ("/v2/recall", &recall, json!({ "relations": [1], "token_budget": null }), "token_budget relations"),
    ];
    for (path, good, change, expected) in cases {
        let mut service = TestService::default();
        assert_eq!(service.post(path, good.clone()).status, 200, "{path} {good}");
        let mut body = good.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = service.post(path, body);
        assert_eq!((answer.status, answer.at("/error/code")), (400, json!("invalid_request")), "{path} {change}");
        assert_eq!(issues(&answer.body).join(" "), expected, "{path} {change}");
        let message = answer.at("/error/message");
        assert!(expected.split(' ').all(|path| message.as_str().unwrap().contains(path)), "{message}");
    }
    let mut service = TestService::default();
    for (path, body, expected) in [
        ("/v3/recall/x/feedback", json!({}), "fact_ids_used"),
        ("/v3/recall/x/feedback", json!({ "fact_ids_used": "x" }), "fact_ids_used"),
        ("/v6/documents", json!({ "position": -1 }), "user_id content document_name project_id position"),
        ("/v6/collections", json!({ "ordered": "yes" }), "user_id project_id name ordered"),
        ("/v6/collections/c/documents", json!({ "position": 1.5 }), "document_id user_id position"),
        ("/v6/recall/x/feedback", json!({ "selected_ids": [1], "user_rating": 6 }), "selected_ids user_rating"),
    ] {
        let answer = service.post(path, body);
        assert_eq!((answer.status, issues(&answer.body).join(" ").as_str()), (400, expected), "{path}");
    }
    for (target, expected) in [
        ("/v1/deletion-receipts?limit=0&offset=-1", "limit offset"),
        ("/v1/deletion-receipts?limit=101", "limit"),
        ("/v1/deletion-receipts?limit=ten&user_id=", "user_id limit"),
        ("/v6/documents?limit=0", "user_id limit"),
        ("/v6/collections?offset=x&project_id=", "user_id project_id offset"),
        ("/v6/collections/c", "user_id"),
        ("/v1/usage/summary?range=year", "range"),
        ("/v1/usage/breakdown?range=", "range"),
    ] {
        let answer = TestService::default().get(target);
        assert_eq!((answer.status, issues(&answer.body).join(" ").as_str()), (400, expected), "{target}");
    }
}

#[test]
fn valid_requests_of_every_kind_are_accepted() {
    let mut service = TestService::default();
    for (path, body) in [
        (
            "/v1/ingest",
            json!({ "user_id": "u", "type": "tool_call", "content": "c", "role": "tool", "thread_id": null, "metadata": { "a": [1, null] }, "event_time": "2024-01-01T00:00:00+02:00", "extra": 1 }),
        ),
        ("/v1/ingest", json!({ "user_id": "u", "type": "app_event", "content": " " })),
        (
            "/v1/recall",
            json!({ "user_id": "u", "task": "t", "token_budget": 8000.0, "min_confidence": 0, "scope": null }),
        ),
        (
            "/v2/recall",
            json!({ "user_id": "u", "task": "t", "token_budget": 200, "mode": "delta", "since": "2024-01-01", "relations": [], "status": "all" }),
        ),
        ("/v1/forget", json!({ "user_id": "u", "from_time": "2024-01-01", "to_time": "2024-01-01" })),
    ] {
        let answer = service.post(path, body);
        assert_eq!(answer.status, 200, "{:?}", answer.body);
    }
}

#[test]
fn a_body_that_is_not_an_object_is_an_issue_of_the_body() {
    for body in ["", "{", "[]", "null", "\"x\"", "{\"user_id\":\"u\"", "<html>", "{\"a\":1}x"] {
        let mut sent = request("POST", "/v1/ingest", None);
        sent.body = crate::http::Body::Bytes(body.as_bytes().to_vec());
        let answer = TestService::default().send(&sent);
        assert_eq!((answer.status, issues(&answer.body)), (400, vec![String::new()]), "{body}");
    }
}
