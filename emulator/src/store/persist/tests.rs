//! Exported states are imported again, and texts that are not states are refused.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use crate::ids::Ids;
use crate::options::Settings;
use crate::store::{EPHEMERAL_MS, GRACE_MS, Store};
use crate::testing::TestService;
use serde_json::{Value, json};

mod changes;

/// A service that has executed requests of every kind, so that its state has something of everything.
fn used_service() -> TestService {
    let mut service = TestService::new(Settings { journal: true, ..Settings::default() });
    service.ingest_with(
        "u",
        "first",
        json!({ "idempotency_key": "k", "thread_id": "t", "role": "user", "metadata": { "b": 1.1, "a": [null] } }),
    );
    service.ingest_with("u", "half \u{10F7FF}\u{10F800} of it", json!({ "event_time": "2020-02-29T01:02:03.004Z" }));
    service.ingest("v", "of another");
    service.post("/v1/forget", json!({ "user_id": "v", "from_time": "2024-01-01" }));
    service.post("/v1/ingest", json!({}));
    service.recall("u", "first");
    service.ingest_v6("c", "in a project", json!({ "scope": "project", "project_id": "p", "document_id": "d" }));
    let hold = json!({ "user_id": "h", "type": "message", "content": "held", "retention_policy": "legal_hold" });
    service.post("/v3/ingest", hold);
    let brief = json!({ "user_id": "w", "type": "message", "content": "brief", "retention_policy": "ephemeral" });
    service.post("/v3/ingest", brief.clone());
    service.now += EPHEMERAL_MS;
    service.post("/v3/ingest", brief);
    service.ingest("w", "buried");
    service.post("/v3/forget", json!({ "user_id": "w", "from_time": crate::time::format(service.now) }));
    service.create_collection("k", true);
    service.create_collection("gone", false);
    service.upload("d1", "# One\nproject one\n# Two\n\u{10F7FF}\u{10F800}", json!({ "collection_id": "k" }));
    service.upload("d2", "gone", json!({ "collection_id": "k" }));
    service.upload("d1", "# One\nproject two", json!({ "collection_id": "k" }));
    service.delete("/v6/documents/d2");
    service.delete("/v6/collections/gone?user_id=u");
    let recalled = service.recall_v6("c", "project", json!({ "project_id": "p", "include": { "debug": true } }));
    let feedback = format!("/v6/recall/{}/feedback", recalled.at("/debug/recall_id").as_str().unwrap());
    service.post(&feedback, json!({ "selected_ids": recalled.at("/llm_context/fact_ids") }));
    service
}

fn empty() -> Store {
    Store::new(Ids::new(1), false)
}

#[test]
fn an_exported_state_is_imported_whole() {
    let mut service = used_service();
    let text = service.inner.store.export();
    assert!(!text.contains('\n') && text.contains(r"half \ud800 of it"), "{text}");
    let mut other = TestService::default();
    other.ingest("gone", "gone");
    other.inner.store.import(&text).unwrap();
    assert_eq!(other.inner.store.export(), text);
    other.now = service.now;
    for target in [
        "/v1/usage/summary",
        "/v1/usage/breakdown",
        "/v1/usage/limits",
        "/v1/deletion-receipts",
        "/v6/documents?user_id=u",
        "/v6/collections/k?user_id=u",
    ] {
        assert_eq!(other.get(target).body, service.get(target).body, "{target}");
    }
    assert_eq!(other.recall("u", "first").body, service.recall("u", "first").body);
    let ask = json!({ "document_id": "d1" });
    assert_eq!(other.recall_v6("c", "one", ask.clone()).body, service.recall_v6("c", "one", ask).body);
    let again = json!({ "user_id": "u", "type": "message", "content": "x", "idempotency_key": "k" });
    assert_eq!(other.post("/v1/ingest", again.clone()).body, service.post("/v1/ingest", again).body);
    assert_eq!(other.recall("gone", "gone").contents().len(), 0);
}

#[test]
fn fields_of_later_versions_are_exported_and_optional_on_import() {
    let mut service = used_service();
    let state: Value = crate::json::parse(&service.inner.store.export()).unwrap();
    let names: Vec<&String> = state.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["format", "version", "events", "receipts", "usage", "documents", "collections", "tombstones", "recalls"]
    );
    let mut old = state;
    for name in ["documents", "collections", "tombstones", "recalls"] {
        old.as_object_mut().unwrap().shift_remove(name);
    }
    service.inner.store.import(&crate::json::to_text(&old)).unwrap();
    assert_eq!(crate::json::parse(&service.inner.store.export()).unwrap(), old);
}

#[test]
fn imported_events_expire() {
    let state = used_service().inner.store.export();
    for (after, brief, buried) in [(0, true, true), (EPHEMERAL_MS, false, true), (GRACE_MS, false, false)] {
        let mut service = TestService::default();
        service.inner.store.import(&state).unwrap();
        service.now = used_service().now + after;
        service.get("/healthz");
        let left = service.inner.store.export();
        assert_eq!((left.contains("brief"), left.contains("buried")), (brief, buried), "{after}");
        assert!(left.contains("held"));
    }
}

#[test]
fn a_text_that_is_not_a_state_is_refused_and_changes_nothing() {
    let good = used_service().inner.store.export();
    let change = |pointer: &str, value: Value| {
        let mut state: Value = crate::json::parse(&good).unwrap();
        *state.pointer_mut(pointer).unwrap() = value;
        crate::json::to_text(&state)
    };
    let twice = {
        let state: Value = crate::json::parse(&good).unwrap();
        let one = state.pointer("/events/0").unwrap().clone();
        change("/events", json!([one.clone(), one]))
    };
    for (text, named) in [
        ("".to_string(), "JSON"),
        ("{".into(), "JSON"),
        ("[]".into(), "format"),
        ("null".into(), "format"),
        (change("/format", json!("other")), "format"),
        (change("/version", json!(2)), "version"),
        (change("/events", json!({})), "events"),
        (change("/events/0", json!(7)), "events[0]"),
        (change("/events/1/event_time", json!("soon")), "events[1]"),
        (change("/events/1/content", json!(null)), "events[1]"),
        (change("/receipts/0/deleted", json!(-1)), "receipts[0]"),
        (change("/documents/0/sections/0", json!({})), "documents[0]"),
        (change("/collections/0/members", json!(1)), "collections[0]"),
        (change("/tombstones", json!(null)), "tombstones"),
        (change("/tombstones/0/grace_expires_at", json!("soon")), "tombstones[0]"),
        (change("/recalls/0/facts", json!("x")), "recalls[0]"),
        (change("/usage/0/day", json!("x")), "usage[0]"),
        (change("/usage/0/counters", json!({ "requests": -1 })), "usage[0]"),
        (twice, "twice"),
    ] {
        let mut service = used_service();
        let before = service.inner.store.export();
        let error = service.inner.store.import(&text).unwrap_err();
        assert!(error.contains(named), "{named}: {error}");
        assert_eq!(service.inner.store.export(), before, "{named}");
    }
}

/// A state in lines, as text.
fn lines(store: &Store) -> String {
    let mut text = String::new();
    store.export_lines(|some| {
        assert!(some.ends_with('\n'));
        text.push_str(&some);
    });
    text
}

#[test]
fn a_state_in_lines_is_the_same_state() {
    let service = used_service();
    let text = lines(&service.inner.store);
    let (head, rest) = text.split_once('\n').unwrap();
    let mut other = empty();
    other.import(head).unwrap();
    other.apply_changes(rest).unwrap();
    assert_eq!(other.export(), service.inner.store.export());
    assert!(rest.ends_with("{\"op\":\"whole\"}\n"));
    assert_eq!(lines(&empty()).lines().count(), 1);
}

#[test]
fn a_repeated_line_changes_nothing() {
    let mut service = used_service();
    let changes = service.inner.store.take_changes();
    for text in [changes, lines(&service.inner.store).split_once('\n').unwrap().1.to_string()] {
        let (mut once, mut twice) = (empty(), empty());
        once.apply_changes(&text).unwrap();
        let doubled: String = text.lines().flat_map(|line| [line, "\n", line, "\n"]).collect();
        twice.apply_changes(&doubled).unwrap();
        assert_eq!(twice.export(), once.export());
    }
}

#[test]
fn states_of_earlier_versions_are_loaded() {
    let mut store = empty();
    let event = |id: &str, content: &str| {
        json!({ "event_id": id, "user_id": "u", "type": "document", "content": content, "metadata": { "title": "One" },
            "event_time": "2024-01-02T00:00:00.000Z", "stored_at": "2024-01-02T00:00:00.000Z", "project_id": "p",
            "scope": "project", "document_id": "d", "document_name": "D" })
    };
    let document = json!({ "document_id": "d", "document_name": "D", "user_id": "u", "project_id": "p", "byte_size": 11,
        "created_at": "2024-01-01T00:00:00.000Z", "ready_at": "2024-01-01T00:00:01.000Z",
        "sections": [event("node_1", "# One\n"), event("node_2", "more\n")] });
    let usage = json!({ "day": "2024-01-01", "endpoint": "POST /v1/ingest", "counters": { "requests": 2 } });
    let lines = [json!({ "op": "document", "document": document }), json!({ "op": "usage", "usage": usage })];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    store.apply_changes(&text).unwrap();
    let read = store.document("d").unwrap();
    assert_eq!((read.content.as_str(), read.sections.len(), read.spans()), ("# One\nmore\n", 2, 2));
    assert_eq!(read.sections.first().unwrap().title.as_deref(), Some("One"));
    assert_eq!(store.usage.total(0, i64::MAX).requests, 2);
}

#[test]
fn loaded_events_are_found_with_and_without_prepare() {
    let mut service = TestService::new(Settings { journal: true, ..Settings::default() });
    for at in 0..1200 {
        service.ingest("u", &format!("tea number {at}"));
    }
    let changes = service.inner.store.take_changes();
    let found = service.recall("u", "tea 77").contents();
    for steps in [0, 1, 3, 100] {
        let mut other = TestService::default();
        other.inner.store.apply_changes(&changes).unwrap();
        other.now = service.now;
        let left = (0..steps).all(|_| other.inner.store.prepare(300));
        assert_eq!(left, steps < 100, "{steps}");
        assert_eq!(other.recall("u", "tea 77").contents(), found, "{steps}");
        other.ingest("u", "tea number 1200");
        other.post("/v1/forget", json!({ "user_id": "u", "to_time": crate::time::format(service.now - 400_000) }));
        assert_eq!(other.recall("u", "1200").contents(), ["tea number 1200"]);
        assert_eq!(other.inner.store.events("u").count(), 401);
    }
}
