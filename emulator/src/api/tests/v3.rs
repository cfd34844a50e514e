//! V3: retention policies, parts of scores, feedback and tombstones.

use crate::testing::{TestService, merge};
use crate::time::DAY_MS;
use serde_json::{Value, json};

fn tell(service: &mut TestService, content: &str, more: Value) -> String {
    let mut body = json!({ "user_id": "u", "type": "message", "content": content });
    merge(&mut body, more);
    service.now += 1000;
    let answer = service.post("/v3/ingest", body);
    assert_eq!((answer.status, answer.at("/deduped")), (200, json!(false)), "{:?}", answer.body);
    answer.at("/event_id").as_str().unwrap().to_string()
}

fn recall(service: &mut TestService, task: &str, more: Value) -> crate::testing::Answer {
    let mut body = json!({ "user_id": "u", "task": task, "token_budget": 8000 });
    merge(&mut body, more);
    service.post("/v3/recall", body)
}

#[test]
fn a_recall_has_the_documented_shape() {
    let mut service = TestService::default();
    let id = tell(&mut service, "tea with milk", json!({}));
    tell(&mut service, "milk was bought", json!({ "type": "app_event" }));
    let answer = recall(&mut service, "tea milk", json!({ "entity_resolution": "merged" }));
    let keys = "recall_id as_of system_context memory_blocks citations token_estimate ingestion_lag_seconds";
    assert_eq!(answer.keys("").join(" "), keys);
    assert_eq!(answer.keys("/memory_blocks/0").join(" "), "type content source_ids evidence score score_breakdown");
    let keys =
        "type_weight relevance recency confidence frequency verified_boost intent_match thread_boost final_score";
    assert_eq!(answer.keys("/memory_blocks/0/score_breakdown").join(" "), keys);
    for (pointer, expected) in [
        ("/as_of", json!("2024-03-15T12:00:02.000Z")),
        ("/ingestion_lag_seconds", json!(0)),
        ("/memory_blocks/0/type", json!("raw_message")),
        ("/memory_blocks/1/type", json!("episode")),
        ("/memory_blocks/0/evidence", json!([{ "event_id": id, "quote": "tea with milk" }])),
        ("/memory_blocks/0/score", answer.at("/memory_blocks/0/score_breakdown/final_score")),
        ("/memory_blocks/0/score_breakdown/relevance", json!(1)),
        ("/memory_blocks/1/score_breakdown/intent_match", json!(0.5)),
        ("/citations/0", json!(id)),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
    assert!(answer.at("/recall_id").as_str().unwrap().starts_with("rcl_"));
    let strict = recall(&mut service, "tea milk", json!({ "min_confidence": answer.at("/memory_blocks/0/score") }));
    assert_eq!(strict.contents(), ["tea with milk"]);
}

#[test]
fn each_part_of_a_score_counts() {
    for (one, other, more, first) in [
        (json!({ "event_time": "2024-03-15" }), json!({ "event_time": "2023-03-15" }), json!({}), "tea one"),
        (json!({ "event_time": "2023-03-15" }), json!({ "event_time": "2024-03-15" }), json!({}), "tea two"),
        (json!({ "type": "message" }), json!({ "type": "app_event" }), json!({}), "tea one"),
        (json!({ "thread_id": "t" }), json!({}), json!({}), "tea two"),
        (json!({ "thread_id": "t" }), json!({}), json!({ "thread_id": "t" }), "tea one"),
    ] {
        let mut service = TestService::default();
        tell(&mut service, "tea one", one.clone());
        tell(&mut service, "tea two", other.clone());
        let found = recall(&mut service, "tea", more.clone()).contents();
        assert_eq!((found.first().map(String::as_str), found.len()), (Some(first), 2), "{one} {other} {more}");
    }
}

#[test]
fn feedback_boosts_what_was_used() {
    let mut service = TestService::default();
    let older = tell(&mut service, "tea is fine", json!({}));
    tell(&mut service, "tea is good", json!({}));
    let before = recall(&mut service, "tea", json!({}));
    assert_eq!(before.contents(), ["tea is good", "tea is fine"]);
    let recall_id = before.at("/recall_id").as_str().unwrap().to_string();
    let path = format!("/v3/recall/{recall_id}/feedback");
    for (ids, recorded) in [(json!([older, "unknown"]), 1), (json!([older]), 1), (json!([]), 0)] {
        let answer = service.post(&path, json!({ "fact_ids_used": ids }));
        assert_eq!(answer.body, json!({ "recall_id": recall_id, "facts_recorded": recorded }));
    }
    let after = recall(&mut service, "tea", json!({}));
    assert_eq!(after.contents(), ["tea is fine", "tea is good"]);
    assert_eq!(after.at("/memory_blocks/0/score_breakdown/verified_boost"), json!(0.1));
    assert_eq!(after.at("/memory_blocks/1/score_breakdown/verified_boost"), json!(0));
    // V1 does not use feedback.
    assert_eq!(service.recall("u", "tea").contents(), ["tea is good", "tea is fine"]);
    assert_eq!(service.post("/v3/recall/none/feedback", json!({ "fact_ids_used": [] })).status, 404);
}

#[test]
fn forgotten_events_are_tombstones_until_the_grace_period_ends() {
    let mut service = TestService::default();
    tell(&mut service, "tea of mine", json!({ "thread_id": "t", "idempotency_key": "k" }));
    tell(&mut service, "tea of theirs", json!({}));
    let answer = service.post("/v3/forget", json!({ "user_id": "u", "thread_id": "t" }));
    assert_eq!(answer.keys("").join(" "), "receipt_id audit_id phase events_tombstoned grace_expires_at");
    for (pointer, expected) in [
        ("/phase", json!("tombstoned")),
        ("/events_tombstoned", json!(1)),
        ("/grace_expires_at", json!("2024-04-14T12:00:02.000Z")),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
    assert_eq!(recall(&mut service, "tea", json!({})).contents(), ["tea of theirs"]);
    assert_eq!(service.recall("u", "tea").contents(), ["tea of theirs"]);
    let receipt = format!("/v1/deletion-receipts/{}", answer.at("/receipt_id").as_str().unwrap());
    let at = |service: &mut TestService| service.get(&receipt).at("/completed_at");
    assert_eq!((at(&mut service), service.get(&receipt).at("/deleted_counts/events")), (Value::Null, json!(1)));
    assert!(service.inner.store.export().contains("tea of mine"));
    // Forgetting again finds nothing, and the idempotency key can be used again.
    let again = service.post("/v3/forget", json!({ "user_id": "u", "thread_id": "t" }));
    assert_eq!(again.at("/events_tombstoned"), json!(0));
    tell(&mut service, "anew", json!({ "idempotency_key": "k" }));
    service.now += 30 * DAY_MS;
    assert_eq!(at(&mut service), json!("2024-04-14T12:00:02.000Z"));
    assert!(!service.inner.store.export().contains("tea of mine"));
}

#[test]
fn an_immediate_deletion_has_no_grace() {
    let mut service = TestService::default();
    tell(&mut service, "tea", json!({}));
    let answer = service.post("/v3/forget", json!({ "user_id": "u", "immediate": true }));
    assert_eq!(answer.keys("").join(" "), "receipt_id audit_id phase events_tombstoned");
    assert_eq!((answer.at("/phase"), answer.at("/events_tombstoned")), (json!("deleted"), json!(1)));
    let receipts = service.get("/v1/deletion-receipts");
    assert_eq!(receipts.at("/receipts/0/completed_at"), receipts.at("/receipts/0/requested_at"));
    assert!(!service.inner.store.export().contains("tea"));
}

#[test]
fn a_legal_hold_prevents_the_whole_deletion() {
    for (path, body) in [
        ("/v3/forget", json!({ "user_id": "u" })),
        ("/v3/forget", json!({ "user_id": "u", "immediate": true })),
        ("/v3/forget", json!({ "user_id": "u", "thread_id": "c" })),
        ("/v1/forget", json!({ "user_id": "u" })),
        ("/v2/forget", json!({ "user_id": "u" })),
        ("/v6/forget", json!({ "user_id": "u", "conversation_id": "c" })),
    ] {
        let mut service = TestService::default();
        let held = tell(&mut service, "tea held", json!({ "thread_id": "c", "retention_policy": "legal_hold" }));
        tell(&mut service, "tea free", json!({ "thread_id": "c" }));
        tell(&mut service, "tea elsewhere", json!({ "thread_id": "d", "retention_policy": "standard" }));
        let answer = service.post(path, body.clone());
        assert_eq!((answer.status, answer.at("/error/code")), (409, json!("legal_hold")), "{path} {body}");
        assert_eq!(answer.at("/error/details"), json!({ "events_held": 1, "event_ids": [held] }));
        assert_eq!(recall(&mut service, "tea", json!({})).contents().len(), 3);
        assert_eq!(service.get("/v1/deletion-receipts").at("/total"), json!(0));
        let outside = service.post("/v3/forget", json!({ "user_id": "u", "thread_id": "d" }));
        assert_eq!((outside.status, outside.at("/events_tombstoned")), (200, json!(1)));
    }
}

#[test]
fn an_ephemeral_event_is_deleted_after_a_day() {
    let mut service = TestService::default();
    tell(&mut service, "tea today", json!({ "retention_policy": "ephemeral" }));
    tell(&mut service, "tea always", json!({}));
    service.now += DAY_MS - 1001;
    assert_eq!(recall(&mut service, "tea", json!({})).contents().len(), 2);
    service.now += 1;
    assert_eq!(recall(&mut service, "tea", json!({})).contents(), ["tea always"]);
    assert!(!service.inner.store.export().contains("tea today"));
}
