//! The documents of a user with their sections, and the collections.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::store::{Collection, Document, Section, Store};
use crate::time::iso;
use crate::validate::Fields;
use serde::Serialize;

/// How many bytes of a section are shown.
const PREVIEW_BYTES: usize = 600;
/// How many sections of a document are shown; all are counted.
const MAX_SECTIONS: usize = 200;

#[derive(Debug, Serialize)]
struct Library<'a> {
    documents: Vec<DocumentRow<'a>>,
    collections: Vec<&'a Collection>,
}

#[derive(Debug, Serialize)]
struct DocumentRow<'a> {
    document_id: &'a str,
    document_name: &'a str,
    project_id: &'a str,
    status: &'static str,
    #[serde(with = "iso")]
    uploaded_at: i64,
    bytes: usize,
    spans: u32,
    section_count: usize,
    sections: Vec<SectionRow<'a>>,
}

#[derive(Debug, Serialize)]
struct SectionRow<'a> {
    node_id: &'a str,
    title: Option<&'a str>,
    bytes: usize,
    used: u32,
    /// The whole content, or its beginning.
    content: &'a str,
    /// Whether `content` is the beginning only.
    cut: bool,
}

/// `GET documents`; of all users where no user is given.
pub(super) fn documents(store: &Store, mut fields: Fields, now: i64) -> Result<Answer, ApiError> {
    let user_id = fields.text("user_id");
    fields.check()?;
    let of_user = |owner: &String| user_id.as_ref().is_none_or(|user_id| user_id == owner);
    let documents = store.documents().iter().filter(|document| of_user(&document.user_id));
    let collections = store.collections().iter().filter(|collection| of_user(&collection.user_id));
    Ok(Answer::of(&Library {
        documents: documents.map(|document| row(document, now)).collect(),
        collections: collections.collect(),
    }))
}

/// `GET section`: one section of a document with its whole content.
pub(super) fn section(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    let (user_id, node_id) = (fields.required_text("user_id"), fields.required_text("node_id"));
    fields.check()?;
    let mut of_user = store.documents().iter().filter(|document| document.user_id == user_id);
    let found = of_user.find_map(|document| {
        let section = document.sections.iter().find(|section| section.node_id == node_id)?;
        Some(section_row(document, section))
    });
    found.map(|row| Answer::of(&row)).ok_or_else(|| ApiError::not_found("There is no such section."))
}

/// A section with its whole content.
fn section_row<'a>(document: &'a Document, section: &'a Section) -> SectionRow<'a> {
    let content = section.of(&document.content);
    SectionRow {
        node_id: &section.node_id,
        title: section.title.as_deref(),
        bytes: content.len(),
        used: section.used,
        content,
        cut: false,
    }
}

fn row(document: &Document, now: i64) -> DocumentRow<'_> {
    let sections = document.sections.iter().take(MAX_SECTIONS).map(|section| {
        let row = section_row(document, section);
        let content = row.content.get(..row.content.floor_char_boundary(PREVIEW_BYTES)).unwrap_or_default();
        SectionRow { content, cut: content.len() < row.bytes, ..row }
    });
    DocumentRow {
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
