//! `POST` and `GET /v6/documents`, `DELETE /v6/documents/{document_id}`.

use super::call::{Call, Endpoint, Page, Reply};
use super::collections;
use crate::errors::ApiError;
use crate::json;
use crate::markdown;
use crate::meter::Meter;
use crate::store::{Document, Section, Store};
use crate::text;
use crate::time;
use serde::Serialize;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v6/documents", meter: Meter::Ingest, open: false, run: upload },
    Endpoint { method: "GET", path: "/v6/documents", meter: Meter::Request, open: false, run: list },
    Endpoint { method: "DELETE", path: "/v6/documents/{document_id}", meter: Meter::Forget, open: false, run: delete },
];

/// How long a document has the status `processing`, in milliseconds of the emulator's clock.
const PROCESSING_MS: i64 = 1000;
/// The largest content of a document, in bytes of UTF-8: 5 MB.
const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The default `limit` of a list of documents.
const PAGE: i64 = 20;

fn upload(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let user_id = fields.required_text("user_id");
    let content = fields.required_text("content");
    let document_name = fields.required_text("document_name");
    let given_id = fields.text("document_id");
    let project_id = fields.required_text("project_id");
    let collection_id = fields.text("collection_id");
    let position = fields.integer("position", 0, collections::LAST);
    fields.check()?;
    if content.len() > MAX_BYTES {
        return Err(ApiError::too_large(format!("The content takes more than 5 MB ({MAX_BYTES} bytes of UTF-8).")));
    }
    let collection = match &collection_id {
        Some(collection_id) => Some(collections::own(call.store, collection_id, &user_id)?.clone()),
        None => None,
    };
    let replaced = given_id.as_ref().and_then(|document_id| call.store.document(document_id));
    if replaced.is_some_and(|document| document.user_id != user_id) {
        return Err(ApiError::new(409, "conflict", "This document_id belongs to a document of another user."));
    }
    let created_at = replaced.map_or(call.now, |document| document.created_at);
    let document_id = given_id.unwrap_or_else(|| call.store.ids.next("doc"));
    let cut = |section: markdown::Section| Section {
        node_id: call.store.ids.next("node"),
        title: section.title.map(String::from),
        start: section.start,
        end: section.end,
        used: 0,
    };
    let document = Document {
        sections: markdown::sections(&content).into_iter().map(cut).collect(),
        content,
        created_at,
        uploaded_at: call.now,
        ready_at: call.now.saturating_add(PROCESSING_MS).min(time::MAX),
        document_id: document_id.clone(),
        document_name,
        user_id,
        project_id,
        ..Document::default()
    };
    let tokens = text::tokens(&document.content);
    call.store.put_document(document);
    let text = call.store.document(&document_id).map(|document| json::write(&uploaded(document, collection_id)));
    if let Some(collection) = collection {
        collections::put(call, collection, document_id, position);
    }
    Ok(Reply { text, tokens, work_units: 1, ..Reply::default() })
}

/// The answer to an upload. It is serialised directly, not through a JSON value: a document can have a million sections.
#[derive(Serialize)]
struct Uploaded<'a> {
    document_id: &'a str,
    document_name: &'a str,
    project_id: &'a str,
    collection_id: Option<String>,
    sections: Vec<SectionRow<'a>>,
    spans_created: u32,
    status: &'static str,
}

#[derive(Serialize)]
struct SectionRow<'a> {
    node_id: &'a str,
    title: Option<&'a str>,
}

impl<'a> SectionRow<'a> {
    fn of(section: &'a Section) -> Self {
        SectionRow { node_id: &section.node_id, title: section.title.as_deref() }
    }
}

fn uploaded(document: &Document, collection_id: Option<String>) -> Uploaded<'_> {
    Uploaded {
        document_id: &document.document_id,
        document_name: &document.document_name,
        project_id: &document.project_id,
        collection_id,
        sections: document.sections.iter().map(SectionRow::of).collect(),
        spans_created: document.spans(),
        status: "processing",
    }
}

fn list(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.query_fields();
    let user_id = fields.required_text("user_id");
    let project_id = fields.text("project_id");
    let collection_id = fields.text("collection_id");
    let page = Page::read(&mut fields, PAGE);
    fields.check()?;
    let store = &*call.store;
    let wanted = |document: &&Document| {
        document.user_id == user_id
            && project_id.as_ref().is_none_or(|project_id| document.project_id == *project_id)
            && collection_id.as_ref().is_none_or(|id| memberships(store, &document.document_id).any(|of| of == id))
    };
    let found = || store.documents().iter().rev().filter(wanted);
    let documents: Vec<Value> = page.of(found()).map(|document| shape(store, document, call.now)).collect();
    let (Page { limit, offset }, total) = (page, found().count());
    Ok(Reply::of(json!({ "documents": documents, "total": total, "limit": limit, "offset": offset })))
}

/// The ids of the collections that contain a document.
fn memberships<'a>(store: &'a Store, document_id: &'a str) -> impl Iterator<Item = &'a String> {
    let frequency = store.collections().iter().filter(|collection| collection.has(document_id));
    frequency.map(|collection| &collection.collection_id)
}

/// A document in a list.
fn shape(store: &Store, document: &Document, now: i64) -> Value {
    json!({
        "document_id": document.document_id,
        "document_name": document.document_name,
        "project_id": document.project_id,
        "user_id": document.user_id,
        "byte_size": document.content.len(),
        "created_at": time::format(document.created_at),
        "collection_ids": memberships(store, &document.document_id).collect::<Vec<_>>(),
        "document_status": {
            "status": if now < document.ready_at { "processing" } else { "ready" },
            "spans_created": document.spans(),
            "error_message": null,
        },
    })
}

fn delete(call: &mut Call) -> Result<Reply, ApiError> {
    let document_id = call.params.first().cloned().unwrap_or_default();
    if !call.store.delete_document(&document_id) {
        return Err(ApiError::not_found("There is no such document."));
    }
    Ok(Reply { body: json!({ "document_id": document_id, "deleted": true }), work_units: 1, ..Reply::default() })
}
