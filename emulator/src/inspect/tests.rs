#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use super::{Clock, Outcome, respond};
use crate::options::Settings;
use crate::testing::{TestService, request};
use serde_json::{Value, json};

mod explain;

fn ask(service: &mut TestService, method: &str, target: &str, body: Option<Value>) -> (Outcome, Value) {
    let now = service.now;
    let outcome = respond(&mut service.inner, &request(method, target, body.as_ref()), now);
    let text = String::from_utf8(outcome.response.body.clone()).unwrap();
    let value = crate::json::parse(&text).unwrap();
    (outcome, value)
}

fn get(service: &mut TestService, target: &str) -> Value {
    let (outcome, value) = ask(service, "GET", target, None);
    assert_eq!(outcome.response.status, 200, "{target}: {value}");
    value
}

fn post(service: &mut TestService, target: &str, body: Value) -> Value {
    let (outcome, value) = ask(service, "POST", target, Some(body));
    assert_eq!(outcome.response.status, 200, "{target}: {value}");
    value
}

fn texts(value: &Value, field: &str) -> Vec<String> {
    value.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap().to_string()).collect()
}

#[test]
fn a_key_is_required_and_pages_of_other_origins_may_not_read_the_response() {
    let mut service = TestService::new(Settings { api_keys: Some(vec!["secret".into()]), ..Settings::default() });
    let (outcome, _) = ask(&mut service, "GET", "/_claiv/api/overview", None);
    assert_eq!(outcome.response.status, 401);
    let mut service = TestService::default();
    let (outcome, _) = ask(&mut service, "GET", "/_claiv/api/overview", None);
    assert!(outcome.response.headers.iter().all(|(name, _)| !name.starts_with("access-control")));
    let (outcome, value) = ask(&mut service, "GET", "/_claiv/api/nothing", None);
    assert_eq!((outcome.response.status, &value["error"]["code"]), (404, &json!("not_found")));
}

#[test]
fn the_overview_counts_and_requests_to_the_inspector_are_not_logged() {
    let mut service = TestService::default();
    service.ingest("ann", "I like tea");
    service.ingest("bob", "I like coffee");
    service.upload("d", "# One\nfirst\n# Two\nsecond", json!({}));
    let overview = get(&mut service, "/_claiv/api/overview");
    assert_eq!(overview["users"], 2);
    assert_eq!(overview["events"], 2);
    assert_eq!(overview["documents"], 1);
    assert_eq!(overview["last_request"], 3);
    let users = get(&mut service, "/_claiv/api/users?search=B");
    assert_eq!(texts(&users["users"], "user_id"), ["bob"]);
    let users = get(&mut service, "/_claiv/api/users");
    assert_eq!(texts(&users["users"], "user_id"), ["ann", "bob", "u"]);
    assert_eq!(get(&mut service, "/_claiv/api/overview")["last_request"], 3);
    assert_eq!(service.get("/v1/usage/summary?range=today").at("/totals/requests"), json!(3));
}

#[test]
fn events_are_listed_in_windows_by_thread_and_search_text() {
    let mut service = TestService::default();
    for number in 0..10 {
        let thread = if number % 2 == 0 { "even" } else { "odd" };
        service.ingest_with(
            "u",
            &format!("Note {number}"),
            json!({ "thread_id": thread, "idempotency_key": number.to_string() }),
        );
    }
    let long = service.ingest("u", &"long ".repeat(1000));
    let window = get(&mut service, "/_claiv/api/events?user_id=u&offset=1&limit=3");
    assert_eq!(window["total"], 11);
    assert_eq!(texts(&window["events"], "content"), ["Note 9", "Note 8", "Note 7"]);
    let window = get(&mut service, "/_claiv/api/events?user_id=u&thread_id=even&order=oldest&limit=2");
    assert_eq!(
        (&window["total"], texts(&window["events"], "content")),
        (&json!(5), vec!["Note 0".into(), "Note 2".into()])
    );
    let window = get(&mut service, "/_claiv/api/events?user_id=u&search=NOTE%205");
    assert_eq!(window["events"][0]["idempotency_key"], "5");
    let window = get(&mut service, "/_claiv/api/events?user_id=u&thread=none");
    assert_eq!(window["events"][0]["content_bytes"], 5000);
    assert_eq!(window["events"][0]["content"].as_str().unwrap().len(), 1200);
    let whole = get(&mut service, &format!("/_claiv/api/event?user_id=u&event_id={long}"));
    assert_eq!(whole["content"].as_str().unwrap().len(), 5000);
    let threads = get(&mut service, "/_claiv/api/threads?user_id=u");
    assert_eq!(threads["threads"].as_array().unwrap().len(), 3);
    assert_eq!(threads["threads"][0]["thread_id"], Value::Null);
    let (outcome, _) = ask(&mut service, "GET", "/_claiv/api/events", None);
    assert_eq!(outcome.response.status, 400);
}

#[test]
fn a_dry_run_leaves_no_trace() {
    let mut service = TestService::new(Settings { journal: true, ..Settings::default() });
    service.ingest("u", "I prefer window seats");
    service.inner.store.take_changes();
    let body = json!({ "user_id": "u", "query": "seats", "conversation_id": "c", "explain": true, "include": { "debug": true } });
    let answer = post(&mut service, "/_claiv/api/quiet/v6/recall", body);
    let recall_id = answer["debug"]["recall_id"].clone();
    assert_eq!(service.inner.store.take_changes(), "");
    let feedback = json!({ "recall_id": recall_id, "used_fact_ids": [answer["answer_facts"][0]["fact_id"]] });
    assert_ne!(service.post("/v6/recall/feedback", feedback).status, 200);
    let (outcome, _) = ask(&mut service, "POST", "/_claiv/api/quiet/v1/forget", Some(json!({ "user_id": "u" })));
    assert_eq!(outcome.response.status, 405);
    assert_eq!(get(&mut service, "/_claiv/api/quiet/v1/usage/limits")["plan"], "emulator");
}

#[test]
fn retries_are_grouped_with_their_call() {
    let mut service = TestService::default();
    let event = json!({ "user_id": "u", "type": "message", "content": "c", "idempotency_key": "k" });
    let drop = crate::faults::Fault {
        response: crate::faults::ResponseFault::Drop,
        after: true,
        times: Some(1),
        ..Default::default()
    };
    service.inner.faults.add(drop);
    assert_eq!(service.post("/v1/ingest", event.clone()).status, 0);
    service.now += 505;
    assert_eq!(service.post("/v1/ingest", event).at("/deduped"), true);
    let other = crate::faults::Replacement { status: 503, ..Default::default() };
    service.inner.faults.add(crate::faults::Fault {
        response: crate::faults::ResponseFault::Replace(other),
        times: Some(1),
        ..Default::default()
    });
    service.recall("u", "c");
    service.recall("u", "c");
    service.recall("u", "c");
    let calls = get(&mut service, "/_claiv/api/requests");
    assert_eq!((&calls["requests"], &calls["total"]), (&json!(5), &json!(3)));
    let latest = get(&mut service, "/_claiv/api/requests?limit=1");
    assert_eq!((&latest["total"], latest["calls"].as_array().unwrap().len()), (&json!(3), 1));
    let calls = calls["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 3, "a recall that succeeded is not retried");
    let [first, second] = calls[0]["attempts"].as_array().unwrap().as_slice() else { panic!() };
    assert_eq!((&first["status"], &first["fault"], &first["deduped"]), (&Value::Null, &json!(true), &json!(false)));
    assert_eq!(
        (&second["status"], &second["waited_ms"], &second["deduped"]),
        (&json!(200), &json!(500.0), &json!(true))
    );
    assert_eq!(calls[0]["idempotency_key"], "k");
    assert_eq!(calls[1]["attempts"].as_array().unwrap().len(), 2);
    assert!(calls[2]["attempts"][0]["answer"].as_str().unwrap().contains("memory_blocks"));
    ask(&mut service, "DELETE", "/_claiv/api/requests", None);
    assert_eq!(get(&mut service, "/_claiv/api/requests")["requests"], 0);
}

#[test]
fn faults_are_listed_and_removed() {
    let mut service = TestService::default();
    service.inner.faults.add(crate::faults::Fault {
        delay_ms: f64::INFINITY,
        path: Some("/v1/*".into()),
        ..Default::default()
    });
    service.inner.faults.add(crate::faults::Fault { drop_in_body: true, times: Some(2), ..Default::default() });
    let listed = get(&mut service, "/_claiv/api/faults");
    assert_eq!((&listed["faults"][0]["delay_ms"], &listed["faults"][0]["path"]), (&Value::Null, &json!("/v1/*")));
    assert_eq!((&listed["faults"][1]["drop"], &listed["faults"][1]["times"]), (&json!(true), &json!(2)));
    let id = listed["faults"][0]["id"].as_u64().unwrap();
    let (_, left) = ask(&mut service, "DELETE", &format!("/_claiv/api/faults?id={id}"), None);
    assert_eq!(left["faults"].as_array().unwrap().len(), 1);
    let (outcome, _) = ask(&mut service, "DELETE", &format!("/_claiv/api/faults?id={id}"), None);
    assert_eq!(outcome.response.status, 404);
    ask(&mut service, "DELETE", "/_claiv/api/faults", None);
    assert_eq!(service.inner.faults.len(), 0);
}

#[test]
fn a_preview_counts_what_the_deletion_then_deletes() {
    let mut service = TestService::default();
    service.ingest_with("u", "one", json!({ "thread_id": "a" }));
    service.ingest_with("u", &"two ".repeat(300), json!({ "thread_id": "a" }));
    service.ingest_with("u", "three", json!({ "thread_id": "b" }));
    let scope = json!({ "user_id": "u", "thread_id": "a" });
    let preview = post(&mut service, "/_claiv/api/forget-preview", scope.clone());
    assert_eq!((&preview["left"], &preview["held"]), (&json!(1), &json!(0)));
    assert_eq!(preview["threads"], json!([{ "thread_id": "a", "events": 2 }]));
    assert_eq!(get(&mut service, "/_claiv/api/overview")["events"], 3, "nothing is deleted yet");
    let receipt = service.post("/v1/forget", scope);
    assert_eq!(receipt.at("/deleted_counts/events"), preview["deleted"]["events"]);
    assert_eq!(receipt.at("/deleted_counts/chunks"), preview["deleted"]["chunks"]);
    let (outcome, _) =
        ask(&mut service, "POST", "/_claiv/api/forget-preview", Some(json!({ "user_id": "u", "threadId": "a" })));
    assert_eq!(outcome.response.status, 400, "what is not known would not limit the deletion");
}

#[test]
fn documents_are_shown_with_their_sections() {
    let mut service = TestService::default();
    service.upload("d", "# One\nfirst\n# Two\nsecond", json!({}));
    service.create_collection("c", true);
    let library = get(&mut service, "/_claiv/api/documents?user_id=u");
    assert_eq!(texts(&library["documents"][0]["sections"], "title"), ["One", "Two"]);
    assert_eq!(library["collections"][0]["collection_id"], "c");
    assert_eq!(get(&mut service, "/_claiv/api/documents?user_id=v")["documents"], json!([]));
    let long = "é".repeat(400);
    service.upload("e", &format!("# Short\né\n# Long\n{long}"), json!({}));
    let library = get(&mut service, "/_claiv/api/documents?user_id=u");
    let sections = library["documents"].as_array().unwrap().iter().find(|one| one["document_id"] == "e").unwrap();
    let sections = sections["sections"].as_array().unwrap();
    assert_eq!((&sections[0]["cut"], &sections[1]["cut"]), (&json!(false), &json!(true)));
    let node_id = sections[1]["node_id"].as_str().unwrap();
    let whole = get(&mut service, &format!("/_claiv/api/section?user_id=u&node_id={node_id}"));
    assert!(whole["content"].as_str().unwrap().contains(&long));
    let (outcome, _) = ask(&mut service, "GET", &format!("/_claiv/api/section?user_id=v&node_id={node_id}"), None);
    assert_eq!(outcome.response.status, 404, "of another user");
}

#[test]
fn the_state_is_exported_and_imported_and_the_clock_moved() {
    let mut service = TestService::default();
    service.ingest("u", "one");
    let state = get(&mut service, "/_claiv/api/state");
    let (outcome, _) = ask(&mut service, "POST", "/_claiv/api/reset", Some(json!({})));
    assert_eq!(outcome.clock, Some(Clock::Reset));
    assert_eq!(get(&mut service, "/_claiv/api/overview")["events"], 0);
    ask(&mut service, "PUT", "/_claiv/api/state", Some(state));
    assert_eq!(get(&mut service, "/_claiv/api/overview")["events"], 1);
    let (outcome, _) = ask(&mut service, "PUT", "/_claiv/api/state", Some(json!({ "format": "other" })));
    assert_eq!(outcome.response.status, 400);
    assert_eq!(get(&mut service, "/_claiv/api/overview")["events"], 1, "what cannot be imported changes nothing");
    let (outcome, _) = ask(&mut service, "POST", "/_claiv/api/clock", Some(json!({ "advance_ms": 86_400_000 })));
    assert_eq!(outcome.clock, Some(Clock::Advance(86_400_000.0)));
    let (outcome, _) =
        ask(&mut service, "POST", "/_claiv/api/clock", Some(json!({ "time": "2024-01-01", "advance_ms": 1 })));
    assert_eq!(outcome.response.status, 400);
}
