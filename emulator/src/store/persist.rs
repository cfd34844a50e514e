//! Saves and loads the store as JSON: the whole state as one text, the whole state in lines, or the changes since the last time.

use super::memory::Store;
use super::saved::{FORMAT, LoadedChange, SavedState, VERSION, check_format, describe_error};
use super::types::{Event, Stored, Tombstone};
use super::usage::{Counters, Entry};
use super::user::User;
use super::written::{Change, State};

/// The size of the chunks of `export_lines`, in bytes; a chunk ends after the line that reaches it.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;

impl Store {
    /// The whole state as one line of JSON.
    pub fn export(&self) -> String {
        let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
        events.sort_by_key(|stored| stored.seq);
        crate::json::write(&self.state(events.into_iter().map(|stored| &stored.event).collect()))
    }

    /// The whole state with these events.
    fn state<'a>(&'a self, events: Vec<&'a Event>) -> State<'a> {
        let all = |(day, endpoint, counters): (i64, &str, &Counters)| Entry {
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

    /// The whole state in lines. The first line is a state without events, documents and tombstones; a line for each of these follows. `with`
    /// is called with chunks of whole lines, so that the text as a whole need not fit in memory.
    pub fn export_lines(&self, mut with: impl FnMut(String)) {
        let head = State { documents: &[], tombstones: &[], ..self.state(Vec::new()) };
        let mut lines = crate::json::write(&head);
        lines.push('\n');
        let has_more_lines = !(self.users.is_empty() && self.documents.is_empty() && self.tombstones.is_empty());
        let mut put = |line: Change| {
            lines.push_str(&crate::json::write(&line));
            lines.push('\n');
            if lines.len() >= CHUNK_BYTES {
                with(std::mem::take(&mut lines));
            }
        };
        let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
        events.sort_by_key(|stored| stored.seq);
        events.iter().for_each(|stored| put(Change::Event { event: &stored.event }));
        self.documents.iter().for_each(|document| put(Change::Document { document }));
        self.tombstones.iter().for_each(|tombstone| put(Change::Buried { tombstone }));
        if has_more_lines {
            put(Change::Whole);
        }
        if !lines.is_empty() {
            with(lines);
        }
    }

    /// Replaces the state by an exported one. On an error nothing is changed.
    pub fn import(&mut self, text: &str) -> Result<(), String> {
        let text = crate::json::encode_surrogates(text);
        let state: SavedState = serde_json::from_str(&text).map_err(|_| describe_error(&text))?;
        check_format(&state)?;
        self.is_loading = true;
        self.replace(state);
        self.is_loading = false;
        Ok(())
    }

    /// Replaces the state, and records that in the journal.
    fn replace(&mut self, state: SavedState) {
        self.clear();
        // The journal records the new state as one change, not each event of it.
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
        if journal.is_enabled() {
            let mut journal = journal;
            let mut events: Vec<&Stored> = self.users.values().flat_map(User::events).collect();
            events.sort_by_key(|stored| stored.seq);
            let state = self.state(events.into_iter().map(|stored| &stored.event).collect());
            journal.record(&Change::State { state });
            self.journal = journal;
        }
    }

    /// Adds a tombstone, unless it repeats the one before it, as a line that was written twice does.
    fn add_tombstone(&mut self, tombstone: Tombstone) {
        let last = self.tombstones.last();
        if last.is_some_and(|last| last.event.event_id == tombstone.event.event_id) {
            return;
        }
        self.next_expiry = self.next_expiry.min(tombstone.grace_expires_at);
        self.tombstones.push(tombstone);
    }

    /// Whether `take_changes` would return anything other than usage counters and remembered recalls.
    pub fn has_changes(&self) -> bool {
        self.journal.has_durable_changes()
    }

    /// Takes the changes since the last call: lines of JSON, each with its line feed.
    pub fn take_changes(&mut self) -> String {
        let mut lines = self.journal.take();
        for (day, endpoint) in std::mem::take(&mut self.journal.counted) {
            if let Some(counters) = self.usage.of(day, &endpoint) {
                let usage = Entry { day, counters: counters.clone(), endpoint };
                lines.push_str(&crate::json::write(&Change::Counters { usage }));
                lines.push('\n');
            }
        }
        lines
    }

    /// Applies changes that were taken before, in their order, and returns how many there were. What follows the last line feed is ignored: it
    /// was cut off while it was written. Any other broken line is an error, and then nothing is applied. A repeated line changes nothing.
    pub fn apply_changes(&mut self, text: &str) -> Result<u64, String> {
        let complete = text.rfind('\n').and_then(|at| text.get(..at)).unwrap_or_default();
        let may_need_encoding = crate::json::may_need_encoding(complete);
        let mut changes = Vec::new();
        for (at, line) in complete.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let change = LoadedChange::of(line, may_need_encoding);
            changes.push(
                change.map_err(|error| {
                    format!("line {} of the changes cannot be applied: {error}", at.saturating_add(1))
                })?,
            );
        }
        let applied = u64::try_from(changes.len()).unwrap_or(u64::MAX);
        // Changes that are loaded are not recorded again.
        let journal = std::mem::take(&mut self.journal);
        self.is_loading = true;
        changes.into_iter().for_each(|change| self.apply(change));
        self.is_loading = false;
        self.journal = journal;
        Ok(applied)
    }

    /// Applies one change.
    fn apply(&mut self, change: LoadedChange) {
        match change {
            LoadedChange::Event(event) => self.add_event(event),
            LoadedChange::Forget(receipt) => {
                let scope = receipt.scope.clone();
                if self.add_receipt(*receipt) {
                    self.delete(&scope);
                }
            }
            LoadedChange::Tombstone(receipt) => {
                let (scope, completed_at) = (receipt.scope.clone(), receipt.completed_at);
                if self.add_receipt(*receipt) {
                    self.move_to_tombstones(&scope, completed_at);
                }
            }
            LoadedChange::Buried(tombstone) => self.add_tombstone(*tombstone),
            LoadedChange::Purge(now) => self.expire(now),
            LoadedChange::Document(document) => self.put_document(*document),
            LoadedChange::DocumentDeleted(document_id) => {
                self.delete_document(&document_id);
            }
            LoadedChange::Collection(collection) => self.put_collection(*collection),
            LoadedChange::CollectionDeleted(collection_id) => self.delete_collection(&collection_id),
            LoadedChange::Recall(recall) => self.add_recall(*recall),
            LoadedChange::Feedback(recall_id, fact_ids) => {
                self.add_feedback(&recall_id, &fact_ids);
            }
            LoadedChange::Usage(entry) => self.usage.add(entry.day, &entry.endpoint, &entry.counters),
            LoadedChange::Counters(entry) => self.usage.set(entry.day, &entry.endpoint, entry.counters),
            LoadedChange::State(state) => self.replace(*state),
            LoadedChange::Reset => self.clear(),
            LoadedChange::Whole => {}
        }
    }
}

#[cfg(test)]
mod tests;
