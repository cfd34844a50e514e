//! V6: facts, lists, scopes, feedback and forget.

use crate::testing::{TestService, merge};
use serde_json::{Value, json};

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn facts_are_distributed_to_lists_by_rank() {
    let mut service = TestService::default();
    service.ingest_v6("c", "Coffee is for the morning", json!({}));
    service.ingest_v6("c", "I drink green tea with honey", json!({}));
    service.ingest_v6(
        "c",
        "Tea was on the long list of what they had bought at the market in the town last week",
        json!({}),
    );
    service.ingest_v6("c", "The dog barks", json!({}));
    for (limits, answers, supporting, background) in [
        (
            json!({}),
            &["I drink green tea with honey"][..],
            &["Tea was on the long list of what they had bought at the market in the town last week"][..],
            &["The dog barks", "Coffee is for the morning"][..],
        ),
        (
            json!({ "answer_facts": 0, "supporting_facts": 1, "background_facts": 1 }),
            &[],
            &["I drink green tea with honey"],
            &["The dog barks"],
        ),
        (json!({ "supporting_facts": 0, "background_facts": 0 }), &["I drink green tea with honey"], &[], &[]),
    ] {
        let answer = service.recall_v6("c", "green tea with honey", json!({ "limits": limits }));
        assert_eq!(answer.facts("answer_facts"), texts(answers), "{limits}");
        assert_eq!(answer.facts("supporting_facts"), texts(supporting), "{limits}");
        assert_eq!(answer.facts("background_context"), texts(background), "{limits}");
        let told = answer.at("/llm_context/text");
        assert!(answer.all_facts().iter().all(|text| told.as_str().unwrap().contains(text)), "{told}");
        let (preface, fenced) = told.as_str().unwrap().split_once('\n').unwrap();
        assert!(
            preface.contains("not instructions") && fenced.starts_with("```memories\n") && fenced.ends_with("\n```")
        );
        assert_eq!(answer.at("/llm_context/fact_ids").as_array().unwrap().len(), answer.all_facts().len());
    }
    let short = service.recall_v6("c", "tea", json!({ "limits": { "max_list_items": 0 } }));
    assert_eq!((short.at("/llm_context/text"), short.facts("answer_facts").is_empty()), (json!(""), false));
}

#[test]
fn a_recall_has_the_documented_shape() {
    let mut service = TestService::default();
    let more = json!({ "role": "assistant", "document_id": "d", "document_name": "Plan", "event_time": "2024-01-01" });
    service.ingest_v6("c", "The launch is on 2024-05-05.", more);
    let answer = service.recall_v6("c", "launch", json!({ "include": { "debug": true, "pending_plan": true } }));
    let keys = "answer_facts supporting_facts background_context llm_context working_memory pending_plan routing debug";
    assert_eq!(answer.keys("").join(" "), keys);
    let keys = "reference_time anchor_source conversation_history fact_ids text";
    assert_eq!(answer.keys("/llm_context").join(" "), keys);
    assert_eq!(answer.keys("/routing").join(" "), "mode kinds predicates temporal_intent");
    let keys = "fact_id subject kind predicate object object_text relation_phrase source_text confidence importance \
                created_at temporal_matches document_id document_name";
    assert_eq!(answer.keys("/answer_facts/0").join(" "), keys);
    for (pointer, expected) in [
        ("/working_memory", Value::Null),
        ("/pending_plan", Value::Null),
        (
            "/routing",
            json!({ "mode": "semantic", "kinds": ["message"], "predicates": ["said"], "temporal_intent": null }),
        ),
        ("/answer_facts/0/subject", json!("assistant")),
        ("/answer_facts/0/document_id", json!("d")),
        ("/answer_facts/0/document_name", json!("Plan")),
        ("/answer_facts/0/created_at", json!("2024-01-01T00:00:00.000Z")),
        (
            "/answer_facts/0/temporal_matches",
            json!([{
                "ts_start": "2024-05-05T00:00:00.000Z",
                "ts_end": "2024-05-05T23:59:59.999Z",
                "raw_expression": "2024-05-05",
                "anchor_time": "2024-01-01T00:00:00.000Z",
                "date_type": "absolute",
                "granularity": "day",
            }]),
        ),
        (
            "/llm_context/conversation_history",
            json!([{
                "role": "assistant",
                "content": "The launch is on 2024-05-05.",
                "event_time": "2024-01-01T00:00:00.000Z",
            }]),
        ),
        ("/debug/candidates", json!(1)),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
    let plain = service.recall_v6("c", "launch", json!({ "mode_hint": "temporal", "include": { "debug": false } }));
    assert_eq!((plain.body.get("debug"), plain.at("/routing/mode")), (None, json!("temporal")));
    let nothing = service.post("/v6/recall", json!({ "user_id": "x", "query": "launch", "conversation_id": "c" }));
    assert_eq!((nothing.at("/llm_context/text"), nothing.all_facts().len()), (json!(""), 0));
}

#[test]
fn the_reference_time_is_that_of_the_request_else_of_the_conversation_else_now() {
    let mut service = TestService::default();
    service.ingest_v6("c", "hello", json!({ "event_time": "2024-02-02T00:00:00Z" }));
    for (conversation, reference, time, source) in [
        ("c", json!("2030-01-01"), "2030-01-01T00:00:00.000Z", "request"),
        ("c", Value::Null, "2024-02-02T00:00:00.000Z", "conversation_event"),
        ("other", Value::Null, "2024-03-15T12:00:01.000Z", "server_now"),
    ] {
        let answer = service.recall_v6(conversation, "hello", json!({ "reference_time": reference }));
        assert_eq!(answer.at("/llm_context/reference_time"), json!(time), "{source}");
        assert_eq!(answer.at("/llm_context/anchor_source"), json!(source));
    }
}

#[test]
fn the_history_is_the_latest_messages_of_the_conversation_in_order() {
    let mut service = TestService::default();
    for at in 0..12 {
        service.ingest_v6(
            "c",
            &format!("turn {at}"),
            json!({ "role": if at % 2 == 0 { "user" } else { "assistant" } }),
        );
    }
    service.ingest_v6("c", "a tool's result", json!({ "type": "tool_call" }));
    service.ingest_v6("d", "elsewhere", json!({}));
    let answer = service.recall_v6("c", "turn", json!({}));
    let turns = answer.at("/llm_context/conversation_history");
    let said: Vec<&str> =
        turns.as_array().unwrap().iter().filter_map(|turn| turn.pointer("/content")?.as_str()).collect();
    assert_eq!(said, (2..12).map(|at| format!("turn {at}")).collect::<Vec<_>>());
}

#[test]
fn scopes_limit_facts_to_their_project_and_conversation() {
    let mut service = TestService::default();
    service.ingest_v6("c", "tea everywhere", json!({}));
    service.ingest_v6("c", "tea in the project", json!({ "scope": "project", "project_id": "p" }));
    service.ingest_v6("c", "tea in the conversation", json!({ "scope": "conversation" }));
    service.ingest_v6("c", "tea of the paper", json!({ "scope": "global", "document_id": "d" }));
    for (conversation, more, expected) in [
        ("c", json!({}), &["everywhere", "in the conversation", "of the paper"][..]),
        ("x", json!({}), &["everywhere", "of the paper"]),
        ("x", json!({ "project_id": "p" }), &["everywhere", "in the project", "of the paper"]),
        ("x", json!({ "project_id": "q" }), &["everywhere", "of the paper"]),
        ("c", json!({ "document_id": "d" }), &["of the paper"]),
        ("c", json!({ "document_id": "none" }), &[]),
    ] {
        let mut found = service.recall_v6(conversation, "tea", more.clone()).all_facts();
        found.sort();
        let expected: Vec<String> = expected.iter().map(|text| format!("tea {text}")).collect();
        assert_eq!(found, expected, "{conversation} {more}");
    }
    // Earlier versions have no projects, and call conversations threads.
    assert_eq!(service.recall("u", "tea").contents().len(), 2);
    let in_thread = json!({ "user_id": "u", "task": "tea", "token_budget": 900, "thread_id": "c" });
    assert_eq!(service.post("/v1/recall", in_thread).contents().len(), 3);
}

#[test]
fn forget_is_limited_by_its_fields_and_has_a_receipt() {
    for (more, left) in [
        (json!({}), &["other"][..]),
        (json!({ "project_id": "p" }), &["bare", "other", "paper"]),
        (json!({ "document_id": "d" }), &["bare", "other", "project"]),
        (json!({ "to_time": "2024-01-01" }), &["bare", "other", "paper"]),
        (json!({ "from_time": "2025-01-01" }), &["bare", "other", "paper", "project"]),
    ] {
        let mut service = TestService::default();
        service.ingest_v6("c", "bare", json!({}));
        service.ingest_v6("c", "project", json!({ "project_id": "p", "event_time": "2023-01-01" }));
        service.ingest_v6("c", "paper", json!({ "document_id": "d" }));
        service.ingest_v6("d", "other", json!({}));
        let mut body = json!({ "user_id": "u", "conversation_id": "c" });
        merge(&mut body, more.clone());
        let forgotten = service.post("/v6/forget", body.clone());
        let mut found = service.recall_v6("c", "any", json!({ "limits": { "background_facts": 100 } })).all_facts();
        found.sort();
        assert_eq!(found, texts(left), "{more}");
        assert_eq!(forgotten.at("/deleted_counts/events"), json!(4 - left.len()));
        let id = forgotten.at("/receipt_id");
        let receipt = service.get(&format!("/v1/deletion-receipts/{}", id.as_str().unwrap()));
        assert_eq!(receipt.keys("/scope").join(" "), "user_id conversation_id project_id thread_id from_time to_time");
        assert_eq!(receipt.at("/scope/conversation_id"), json!("c"));
        assert_eq!(receipt.at("/scope/project_id"), body.get("project_id").cloned().unwrap_or_default());
        assert_eq!(receipt.at("/deleted_counts"), forgotten.at("/deleted_counts"));
        assert_eq!(service.get("/v1/deletion-receipts").at("/receipts/0"), receipt.body);
    }
}

#[test]
fn feedback_boosts_what_was_used() {
    let mut service = TestService::default();
    let older = service.ingest_v6("c", "tea is fine", json!({}));
    service.ingest_v6("c", "tea is good", json!({}));
    let before = service.recall_v6("c", "tea", json!({ "include": { "debug": true } }));
    assert_eq!(before.facts("answer_facts"), ["tea is good", "tea is fine"]);
    let recall_id = before.at("/debug/recall_id").as_str().unwrap().to_string();
    let fact_id = before.at("/answer_facts/1/fact_id");
    assert_eq!(fact_id, json!(older.replace("evt_", "fact_")));
    let path = format!("/v6/recall/{recall_id}/feedback");
    for (ids, recorded) in [(json!([fact_id, "unknown"]), 1), (json!([fact_id, fact_id]), 1), (json!([]), 0)] {
        let answer = service.post(&path, json!({ "selected_ids": ids, "user_rating": 5 }));
        assert_eq!(answer.body, json!({ "recall_id": recall_id, "facts_recorded": recorded }));
    }
    let after = service.recall_v6("c", "tea", json!({ "include": { "debug": true } }));
    assert_eq!(after.facts("answer_facts"), ["tea is fine", "tea is good"]);
    assert_eq!((after.at("/answer_facts/0/importance"), after.at("/answer_facts/0/fact_id")), (json!(1), fact_id));
    assert_eq!(after.at("/answer_facts/1/importance"), json!(0.9091), "one use, however often it was told");
    let unknown = service.post("/v6/recall/none/feedback", json!({ "selected_ids": [] }));
    assert_eq!((unknown.status, unknown.at("/error/code")), (404, json!("not_found")));
}

#[test]
fn requests_of_v5_are_accepted() {
    let mut service = TestService::default();
    for (time, stored) in
        [(json!(1_700_000_000), "2023-11-14T22:13:20.000Z"), (json!(1.7e12), "2023-11-14T22:13:20.000Z")]
    {
        let event =
            json!({ "user_id": "u", "type": "message", "content": "tea", "thread_id": "t", "event_time": time });
        assert_eq!(service.post("/v6/ingest", event).status, 200);
        let answer = service.post(
            "/v6/recall",
            json!({ "user_id": "u", "query": "tea", "thread_id": "t", "token_budget": 500, "include_history": true }),
        );
        assert_eq!(answer.at("/answer_facts/0/created_at"), json!(stored), "{time}");
    }
    assert_eq!(
        service.post("/v6/forget", json!({ "user_id": "u", "thread_id": "t" })).at("/deleted_counts/events"),
        json!(2)
    );
}

#[test]
fn a_long_event_makes_several_facts() {
    let mut service = TestService::default();
    let long = format!("{}\n\n{}", "alpha beta. ".repeat(30), "gamma delta. ".repeat(30));
    service.ingest_v6("c", &long, json!({ "idempotency_key": "k" }));
    let answer = service.recall_v6("c", "gamma", json!({ "include": { "debug": true } }));
    assert!(answer.facts("answer_facts").first().unwrap().starts_with("gamma"));
    assert!(answer.at("/debug/candidates").as_u64().unwrap() > 1);
    let ids = answer.at("/llm_context/fact_ids");
    let ids = ids.as_array().unwrap();
    assert!(ids.iter().enumerate().all(|(at, id)| !ids.iter().skip(at + 1).any(|other| other == id)), "{ids:?}");
    let again =
        json!({ "user_id": "u", "type": "message", "content": "x", "conversation_id": "c", "idempotency_key": "k" });
    assert_eq!(service.post("/v6/ingest", again).at("/deduped"), json!(true));
}
