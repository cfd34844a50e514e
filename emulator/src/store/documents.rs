//! The store's documents and collections.

use super::library::{Collection, Document};
use super::memory::Store;
use super::written::Change;

impl Store {
    /// All documents, in the order in which they were first uploaded.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The document with this id.
    pub fn document(&self, document_id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.document_id == document_id)
    }

    /// Stores a document; replaces one with the same id.
    pub fn put_document(&mut self, mut document: Document) {
        self.journal.record(&Change::Document { document: &document });
        document.build_index(self.seq);
        self.seq = self.seq.saturating_add(1);
        match self.documents.iter_mut().find(|other| other.document_id == document.document_id) {
            Some(place) => *place = document,
            None => self.documents.push(document),
        }
    }

    /// Deletes a document and removes it from its collections. Returns whether it existed.
    pub fn delete_document(&mut self, document_id: &str) -> bool {
        let before = self.documents.len();
        self.documents.retain(|document| document.document_id != document_id);
        let deleted = self.documents.len() < before;
        if deleted {
            for collection in &mut self.collections {
                collection.members.retain(|member| member.document_id != document_id);
            }
            self.journal.record(&Change::DocumentDeleted { document_id });
        }
        deleted
    }

    /// All collections, in the order in which they were created.
    pub fn collections(&self) -> &[Collection] {
        &self.collections
    }

    /// The collection with this id.
    pub fn collection(&self, collection_id: &str) -> Option<&Collection> {
        self.collections.iter().find(|collection| collection.collection_id == collection_id)
    }

    /// Stores a collection; replaces one with the same id.
    pub fn put_collection(&mut self, collection: Collection) {
        self.journal.record(&Change::Collection { collection: &collection });
        match self.collections.iter_mut().find(|other| other.collection_id == collection.collection_id) {
            Some(place) => *place = collection,
            None => self.collections.push(collection),
        }
    }

    /// Deletes a collection. Its documents are kept.
    pub fn delete_collection(&mut self, collection_id: &str) {
        self.collections.retain(|collection| collection.collection_id != collection_id);
        self.journal.record(&Change::CollectionDeleted { collection_id });
    }
}
