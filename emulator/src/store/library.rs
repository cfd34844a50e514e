//! Documents and collections.

use super::types::{Event, is_zero};
use crate::index::{Attributes, Index};
use crate::time::iso;
use serde::{Deserialize, Serialize};

/// A document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "saved::Document")]
pub struct Document {
    /// Its id.
    pub document_id: String,
    /// Its name.
    pub document_name: String,
    /// The user whose memory it is in.
    pub user_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// When it was first uploaded, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub created_at: i64,
    /// When it was last uploaded.
    #[serde(with = "iso")]
    pub uploaded_at: i64,
    /// When its status becomes `ready`.
    #[serde(with = "iso")]
    pub ready_at: i64,
    /// Its text, in Markdown.
    pub content: String,
    /// Its sections, in the order of the text.
    pub sections: Vec<Section>,
    /// The index of its sections. The number of a text in it is the position of a section. Built when the document is stored.
    #[serde(skip)]
    pub index: Index,
}

/// A section of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Its id.
    pub node_id: String,
    /// The text of its heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where it starts in the text of the document, in bytes.
    pub start: usize,
    /// Where it ends, in bytes; exclusive.
    pub end: usize,
    /// In how many recalls feedback named it as used.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub used: u32,
}

/// A collection of documents of a user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Collection {
    /// Its id.
    pub collection_id: String,
    /// The user it belongs to.
    pub user_id: String,
    /// The project it belongs to.
    pub project_id: String,
    /// Its name.
    pub name: String,
    /// Whether its documents have an order.
    pub ordered: bool,
    /// When it was created, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub created_at: i64,
    /// Its documents, in the order in which they are listed.
    pub members: Vec<Member>,
}

/// A document in a collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The id of the document.
    pub document_id: String,
    /// Its position, if it has one.
    pub position: Option<i64>,
    /// When it was added, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub added_at: i64,
}

impl Document {
    /// How many passages it has.
    pub fn spans(&self) -> u32 {
        self.index.passage_count()
    }

    /// Builds the index. `seq` is the position of the document in the order in which everything was stored.
    pub fn build_index(&mut self, seq: u64) {
        self.index = Index::default();
        for section in &self.sections {
            let attributes = Attributes { time: self.uploaded_at, seq, ..Attributes::default() };
            self.index.add(section.of(&self.content), attributes);
        }
    }

    /// The section with this id.
    pub(super) fn section_mut(&mut self, node_id: &str) -> Option<&mut Section> {
        self.sections.iter_mut().find(|section| section.node_id == node_id)
    }
}

impl Section {
    /// The text of the section; `content` is that of its document.
    pub fn of<'a>(&self, content: &'a str) -> &'a str {
        content.get(self.start..self.end).unwrap_or_default()
    }
}

impl Collection {
    /// Whether it contains a document.
    pub fn has(&self, document_id: &str) -> bool {
        self.members.iter().any(|member| member.document_id == document_id)
    }

    /// Adds a document, or moves it if the collection contains it. In an ordered collection a document without a position goes last, and one
    /// at a taken position moves that document and the following ones up by one.
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

/// Reads saved documents. Earlier versions saved no text, but sections in the form of events.
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
