//! Documents, and collections of them.

use super::journal::Change;
use super::types::none;
use super::{Event, Store};
use crate::index::{Index, Label};
use crate::time::iso;
use serde::{Deserialize, Serialize};

/// A document, cut into sections.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "saved::Document")]
pub struct Document {
    /// Its identifier.
    pub document_id: String,
    /// What people call it.
    pub document_name: String,
    /// Whose memory it is in.
    pub user_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// When it was uploaded first.
    #[serde(with = "iso")]
    pub created_at: i64,
    /// When it was uploaded last.
    #[serde(with = "iso")]
    pub uploaded_at: i64,
    /// When it is processed.
    #[serde(with = "iso")]
    pub ready_at: i64,
    /// Its text.
    pub content: String,
    /// Its sections, in the order of the text.
    pub sections: Vec<Section>,
    /// The index of its sections, which are numbered in the order of the text; made when the document is stored.
    #[serde(skip)]
    pub index: Index,
}

/// A section of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its identifier.
    pub node_id: String,
    /// The words of its heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it starts in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// In how many recalls it was of use, by what the feedback said.
    #[serde(default, skip_serializing_if = "none")]
    pub used: u32,
}

/// Some documents of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its identifier.
    pub collection_id: String,
    /// Whose it is.
    pub user_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// What people call it.
    pub name: String,
    /// Whether its documents have an order.
    pub ordered: bool,
    /// When it was made.
    #[serde(with = "iso")]
    pub created_at: i64,
    /// Its documents, in the order in which they are listed.
    pub members: Vec<Member>,
}

/// A document of a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Which.
    pub document_id: String,
    /// Its place.
    pub position: Option<i64>,
    /// Since when.
    #[serde(with = "iso")]
    pub added_at: i64,
}

impl Document {
    /// How many passages it has.
    pub fn spans(&self) -> u32 {
        self.index.len()
    }

    /// Makes the index anew.
    pub fn make_index(&mut self, seq: u64) {
        self.index = Index::default();
        for section in &self.sections {
            let label = Label { time: self.uploaded_at, seq, ..Label::default() };
            self.index.add(section.of(&self.content), label);
        }
    }

    pub(super) fn section_mut(&mut self, node_id: &str) -> Option<&mut Section> {
        self.sections.iter_mut().find(|section| section.node_id == node_id)
    }
}

impl Section {
    /// Its part of the document's text.
    pub fn of<'a>(&self, content: &'a str) -> &'a str {
        content.get(self.start..self.end).unwrap_or_default()
    }
}

impl Collection {
    /// Whether a document is in it.
    pub fn has(&self, document_id: &str) -> bool {
        self.members.iter().any(|member| member.document_id == document_id)
    }

    /// Puts a document at its place: in an ordered collection the last one where none is asked for, and before what has it already.
    pub fn add(&mut self, mut member: Member) {
        self.members.retain(|other| other.document_id != member.document_id);
        if self.ordered {
            let next =
                self.members.iter().filter_map(|other| other.position).max().map_or(0, |last| last.saturating_add(1));
            let at = member.position.unwrap_or(next);
            member.position = Some(at);
            if self.members.iter().any(|other| other.position == Some(at)) {
                for position in self.members.iter_mut().filter_map(|other| other.position.as_mut()) {
                    *position = position.saturating_add(i64::from(*position >= at));
                }
            }
        }
        self.members.push(member);
        if self.ordered {
            self.members.sort_by_key(|member| member.position);
        }
    }
}

impl Store {
    /// All documents, in the order in which they were uploaded first.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// A document.
    pub fn document(&self, document_id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.document_id == document_id)
    }

    /// Keeps a document; one with the same identifier is replaced.
    pub fn put_document(&mut self, mut document: Document) {
        self.journal.note(&Change::Document { document: &document });
        document.make_index(self.seq);
        self.seq = self.seq.saturating_add(1);
        match self.documents.iter_mut().find(|other| other.document_id == document.document_id) {
            Some(place) => *place = document,
            None => self.documents.push(document),
        }
    }

    /// Deletes a document with all that belongs to it, and takes it out of its collections; tells whether it was there.
    pub fn delete_document(&mut self, document_id: &str) -> bool {
        let before = self.documents.len();
        self.documents.retain(|document| document.document_id != document_id);
        let deleted = self.documents.len() < before;
        if deleted {
            for collection in &mut self.collections {
                collection.members.retain(|member| member.document_id != document_id);
            }
            self.journal.note(&Change::DocumentDeleted { document_id });
        }
        deleted
    }

    /// All collections, in the order in which they were made.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// A collection.
    pub fn collection(&self, collection_id: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.collection_id == collection_id)
    }

    /// Keeps a collection; one with the same identifier is replaced.
    pub fn put_collection(&mut self, collection: Collection) {
        self.journal.note(&Change::Collection { collection: &collection });
        match self.collections.iter_mut().find(|other| other.collection_id == collection.collection_id) {
            Some(place) => *place = collection,
            None => self.collections.push(collection),
        }
    }

    /// Deletes a collection, but not its documents.
    pub fn delete_collection(&mut self, collection_id: &str) {
        self.collections.retain(|collection| collection.collection_id != collection_id);
        self.journal.note(&Change::CollectionDeleted { collection_id });
    }
}

/// Documents as they are saved: now with their text, and before with sections in the form of events.
mod saved {
    use super::{Event, Section, iso};
    use serde::Deserialize;

    #[derive(Deserialize)]
    pub struct Document {
        document_id: String,
        document_name: String,
        user_id: String,
        project_id: String,
        #[serde(with = "iso")]
        created_at: i64,
        #[serde(default, with = "crate::time::iso_option")]
        uploaded_at: Option<i64>,
        #[serde(with = "iso")]
        ready_at: i64,
        content: Option<String>,
        sections: Vec<Part>,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Part {
        Section(Section),
        Event(Box<Event>),
    }

    impl TryFrom<Document> for super::Document {
        type Error = String;

        fn try_from(saved: Document) -> Result<Self, String> {
            let mut content = saved.content.unwrap_or_default();
            let mut sections = Vec::with_capacity(saved.sections.len());
            let mut uploaded_at = saved.uploaded_at;
            for part in saved.sections {
                sections.push(match part {
                    Part::Section(section) if content.get(section.start..section.end).is_some() => section,
                    Part::Section(section) => return Err(format!("`{}` is no part of the text", section.node_id)),
                    Part::Event(event) => {
                        let start = content.len();
                        content.push_str(&event.content);
                        uploaded_at = uploaded_at.or(Some(event.event_time));
                        let title = event.metadata.as_ref().and_then(|metadata| metadata.get("title"));
                        let title = title.and_then(|title| title.as_str()).map(String::from);
                        Section { node_id: event.event_id, title, start, end: content.len(), used: event.used }
                    }
                });
            }
            Ok(super::Document {
                document_id: saved.document_id,
                document_name: saved.document_name,
                user_id: saved.user_id,
                project_id: saved.project_id,
                created_at: saved.created_at,
                uploaded_at: uploaded_at.unwrap_or(saved.created_at),
                ready_at: saved.ready_at,
                content,
                sections,
                index: super::Index::default(),
            })
        }
    }
}
