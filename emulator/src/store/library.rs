//! Documents, and collections of them.

use super::{Event, Store, Stored};
use crate::time::iso;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A document, cut into sections.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    /// Its identifier.
    pub document_id: String,
    /// What people call it.
    pub document_name: String,
    /// Whose memory it is in.
    pub user_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// The size of its text.
    pub byte_size: usize,
    /// When it was uploaded first.
    #[serde(with = "iso")]
    pub created_at: i64,
    /// When it is processed.
    #[serde(with = "iso")]
    pub ready_at: i64,
    /// Its sections, in the form of events.
    pub sections: Vec<Stored>,
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
    pub fn spans(&self) -> usize {
        self.sections.iter().map(|section| section.passages.len()).sum()
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
        self.note(|| json!({ "op": "document", "document": document }));
        for section in &mut document.sections {
            section.seq = self.seq;
            self.seq = self.seq.saturating_add(1);
        }
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
            self.note(|| json!({ "op": "document_deleted", "document_id": document_id }));
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
        self.note(|| json!({ "op": "collection", "collection": collection }));
        match self.collections.iter_mut().find(|other| other.collection_id == collection.collection_id) {
            Some(place) => *place = collection,
            None => self.collections.push(collection),
        }
    }

    /// Deletes a collection, but not its documents.
    pub fn delete_collection(&mut self, collection_id: &str) {
        self.collections.retain(|collection| collection.collection_id != collection_id);
        self.note(|| json!({ "op": "collection_deleted", "collection_id": collection_id }));
    }

    /// The sections of a user's documents.
    pub(super) fn sections_mut(&mut self, user_id: &str) -> impl Iterator<Item = &mut Event> {
        let own = self.documents.iter_mut().filter(move |document| document.user_id == user_id);
        own.flat_map(|document| &mut document.sections).map(|section| &mut section.event)
    }
}
