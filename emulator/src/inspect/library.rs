//! The documents of a user with their sections, and the collections.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::store::{Collection, Document, Store};
use crate::time::iso;
use crate::validate::Fields;
use serde::Serialize;

/// How much of a section is told.
const PREVIEW_BYTES: usize = 600;
/// How many sections of a document are told; all are counted.
const SECTIONS: usize = 200;

#[derive(Debug, Serialize)]
struct Library<'a> {
    documents: Vec<Told<'a>>,
    collections: Vec<&'a Collection>,
}

#[derive(Debug, Serialize)]
struct Told<'a> {
    document_id: &'a str,
    document_name: &'a str,
    project_id: &'a str,
    status: &'static str,
    #[serde(with = "iso")]
    uploaded_at: i64,
    bytes: usize,
    spans: u32,
    section_count: usize,
    sections: Vec<Part<'a>>,
}

#[derive(Debug, Serialize)]
struct Part<'a> {
    node_id: &'a str,
    title: Option<&'a str>,
    bytes: usize,
    used: u32,
    content: &'a str,
}

pub(super) fn documents(store: &Store, mut fields: Fields, now: i64) -> Result<Answer, ApiError> {
    let user_id = fields.text("user_id");
    fields.check()?;
    let of_user = |owner: &String| user_id.as_ref().is_none_or(|user_id| user_id == owner);
    let documents = store.documents().iter().filter(|document| of_user(&document.user_id));
    let collections = store.collections().iter().filter(|collection| of_user(&collection.user_id));
    Ok(Answer::of(&Library {
        documents: documents.map(|document| told(document, now)).collect(),
        collections: collections.collect(),
    }))
}

fn told(document: &Document, now: i64) -> Told<'_> {
    let sections = document.sections.iter().take(SECTIONS).map(|section| {
        let text = section.of(&document.content);
        Part {
            node_id: &section.node_id,
            title: section.title.as_deref(),
            bytes: text.len(),
            used: section.used,
            content: text.get(..text.floor_char_boundary(PREVIEW_BYTES)).unwrap_or_default(),
        }
    });
    Told {
        document_id: &document.document_id,
        document_name: &document.document_name,
        project_id: &document.project_id,
        status: if document.ready_at <= now { "ready" } else { "processing" },
        uploaded_at: document.uploaded_at,
        bytes: document.content.len(),
        spans: document.spans(),
        section_count: document.sections.len(),
        sections: sections.collect(),
    }
}
