//! `explain: true` in recalls of every version.

use super::{post, texts};
use crate::testing::TestService;
use serde_json::json;

#[test]
fn an_explanation_has_reasons_for_blocks_and_omitted_events() {
    let mut service = TestService::default();
    service.ingest_with(
        "u",
        "I prefer window seats on planes, and always did, ever since the long flight over the mountains in May",
        json!({ "thread_id": "t", "role": "user" }),
    );
    service.ingest_with("u", "A window seat it is", json!({ "thread_id": "other" }));
    service.ingest_with("u", &format!("Seats: {}", "row after row. ".repeat(200)), json!({ "thread_id": "t" }));
    service.ingest_with("u", "The cat is called Pixel", json!({ "thread_id": "t" }));
    let body = json!({ "user_id": "u", "task": "Which window seats?", "token_budget": 200, "thread_id": "t", "explain": true });
    let answer = post(&mut service, "/_claiv/api/quiet/v1/recall", body.clone());
    let explain = &answer["explain"];
    assert_eq!(explain["words"], json!({ "counted": ["window", "seats"], "ignored": ["which"] }));
    assert_eq!((&explain["order"], &explain["matching"]), (&json!("best"), &json!(2)));
    let block = &explain["blocks"][0];
    assert_eq!(block["words"], json!(["window", "seats"]));
    assert_eq!((&block["score"], &block["whole"], &block["role"]), (&json!(1.0), &json!(true), &json!("user")));
    assert_eq!(block["event_id"], answer["memory_blocks"][0]["source_ids"][0]);
    assert_eq!(explain["left_out"]["counts"], json!({ "budget": 1, "no_match": 1, "scope": 1 }));
    let reasons = texts(&explain["left_out"]["items"], "detail");
    assert!(reasons.contains(&"it is of another thread".to_string()), "{reasons:?}");
    // Equal to the answer of the service, but for the explanation.
    let mut plain = service.post("/v1/recall", body).body;
    assert_eq!(plain["explain"], answer["explain"]);
    plain.as_object_mut().unwrap().remove("explain");
    let asked = json!({ "user_id": "u", "task": "Which window seats?", "token_budget": 200, "thread_id": "t" });
    assert_eq!(service.post("/v1/recall", asked).body, plain);
}

#[test]
fn older_events_are_omitted_where_nothing_matches_and_others_below_min_confidence() {
    let mut service = TestService::default();
    for number in 0..30 {
        service.ingest("u", &format!("Note {number} {}", "padding ".repeat(10)));
    }
    let body = json!({ "user_id": "u", "task": "zebra", "token_budget": 200, "explain": true });
    let explain = service.post("/v1/recall", body).at("/explain");
    assert_eq!(explain["order"], "newest");
    let included = explain["blocks"].as_array().unwrap().len();
    assert_eq!(explain["left_out"]["counts"], json!({ "older": 30 - included }));
    let body =
        json!({ "user_id": "u", "task": "note 3", "token_budget": 8000, "min_confidence": 0.9, "explain": true });
    let explain = service.post("/v1/recall", body).at("/explain");
    assert_eq!(explain["left_out"]["counts"], json!({ "confidence": 29 }));
}

#[test]
fn every_version_explains_and_accounts_for_each_event_once() {
    let mut service = TestService::default();
    for number in 0..40 {
        service.ingest_v6(
            if number % 2 == 0 { "c" } else { "d" },
            &format!("Seat {number} is by the window"),
            json!({}),
        );
    }
    service.ingest_v6("d", "Kept to the other conversation: a seat", json!({ "scope": "conversation" }));
    let mut requests = vec![
        ("/v1/recall", json!({ "task": "window seat", "token_budget": 300 })),
        ("/v3/recall", json!({ "task": "window seat", "token_budget": 300, "thread_id": "c" })),
        ("/v6/recall", json!({ "query": "window seat", "conversation_id": "c" })),
    ];
    for mode in ["state", "delta", "tasks", "audit", "compose", "conversation"] {
        requests.push(("/v2/recall", json!({ "task": "window seat", "token_budget": 300, "mode": mode })));
    }
    for (path, mut body) in requests {
        crate::testing::merge(&mut body, json!({ "user_id": "u", "explain": true }));
        let explain = service.post(path, body.clone()).at("/explain");
        let blocks = explain["blocks"].as_array().unwrap();
        let mut ids = texts(&explain["blocks"], "event_id");
        ids.sort();
        ids.dedup();
        let counts = explain["left_out"]["counts"].as_object().unwrap();
        let left_out: u64 = counts.values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(ids.len() as u64 + left_out, 41, "{path} {body} {counts:?}");
        assert!(counts.contains_key("scope"), "{path} {body}");
        assert!(blocks.iter().all(|block| block["tokens"].as_u64().unwrap() > 0));
    }
}
