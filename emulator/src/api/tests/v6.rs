//! Conversations, facts and their scopes.

use crate::testing::{Bench, merge};
use serde_json::{Value, json};

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

#[test]
fn facts_go_where_their_rank_puts_them() {
    let mut bench = Bench::default();
    bench.say("c", "Coffee is for the morning", json!({}));
    bench.say("c", "I drink green tea with honey", json!({}));
    bench.say("c", "Tea was on the long list of what they had bought at the market in the town last week", json!({}));
    bench.say("c", "The dog barks", json!({}));
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
        let answer = bench.ask("c", "green tea with honey", json!({ "limits": limits }));
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
    let short = bench.ask("c", "tea", json!({ "limits": { "max_list_items": 0 } }));
    assert_eq!((short.at("/llm_context/text"), short.facts("answer_facts").is_empty()), (json!(""), false));
}

#[test]
fn a_recall_has_the_documented_shape() {
    let mut bench = Bench::default();
    let more = json!({ "role": "assistant", "document_id": "d", "document_name": "Plan", "event_time": "2024-01-01" });
    bench.say("c", "The launch is on 2024-05-05.", more);
    let answer = bench.ask("c", "launch", json!({ "include": { "debug": true, "pending_plan": true } }));
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
    let plain = bench.ask("c", "launch", json!({ "mode_hint": "temporal", "include": { "debug": false } }));
    assert_eq!((plain.body.get("debug"), plain.at("/routing/mode")), (None, json!("temporal")));
    let nothing = bench.post("/v6/recall", json!({ "user_id": "x", "query": "launch", "conversation_id": "c" }));
    assert_eq!((nothing.at("/llm_context/text"), nothing.all_facts().len()), (json!(""), 0));
}

#[test]
fn the_reference_time_is_the_requests_or_the_conversations_or_now() {
    let mut bench = Bench::default();
    bench.say("c", "hello", json!({ "event_time": "2024-02-02T00:00:00Z" }));
    for (conversation, reference, time, source) in [
        ("c", json!("2030-01-01"), "2030-01-01T00:00:00.000Z", "request"),
        ("c", Value::Null, "2024-02-02T00:00:00.000Z", "conversation_event"),
        ("other", Value::Null, "2024-03-15T12:00:01.000Z", "server_now"),
    ] {
        let answer = bench.ask(conversation, "hello", json!({ "reference_time": reference }));
        assert_eq!(answer.at("/llm_context/reference_time"), json!(time), "{source}");
        assert_eq!(answer.at("/llm_context/anchor_source"), json!(source));
    }
}

#[test]
fn the_history_is_the_latest_messages_of_the_conversation_in_order() {
    let mut bench = Bench::default();
    for at in 0..12 {
        bench.say("c", &format!("turn {at}"), json!({ "role": if at % 2 == 0 { "user" } else { "assistant" } }));
    }
    bench.say("c", "a tool's result", json!({ "type": "tool_call" }));
    bench.say("d", "elsewhere", json!({}));
    let answer = bench.ask("c", "turn", json!({}));
    let turns = answer.at("/llm_context/conversation_history");
    let said: Vec<&str> =
        turns.as_array().unwrap().iter().filter_map(|turn| turn.pointer("/content")?.as_str()).collect();
    assert_eq!(said, (2..12).map(|at| format!("turn {at}")).collect::<Vec<_>>());
}

#[test]
fn scopes_keep_facts_to_their_project_and_conversation() {
    let mut bench = Bench::default();
    bench.say("c", "tea everywhere", json!({}));
    bench.say("c", "tea in the project", json!({ "scope": "project", "project_id": "p" }));
    bench.say("c", "tea in the conversation", json!({ "scope": "conversation" }));
    bench.say("c", "tea of the paper", json!({ "scope": "global", "document_id": "d" }));
    for (conversation, more, expected) in [
        ("c", json!({}), &["everywhere", "in the conversation", "of the paper"][..]),
        ("x", json!({}), &["everywhere", "of the paper"]),
        ("x", json!({ "project_id": "p" }), &["everywhere", "in the project", "of the paper"]),
        ("x", json!({ "project_id": "q" }), &["everywhere", "of the paper"]),
        ("c", json!({ "document_id": "d" }), &["of the paper"]),
        ("c", json!({ "document_id": "none" }), &[]),
    ] {
        let mut found = bench.ask(conversation, "tea", more.clone()).all_facts();
        found.sort();
        let expected: Vec<String> = expected.iter().map(|text| format!("tea {text}")).collect();
        assert_eq!(found, expected, "{conversation} {more}");
    }
    // The versions before know of no project, and of conversations as threads.
    assert_eq!(bench.recall("u", "tea").contents().len(), 2);
    let in_thread = json!({ "user_id": "u", "task": "tea", "token_budget": 900, "thread_id": "c" });
    assert_eq!(bench.post("/v1/recall", in_thread).contents().len(), 3);
}

#[test]
fn forgetting_keeps_to_its_limits_and_has_a_receipt() {
    for (more, left) in [
        (json!({}), &["other"][..]),
        (json!({ "project_id": "p" }), &["bare", "other", "paper"]),
        (json!({ "document_id": "d" }), &["bare", "other", "project"]),
        (json!({ "to_time": "2024-01-01" }), &["bare", "other", "paper"]),
        (json!({ "from_time": "2025-01-01" }), &["bare", "other", "paper", "project"]),
    ] {
        let mut bench = Bench::default();
        bench.say("c", "bare", json!({}));
        bench.say("c", "project", json!({ "project_id": "p", "event_time": "2023-01-01" }));
        bench.say("c", "paper", json!({ "document_id": "d" }));
        bench.say("d", "other", json!({}));
        let mut body = json!({ "user_id": "u", "conversation_id": "c" });
        merge(&mut body, more.clone());
        let forgotten = bench.post("/v6/forget", body.clone());
        let mut found = bench.ask("c", "any", json!({ "limits": { "background_facts": 100 } })).all_facts();
        found.sort();
        assert_eq!(found, texts(left), "{more}");
        assert_eq!(forgotten.at("/deleted_counts/events"), json!(4 - left.len()));
        let id = forgotten.at("/receipt_id");
        let receipt = bench.get(&format!("/v1/deletion-receipts/{}", id.as_str().unwrap()));
        assert_eq!(receipt.keys("/scope").join(" "), "user_id conversation_id project_id thread_id from_time to_time");
        assert_eq!(receipt.at("/scope/conversation_id"), json!("c"));
        assert_eq!(receipt.at("/scope/project_id"), body.get("project_id").cloned().unwrap_or_default());
        assert_eq!(receipt.at("/deleted_counts"), forgotten.at("/deleted_counts"));
        assert_eq!(bench.get("/v1/deletion-receipts").at("/receipts/0"), receipt.body);
    }
}

#[test]
fn feedback_raises_what_was_used() {
    let mut bench = Bench::default();
    let older = bench.say("c", "tea is fine", json!({}));
    bench.say("c", "tea is good", json!({}));
    let before = bench.ask("c", "tea", json!({ "include": { "debug": true } }));
    assert_eq!(before.facts("answer_facts"), ["tea is good", "tea is fine"]);
    let recall_id = before.at("/debug/recall_id").as_str().unwrap().to_string();
    let fact_id = before.at("/answer_facts/1/fact_id");
    assert_eq!(fact_id, json!(older.replace("evt_", "fact_")));
    let path = format!("/v6/recall/{recall_id}/feedback");
    for (ids, recorded) in [(json!([fact_id, "unknown"]), 1), (json!([fact_id, fact_id]), 1), (json!([]), 0)] {
        let answer = bench.post(&path, json!({ "selected_ids": ids, "user_rating": 5 }));
        assert_eq!(answer.body, json!({ "recall_id": recall_id, "facts_recorded": recorded }));
    }
    let after = bench.ask("c", "tea", json!({ "include": { "debug": true } }));
    assert_eq!(after.facts("answer_facts"), ["tea is fine", "tea is good"]);
    assert_eq!((after.at("/answer_facts/0/importance"), after.at("/answer_facts/0/fact_id")), (json!(1), fact_id));
    assert_eq!(after.at("/answer_facts/1/importance"), json!(0.9091), "one use, however often it was told");
    let unknown = bench.post("/v6/recall/none/feedback", json!({ "selected_ids": [] }));
    assert_eq!((unknown.status, unknown.at("/error/code")), (404, json!("not_found")));
}

#[test]
fn the_requests_of_v5_are_taken() {
    let mut bench = Bench::default();
    for (time, stored) in
        [(json!(1_700_000_000), "2023-11-14T22:13:20.000Z"), (json!(1.7e12), "2023-11-14T22:13:20.000Z")]
    {
        let event =
            json!({ "user_id": "u", "type": "message", "content": "tea", "thread_id": "t", "event_time": time });
        assert_eq!(bench.post("/v6/ingest", event).status, 200);
        let answer = bench.post(
            "/v6/recall",
            json!({ "user_id": "u", "query": "tea", "thread_id": "t", "token_budget": 500, "include_history": true }),
        );
        assert_eq!(answer.at("/answer_facts/0/created_at"), json!(stored), "{time}");
    }
    assert_eq!(
        bench.post("/v6/forget", json!({ "user_id": "u", "thread_id": "t" })).at("/deleted_counts/events"),
        json!(2)
    );
}

#[test]
fn a_long_event_makes_several_facts() {
    let mut bench = Bench::default();
    let long = format!("{}\n\n{}", "alpha beta. ".repeat(30), "gamma delta. ".repeat(30));
    bench.say("c", &long, json!({ "idempotency_key": "k" }));
    let answer = bench.ask("c", "gamma", json!({ "include": { "debug": true } }));
    assert!(answer.facts("answer_facts").first().unwrap().starts_with("gamma"));
    assert!(answer.at("/debug/candidates").as_u64().unwrap() > 1);
    let ids = answer.at("/llm_context/fact_ids");
    let ids = ids.as_array().unwrap();
    assert!(ids.iter().enumerate().all(|(at, id)| !ids.iter().skip(at + 1).any(|other| other == id)), "{ids:?}");
    let again =
        json!({ "user_id": "u", "type": "message", "content": "x", "conversation_id": "c", "idempotency_key": "k" });
    assert_eq!(bench.post("/v6/ingest", again).at("/deduped"), json!(true));
}
