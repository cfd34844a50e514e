//! The state as text: whole, in lines, or change by change.

use super::journal::Change;
use super::saved::{FORMAT, Read, Saved, VERSION, check, fault};
use super::usage::Entry;
use super::{Collection, Document, Event, Recall, Receipt, Store, Stored, Tombstone, User};
use serde::Serialize;

/// About how many bytes of lines are handed over at once.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;

/// A whole state, as it is written. Later additions are written where there are any, and need not be there.
#[derive(Debug, Serialize)]
pub(super) struct State<'a> {
    format: &'static str,
    version: u64,
    events: Vec<&'a Event>,
    receipts: &'a [Receipt],
    usage: Vec<Entry>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    documents: &'a [Document],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    collections: &'a [Collection],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tombstones: &'a [Tombstone],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recalls: Vec<&'a Recall>,
}

/// A line of a state in lines that is no change.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Line<'a> {
    Event {
        event: &'a Event,
    },
    Document {
        document: &'a Document,
    },
    Buried {
        tombstone: &'a Tombstone,
    },
    Counters {
        usage: Entry,
    },
    /// What came before is a whole state, and what comes after it are changes.
    Whole,
}

impl Store {
    /// The whole state as one line of JSON.
    pub fn export(&self) -> String {
        let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
        events.sort_by_key(|stored| stored.seq);
        crate::json::write(&self.state(events.into_iter().map(|stored| &stored.event).collect()))
    }

    fn state<'a>(&'a self, events: Vec<&'a Event>) -> State<'a> {
        let all = |(day, endpoint, counters): (i64, &str, &super::Counters)| Entry {
            day,
            endpoint: endpoint.into(),
            counters: counters.clone(),
        };
        State {
            format: FORMAT,
            version: VERSION,
            events,
            receipts: &self.receipts,
            usage: self.usage.entries(i64::MIN, i64::MAX).map(all).collect(),
            documents: &self.documents,
            collections: &self.collections,
            tombstones: &self.tombstones,
            recalls: self.recalls.iter().collect(),
        }
    }

    /// The whole state in lines: one that is a state of little size, and changes that add what takes room. `with` is called with some lines
    /// at once, so that nowhere all of it has to be held.
    pub fn export_lines(&self, mut with: impl FnMut(String)) {
        let head = State { documents: &[], tombstones: &[], ..self.state(Vec::new()) };
        let mut lines = crate::json::write(&head);
        lines.push('\n');
        let several = !(self.users.is_empty() && self.documents.is_empty() && self.tombstones.is_empty());
        let mut put = |line: Line| {
            lines.push_str(&crate::json::write(&line));
            lines.push('\n');
            if lines.len() >= CHUNK_BYTES {
                with(std::mem::take(&mut lines));
            }
        };
        let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
        events.sort_by_key(|stored| stored.seq);
        events.iter().for_each(|stored| put(Line::Event { event: &stored.event }));
        self.documents.iter().for_each(|document| put(Line::Document { document }));
        self.tombstones.iter().for_each(|tombstone| put(Line::Buried { tombstone }));
        if several {
            put(Line::Whole);
        }
        if !lines.is_empty() {
            with(lines);
        }
    }

    /// Replaces the state by an exported one; a text that is none changes nothing.
    pub fn import(&mut self, text: &str) -> Result<(), String> {
        let text = crate::json::carry(text);
        let state: Saved = serde_json::from_str(&text).map_err(|_| fault(&text))?;
        check(&state)?;
        self.loads = true;
        self.replace(state);
        self.loads = false;
        Ok(())
    }

    fn replace(&mut self, state: Saved) {
        self.clear();
        // The changes that make the state are none; the state is one.
        let journal = std::mem::take(&mut self.journal);
        state.events.into_iter().for_each(|event| self.add_event(event));
        for receipt in state.receipts {
            self.add_receipt(receipt);
        }
        state.documents.into_iter().for_each(|document| self.put_document(document));
        state.collections.into_iter().for_each(|collection| self.put_collection(collection));
        state.tombstones.into_iter().for_each(|tombstone| self.add_tombstone(tombstone));
        self.recalls = state.recalls.into();
        for Entry { day, endpoint, counters } in state.usage {
            self.usage.add(day, &endpoint, &counters);
        }
        if journal.is_kept() {
            let mut journal = journal;
            let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
            events.sort_by_key(|stored| stored.seq);
            let state = self.state(events.into_iter().map(|stored| &stored.event).collect());
            journal.note(&Change::State { state });
            self.journal = journal;
        }
    }

    fn add_tombstone(&mut self, tombstone: Tombstone) {
        let last = self.tombstones.last();
        if last.is_some_and(|last| last.event.event_id == tombstone.event.event_id) {
            return;
        }
        self.expires = self.expires.min(tombstone.grace_expires_at);
        self.tombstones.push(tombstone);
    }

    /// Whether there are changes to be taken of what is remembered, not only of counters and of what was recalled.
    pub fn has_changes(&self) -> bool {
        self.journal.is_pressing()
    }

    /// The changes since they were last taken: lines of JSON, each with its line feed.
    pub fn take_changes(&mut self) -> String {
        let mut lines = self.journal.take();
        for (day, endpoint) in std::mem::take(&mut self.journal.counted) {
            if let Some(counters) = self.usage.of(day, &endpoint) {
                let usage = Entry { day, counters: counters.clone(), endpoint };
                lines.push_str(&crate::json::write(&Line::Counters { usage }));
                lines.push('\n');
            }
        }
        lines
    }

    /// Applies changes taken before, in their order. What follows the last line feed was cut off while it was written and is ignored;
    /// any other broken line is an error, and then nothing is applied. A line that comes a second time changes nothing.
    pub fn apply_changes(&mut self, text: &str) -> Result<u64, String> {
        let complete = text.rfind('\n').and_then(|at| text.get(..at)).unwrap_or_default();
        let carried = crate::json::is_carried(complete);
        let mut changes = Vec::new();
        for (at, line) in complete.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let change = Read::of(line, carried);
            changes.push(
                change.map_err(|error| {
                    format!("line {} of the changes cannot be applied: {error}", at.saturating_add(1))
                })?,
            );
        }
        let applied = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        // What was changed before is no change again.
        let journal = std::mem::take(&mut self.journal);
        self.loads = true;
        changes.into_iter().for_each(|change| self.apply(change));
        self.loads = false;
        self.journal = journal;
        Ok(applied)
    }

    fn apply(&mut self, change: Read) {
        match change {
            Read::Event(event) => self.add_event(event),
            Read::Forget(receipt) => {
                let scope = receipt.scope.clone();
                if self.add_receipt(*receipt) {
                    self.delete(&scope);
                }
            }
            Read::Tombstone(receipt) => {
                let (scope, completed_at) = (receipt.scope.clone(), receipt.completed_at);
                if self.add_receipt(*receipt) {
                    self.bury(&scope, completed_at);
                }
            }
            Read::Buried(tombstone) => self.add_tombstone(*tombstone),
            Read::Purge(now) => self.expire(now),
            Read::Document(document) => self.put_document(*document),
            Read::DocumentDeleted(document_id) => {
                self.delete_document(&document_id);
            }
            Read::Collection(collection) => self.put_collection(*collection),
            Read::CollectionDeleted(collection_id) => self.delete_collection(&collection_id),
            Read::Recall(recall) => self.add_recall(*recall),
            Read::Feedback(recall_id, fact_ids) => {
                self.add_feedback(&recall_id, &fact_ids);
            }
            Read::Usage(entry) => self.usage.add(entry.day, &entry.endpoint, &entry.counters),
            Read::Counters(entry) => self.usage.set(entry.day, &entry.endpoint, entry.counters),
            Read::State(state) => self.replace(*state),
            Read::Reset => self.clear(),
            Read::Whole => {}
        }
    }
}

#[cfg(test)]
mod tests;
