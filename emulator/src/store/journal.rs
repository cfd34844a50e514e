//! What changed since somebody asked, as lines of JSON.

use super::{Collection, Document, Event, Recall, Receipt};
use crate::store::persist::State;
use serde::Serialize;
use std::collections::BTreeSet;

/// A change, as it is written.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(super) enum Change<'a> {
    Event { event: &'a Event },
    Forget { receipt: &'a Receipt },
    Tombstone { receipt: &'a Receipt },
    Purge { now: String },
    Document { document: &'a Document },
    DocumentDeleted { document_id: &'a str },
    Collection { collection: &'a Collection },
    CollectionDeleted { collection_id: &'a str },
    Recall { recall: &'a Recall },
    Feedback { recall_id: &'a str, fact_ids: &'a [String] },
    State { state: State<'a> },
    Reset,
}

/// The changes; kept only where somebody takes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal {
    kept: bool,
    lines: String,
    pressing: bool,
    /// The counters that changed: day and endpoint.
    pub counted: BTreeSet<(i64, String)>,
}

impl Journal {
    pub fn new(kept: bool) -> Self {
        Journal { kept, ..Journal::default() }
    }

    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// Whether something else than counters and the list of recalls has changed.
    pub fn is_pressing(&self) -> bool {
        self.pressing
    }

    pub fn note(&mut self, change: &Change) {
        if !self.kept {
            return;
        }
        self.pressing = self.pressing || !matches!(change, Change::Recall { .. });
        // A reset and a state are about the counters as well.
        if matches!(change, Change::Reset | Change::State { .. }) {
            self.counted.clear();
        }
        self.lines.push_str(&crate::json::write(change));
        self.lines.push('\n');
    }

    pub fn count(&mut self, day: i64, endpoint: &str) {
        if self.kept {
            self.counted.insert((day, endpoint.to_string()));
        }
    }

    /// The lines, without those of the counters.
    pub fn take(&mut self) -> String {
        self.pressing = false;
        std::mem::take(&mut self.lines)
    }
}
