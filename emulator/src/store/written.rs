//! The saved form of a state and of changes to it, as it is written. `saved` reads it.

use super::library::{Collection, Document};
use super::types::{Event, Recall, Receipt, Tombstone};
use super::usage::Entry;
use serde::Serialize;

/// A whole state. Fields that were added later are left out where they are empty, so that earlier versions can read the state.
#[derive(Debug, Serialize)]
pub(super) struct State<'a> {
    pub format: &'static str,
    pub version: u64,
    pub events: Vec<&'a Event>,
    pub receipts: &'a [Receipt],
    pub usage: Vec<Entry>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub documents: &'a [Document],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub collections: &'a [Collection],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub tombstones: &'a [Tombstone],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recalls: Vec<&'a Recall>,
}

/// A line of a saved state or journal: most are changes. `op` names the variant.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(super) enum Change<'a> {
    /// An event was stored.
    Event { event: &'a Event },
    /// The events within the scope of the receipt were deleted.
    Forget { receipt: &'a Receipt },
    /// The events within the scope of the receipt became tombstones.
    Tombstone { receipt: &'a Receipt },
    /// What had expired at this time was deleted.
    Purge { now: String },
    /// A document was stored or replaced.
    Document { document: &'a Document },
    /// A document was deleted.
    DocumentDeleted { document_id: &'a str },
    /// A collection was stored or replaced.
    Collection { collection: &'a Collection },
    /// A collection was deleted.
    CollectionDeleted { collection_id: &'a str },
    /// A recall was remembered for feedback.
    Recall { recall: &'a Recall },
    /// Feedback was given.
    Feedback { recall_id: &'a str, fact_ids: &'a [String] },
    /// The whole state was replaced.
    State { state: State<'a> },
    /// Everything was removed.
    Reset,
    /// A tombstone of a state in lines.
    Buried { tombstone: &'a Tombstone },
    /// The new values of the counters of an endpoint on a day.
    Counters { usage: Entry },
    /// Ends a whole state in lines; the lines after it are changes.
    Whole,
}
