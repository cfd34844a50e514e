//! Changes that are taken from one store are applied to another.

use super::{empty, used_service};
use crate::options::Settings;
use crate::testing::TestService;
use serde_json::json;

#[test]
fn applied_changes_make_the_same_state() {
    let mut service = used_service();
    let mut other = empty();
    let first = service.inner.store.take_changes();
    assert_eq!(other.apply_changes(&first), Ok(u64::try_from(first.lines().count()).unwrap()));
    assert_eq!(other.export(), service.inner.store.export());
    assert_eq!(service.inner.store.take_changes(), "");
    // A reset and an import are changes as well.
    let state = service.inner.store.export();
    service.inner.reset();
    service.ingest("w", "anew");
    other.apply_changes(&service.inner.store.take_changes()).unwrap();
    assert_eq!(other.export(), service.inner.store.export());
    service.inner.store.import(&state).unwrap();
    service.ingest("w", "and on");
    other.apply_changes(&service.inner.store.take_changes()).unwrap();
    assert_eq!(other.export(), service.inner.store.export());
}

#[test]
fn a_torn_last_line_is_ignored() {
    let mut service = TestService::new(Settings { journal: true, ..Settings::default() });
    for at in 0..3 {
        service.ingest("u", &format!("event {at} 🧠"));
    }
    let text = service.inner.store.take_changes();
    let mut events = 0;
    for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        let mut store = empty();
        let kept = text.get(..cut).unwrap();
        let applied = store.apply_changes(kept).unwrap();
        assert_eq!(applied, u64::try_from(kept.matches('\n').count()).unwrap());
        assert!(store.events("u").count() >= events);
        events = store.events("u").count();
    }
    assert_eq!(events, 3);
}

#[test]
fn a_broken_line_before_the_last_is_an_error_and_changes_nothing() {
    let mut service = used_service();
    let text = service.inner.store.take_changes();
    for broken in ["{\"op\":\"event\"", "{\"op\":\"event\",\"event\":{}}", "{\"op\":\"other\"}", "{}", "7"] {
        let mut store = empty();
        let before = store.export();
        let error = store.apply_changes(&format!("{text}{broken}\n{text}")).unwrap_err();
        let line = format!("line {} ", text.lines().count().saturating_add(1));
        assert!(error.contains(&line), "{error}");
        assert_eq!(store.export(), before);
    }
}

#[test]
fn without_a_journal_no_changes_are_kept() {
    let mut service = TestService::default();
    service.ingest("u", "x");
    assert_eq!(service.inner.store.take_changes(), "");
}

#[test]
fn recalls_and_counters_are_not_durable_changes() {
    let mut service = TestService::new(Settings { journal: true, ..Settings::default() });
    service.ingest("u", "tea");
    assert!(service.inner.store.has_changes());
    service.inner.store.take_changes();
    assert!(!service.inner.store.has_changes());
    service.recall("u", "tea");
    service.post("/v3/recall", json!({ "user_id": "u", "task": "tea", "token_budget": 200 }));
    service.get("/v1/deletion-receipts");
    assert!(!service.inner.store.has_changes());
    let changes = service.inner.store.take_changes();
    assert_eq!(changes.matches("\"op\":\"counters\"").count(), 3);
    assert_eq!(changes.matches("\"op\":\"recall\"").count(), 1);
}
