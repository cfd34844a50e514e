//! Documents and collections.

use crate::testing::TestService;
use serde_json::{Value, json};

const REPORT: &str = "Written in May.\n# Revenue\nRevenue grew to nine millions.\n# Costs\nThe costs of tea fell.\n";

#[test]
fn an_upload_has_the_documented_shape() {
    let mut service = TestService::default();
    let answer = service.upload("d", REPORT, json!({}));
    let keys = "document_id document_name project_id collection_id sections spans_created status";
    assert_eq!(answer.keys("").join(" "), keys);
    assert_eq!(answer.keys("/sections/0").join(" "), "node_id title");
    assert_eq!(answer.each("sections", "title"), [Value::Null, json!("Revenue"), json!("Costs")]);
    for (pointer, expected) in [
        ("/document_id", json!("d")),
        ("/document_name", json!("The d")),
        ("/project_id", json!("p")),
        ("/collection_id", Value::Null),
        ("/spans_created", json!(3)),
        ("/status", json!("processing")),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
    let long = service.upload("long", &format!("# One\n{}", "word ".repeat(500)), json!({ "document_id": null }));
    assert!(long.at("/document_id").as_str().unwrap().starts_with("doc_"));
    assert!(long.at("/spans_created").as_u64().unwrap() > 4);
}

#[test]
fn a_document_is_ready_when_its_time_has_come() {
    let mut service = TestService::default();
    service.upload("d", REPORT, json!({}));
    for (wait, status) in [(0, "processing"), (999, "processing"), (1, "ready")] {
        service.now += wait;
        let list = service.get("/v6/documents?user_id=u");
        let keys = "document_id document_name project_id user_id byte_size created_at collection_ids document_status";
        assert_eq!(list.keys("/documents/0").join(" "), keys);
        assert_eq!(list.keys("/documents/0/document_status").join(" "), "status spans_created error_message");
        assert_eq!(list.at("/documents/0/document_status/status"), json!(status), "{wait}");
        assert_eq!(list.at("/documents/0/byte_size"), json!(REPORT.len()));
    }
    service.upload("d", REPORT, json!({}));
    assert_eq!(service.get("/v6/documents?user_id=u").at("/documents/0/document_status/status"), json!("processing"));
}

#[test]
fn documents_are_listed_by_pages() {
    let mut service = TestService::default();
    service.create_collection("c", false);
    for at in 0..25 {
        let more = json!({ "project_id": if at % 2 == 0 { "even" } else { "odd" } });
        service.upload(&format!("d{at}"), "text", more);
    }
    service.upload("x", "text", json!({ "collection_id": "c" }));
    service.upload("y", "text", json!({ "user_id": "v" }));
    for (query, total, count, first) in [
        ("user_id=u", 26, 20, "x"),
        ("user_id=u&offset=20", 26, 6, "d5"),
        ("user_id=u&limit=3&offset=2", 26, 3, "d23"),
        ("user_id=u&project_id=odd&limit=100", 12, 12, "d23"),
        ("user_id=u&collection_id=c", 1, 1, "x"),
        ("user_id=v", 1, 1, "y"),
        ("user_id=v&collection_id=c", 0, 0, ""),
        ("user_id=u&offset=26", 26, 0, ""),
    ] {
        let list = service.get(&format!("/v6/documents?{query}"));
        let ids = list.each("documents", "document_id");
        assert_eq!((list.at("/total"), ids.len()), (json!(total), count), "{query}");
        assert_eq!(ids.first().and_then(Value::as_str).unwrap_or_default(), first, "{query}");
        assert_eq!(list.keys("").join(" "), "documents total limit offset");
    }
}

#[test]
fn recall_covers_documents_of_its_project_or_the_requested_ones() {
    let mut service = TestService::default();
    service.create_collection("c", false);
    service.upload("d", "# Tea\ngreen tea", json!({ "collection_id": "c" }));
    service.upload("e", "black tea", json!({}));
    service.upload("f", "white tea", json!({ "user_id": "v", "document_id": "f" }));
    service.ingest_v6("s", "tea of the conversation", json!({}));
    service.ingest_v6("s", "tea about the document", json!({ "document_id": "d" }));
    let (green, black, said, about) =
        ("# Tea\ngreen tea", "black tea", "tea of the conversation", "tea about the document");
    for (more, expected) in [
        (json!({}), vec![about, said]),
        (json!({ "project_id": "p" }), vec![green, black, about, said]),
        (json!({ "project_id": "q" }), vec![about, said]),
        (json!({ "document_id": "d" }), vec![green, about]),
        (json!({ "document_id": "e" }), vec![black]),
        (json!({ "document_id": "f" }), vec![]),
        (json!({ "collection_id": "c" }), vec![green, about]),
        (json!({ "collection_id": "none" }), vec![]),
        (json!({ "collection_id": "c", "document_id": "e" }), vec![]),
        (json!({ "project_id": "p", "limits": { "document_chunks": 1 } }), vec![green, about, said]),
    ] {
        let answer = service.recall_v6("s", "tea", more.clone());
        let mut found = answer.all_facts();
        found.sort();
        assert_eq!(found, expected, "{more}");
    }
    let fact = service.recall_v6("s", "black tea", json!({ "document_id": "e" })).at("/answer_facts/0");
    assert_eq!(fact.get("document_name"), Some(&json!("The e")));
    assert_eq!((fact.get("kind"), fact.get("subject")), (Some(&json!("document")), Some(&json!("The e"))));
    // V1 recalls no documents.
    assert_eq!(service.recall("u", "tea").contents().len(), 2);
}

#[test]
fn feedback_boosts_sections_of_documents() {
    let mut service = TestService::default();
    service.upload("d", "# First\ntea one\n# Second\ntea two", json!({}));
    let ask = json!({ "document_id": "d", "include": { "debug": true } });
    let before = service.recall_v6("s", "tea", ask.clone());
    let path = format!("/v6/recall/{}/feedback", before.at("/debug/recall_id").as_str().unwrap());
    let last = before.at("/answer_facts/1/fact_id");
    assert_eq!(service.post(&path, json!({ "selected_ids": [last] })).at("/facts_recorded"), json!(1));
    assert_eq!(service.recall_v6("s", "tea", ask).at("/answer_facts/0/fact_id"), last);
}

#[test]
fn a_document_is_replaced_and_deleted() {
    let mut service = TestService::default();
    service.create_collection("c", true);
    service.upload("d", "old tea", json!({ "collection_id": "c" }));
    let created = service.get("/v6/documents?user_id=u").at("/documents/0/created_at");
    service.upload("d", "new tea", json!({ "document_name": "Renamed" }));
    let list = service.get("/v6/documents?user_id=u");
    assert_eq!((list.at("/total"), list.at("/documents/0/document_name")), (json!(1), json!("Renamed")));
    assert_eq!(list.at("/documents/0/created_at"), created);
    assert_eq!(list.at("/documents/0/collection_ids"), json!(["c"]));
    assert_eq!(service.recall_v6("s", "tea", json!({ "document_id": "d" })).all_facts(), ["new tea"]);
    let foreign = service.upload("d", "theirs", json!({ "user_id": "v" }));
    assert_eq!((foreign.status, foreign.at("/error/code")), (409, json!("conflict")));
    // Events about a document are kept when it is deleted.
    service.ingest_v6("s", "tea as told", json!({ "document_id": "d" }));
    let gone = service.delete("/v6/documents/d");
    assert_eq!((gone.status, gone.body), (200, json!({ "document_id": "d", "deleted": true })));
    assert_eq!(service.recall_v6("s", "tea", json!({ "document_id": "d" })).all_facts(), ["tea as told"]);
    assert_eq!(service.get("/v6/collections/c?user_id=u").at("/documents"), json!([]));
    assert_eq!(service.delete("/v6/documents/d").at("/error/code"), json!("not_found"));
    assert!(
        service.upload("a b/c", "x", json!({})).status == 200
            && service.delete("/v6/documents/a%20b%2Fc").status == 200
    );
}

#[test]
fn a_collection_has_the_documented_shape() {
    let mut service = TestService::default();
    let made = service.create_collection("c", true);
    let keys = "collection_id tenant_id user_id project_id name ordered created_at document_count";
    assert_eq!((made.keys("").join(" "), made.keys("/collection").join(" ")), ("collection".into(), keys.into()));
    assert_eq!(service.create_collection("c", true).body, made.body, "the same again is no other one");
    assert_eq!(service.create_collection("c", false).status, 409);
    service.upload("d", "x", json!({}));
    let added = service.post("/v6/collections/c/documents", json!({ "user_id": "u", "document_id": "d" }));
    assert_eq!(added.body, json!({ "collection_id": "c", "document_id": "d", "position": 0 }));
    let got = service.get("/v6/collections/c?user_id=u");
    assert_eq!(got.keys("").join(" "), "collection documents");
    assert_eq!(got.keys("/documents/0").join(" "), "document_id document_name position added_at");
    assert_eq!(
        (got.at("/collection/document_count"), got.at("/documents/0/document_name")),
        (json!(1), json!("The d"))
    );
    let other = json!({ "user_id": "u", "project_id": "q", "name": "Other" });
    assert_eq!(service.post("/v6/collections", other).at("/collection/ordered"), json!(false));
    for (query, names) in [
        ("user_id=u", json!(["Other", "N"])),
        ("user_id=u&project_id=p", json!(["N"])),
        ("user_id=u&limit=1&offset=1", json!(["N"])),
        ("user_id=v", json!([])),
    ] {
        let list = service.get(&format!("/v6/collections?{query}"));
        assert_eq!(list.keys("").join(" "), "collections");
        assert_eq!(json!(list.each("collections", "name")), names, "{query}");
    }
    let removed = service.delete("/v6/collections/c/documents/d");
    assert_eq!(removed.body, json!({ "collection_id": "c", "document_id": "d", "removed": true }));
    assert_eq!(service.delete("/v6/collections/c?user_id=u").body, json!({ "collection_id": "c", "deleted": true }));
    assert_eq!(service.get("/v6/documents?user_id=u").at("/total"), json!(1), "its documents stay");
}

#[test]
fn a_collection_keeps_its_order() {
    for (ordered, adds, expected) in [
        (false, vec![("a", None), ("b", Some(7)), ("c", None)], json!([["a", null], ["b", 7], ["c", null]])),
        (true, vec![("a", None), ("b", None), ("c", None)], json!([["a", 0], ["b", 1], ["c", 2]])),
        (true, vec![("a", Some(5)), ("b", Some(2)), ("c", None)], json!([["b", 2], ["a", 5], ["c", 6]])),
        (true, vec![("a", None), ("b", None), ("c", Some(0))], json!([["c", 0], ["a", 1], ["b", 2]])),
        (true, vec![("a", None), ("b", None), ("a", Some(9))], json!([["b", 1], ["a", 9]])),
    ] {
        let mut service = TestService::default();
        service.create_collection("k", ordered);
        for (id, position) in &adds {
            service.upload(id, "x", json!({}));
            let body = json!({ "user_id": "u", "document_id": id, "position": position });
            assert_eq!(service.post("/v6/collections/k/documents", body).status, 200);
        }
        let got = service.get("/v6/collections/k?user_id=u");
        let (ids, positions) = (got.each("documents", "document_id"), got.each("documents", "position"));
        let listed: Vec<Value> = ids.iter().zip(&positions).map(|(id, position)| json!([id, position])).collect();
        assert_eq!(json!(listed), expected, "{adds:?}");
    }
}

#[test]
fn missing_documents_and_those_of_other_users_are_404() {
    let mut service = TestService::default();
    service.create_collection("c", false);
    service.upload("d", "x", json!({}));
    for (method, target, body) in [
        ("GET", "/v6/collections/c?user_id=v", Value::Null),
        ("GET", "/v6/collections/x?user_id=u", Value::Null),
        ("DELETE", "/v6/collections/c?user_id=v", Value::Null),
        ("DELETE", "/v6/collections/c/documents/d", Value::Null),
        ("DELETE", "/v6/collections/x/documents/d", Value::Null),
        ("POST", "/v6/collections/x/documents", json!({ "user_id": "u", "document_id": "d" })),
        ("POST", "/v6/collections/c/documents", json!({ "user_id": "u", "document_id": "x" })),
        ("POST", "/v6/collections/c/documents", json!({ "user_id": "v", "document_id": "d" })),
        (
            "POST",
            "/v6/documents",
            json!({ "user_id": "u", "project_id": "p", "content": "x", "document_name": "n", "collection_id": "x" }),
        ),
    ] {
        let body = Some(&body).filter(|body| !body.is_null());
        let answer = service.send(&crate::testing::request(method, target, body));
        assert_eq!((answer.status, answer.at("/error/code")), (404, json!("not_found")), "{method} {target}");
    }
    assert_eq!(service.get("/v6/documents?user_id=u").at("/total"), json!(1));
}

#[test]
fn a_document_has_5_mb_at_the_most() {
    let mut service = TestService::default();
    let most = "x".repeat(5 * 1024 * 1024);
    assert_eq!(service.upload("d", &most, json!({})).status, 200);
    let more = service.upload("d", &(most + "x"), json!({}));
    assert_eq!((more.status, more.at("/error/code")), (413, json!("payload_too_large")));
}
