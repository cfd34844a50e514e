//! Recall and forget of V2: modes, filters, evidence and counts.

use crate::testing::{Answer, TestService};
use serde_json::{Value, json};

fn recall(service: &mut TestService, more: &Value) -> Answer {
    let mut body = json!({ "user_id": "u", "task": "garden work", "token_budget": 8000 });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    service.post("/v2/recall", body)
}

fn service() -> TestService {
    let mut service = TestService::default();
    for (content, more) in [
        ("Work in the garden was fun", json!({ "event_time": "2024-01-01", "metadata": { "relation": "likes" } })),
        ("I need to call the plumber", json!({ "event_time": "2024-03-10", "thread_id": "t" })),
        (
            "The garden fence is done",
            json!({ "event_time": "2024-03-12", "metadata": { "relations": ["owns", "fence"] } }),
        ),
        ("Rake the leaves", json!({ "event_time": "2024-03-14", "thread_id": "t", "metadata": { "status": "open" } })),
        ("Buy seeds", json!({ "event_time": "2024-03-13", "metadata": { "status": "Completed" } })),
        ("Alice works at Initech", json!({ "event_time": "2024-02-01" })),
    ] {
        service.ingest_with("u", content, more);
    }
    service
}

#[test]
fn modes_and_filters_select_events() {
    let fun = "Work in the garden was fun";
    let (plumber, fence, rake, seeds, alice) = (
        "I need to call the plumber",
        "The garden fence is done",
        "Rake the leaves",
        "Buy seeds",
        "Alice works at Initech",
    );
    for (more, expected) in [
        (json!({}), vec![fun, fence, alice]),
        (json!({ "mode": "compose", "min_confidence": 0.9 }), vec![fun]),
        (json!({ "mode": "delta" }), vec![rake, seeds, fence, plumber]),
        (json!({ "mode": "delta", "since": "2024-03-13" }), vec![rake, seeds]),
        (json!({ "mode": "delta", "since": "2024-03-13T12:00:00Z" }), vec![rake]),
        (json!({ "since": "2024-02-01" }), vec![fence, alice]),
        (json!({ "mode": "audit" }), vec![fun, alice, plumber, fence, seeds, rake]),
        (json!({ "mode": "conversation", "thread_id": "t" }), vec![plumber, rake]),
        (json!({ "mode": "tasks" }), vec![rake, plumber]),
        (json!({ "mode": "tasks", "status": "completed" }), vec![fence, seeds]),
        (json!({ "mode": "tasks", "status": "all" }), vec![fence, rake, seeds, plumber]),
        (json!({ "mode": "audit", "status": "open" }), vec![plumber, rake]),
        (json!({ "relations": ["likes"] }), vec![fun]),
        (json!({ "relations": ["owns"] }), vec![fence]),
        (json!({ "relations": ["works_at", "likes"], "mode": "audit" }), vec![fun, alice]),
        (json!({ "relations": ["call-plumber"] }), vec![plumber]),
        (json!({ "relations": ["unheard_of"] }), vec![]),
    ] {
        assert_eq!(recall(&mut service(), &more).contents(), expected, "{more}");
    }
}

#[test]
fn the_mode_conversation_returns_the_latest_messages_in_order() {
    let mut service = TestService::default();
    for turn in 0..100 {
        service.ingest_with("u", &format!("turn {turn:02} {}", "word ".repeat(20)), json!({ "thread_id": "t" }));
    }
    let answer = recall(&mut service, &json!({ "mode": "conversation", "thread_id": "t", "token_budget": 500 }));
    let turns: Vec<String> = answer.contents().iter().filter_map(|text| text.get(5..7).map(String::from)).collect();
    let kept: Vec<String> = (100 - turns.len()..100).map(|turn| format!("{turn:02}")).collect();
    assert_eq!(turns, kept);
    assert!(turns.len() > 10);
}

#[test]
fn blocks_carry_evidence() {
    let block = recall(&mut service(), &json!({})).at("/memory_blocks/0");
    assert_eq!(block.get("type"), Some(&json!("episode")));
    assert_eq!(block.pointer("/evidence/0/event_id"), block.pointer("/source_ids/0"));
    assert_eq!(block.pointer("/evidence/0/quote"), block.get("content"));
}

#[test]
fn forgetting_has_the_counts_of_v2() {
    let mut service = service();
    let counts = |events: u64| json!({ "events": events, "assertions": 0, "episodes": events, "entities": 0, "conflicts": 0, "extraction_failures": 0 });
    let answer = service.post("/v2/forget", json!({ "user_id": "u", "thread_id": "t" }));
    assert_eq!((answer.at("/deleted_counts"), answer.at("/warnings")), (counts(2), Value::Null));
    let again = service.post("/v2/forget", json!({ "user_id": "u", "thread_id": "t" }));
    assert_eq!(again.at("/deleted_counts"), counts(0));
    assert_eq!(again.at("/warnings").as_array().unwrap().len(), 1);
    assert_eq!(service.get("/v1/deletion-receipts").at("/total"), json!(2));
}
