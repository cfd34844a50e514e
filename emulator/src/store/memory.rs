//! The store: everything the service remembers, and the operations on events.

use super::journal::Journal;
use super::library::{Collection, Document};
use super::types::{Deleted, Event, Recall, Receipt, Scope, Stored, Tombstone};
use super::usage::{Counters, Usage};
use super::user::User;
use super::written::Change;
use crate::hash::fingerprint;
use crate::ids::Ids;
use std::collections::{BTreeMap, HashSet, VecDeque};

/// Everything the service remembers.
#[derive(Clone, Debug)]
pub struct Store {
    /// Generates ids.
    pub ids: Ids,
    /// The usage counters.
    pub usage: Usage,
    /// The events, by user id.
    pub(super) users: BTreeMap<String, User>,
    /// The deletion receipts, the oldest first.
    pub(super) receipts: Vec<Receipt>,
    /// Fingerprints of the ids of receipts.
    receipt_ids: HashSet<u64>,
    pub(super) tombstones: Vec<Tombstone>,
    pub(super) recalls: VecDeque<Recall>,
    pub(super) documents: Vec<Document>,
    pub(super) collections: Vec<Collection>,
    /// How many events and documents were ever stored: the position of the next one.
    pub(super) seq: u64,
    /// When the next event or tombstone expires, in milliseconds since 1970; `i64::MAX` for never. May be too early, never too late.
    pub(super) next_expiry: i64,
    pub(super) journal: Journal,
    /// Whether a saved state or changes are being loaded.
    pub(super) is_loading: bool,
    /// Users with many events that are not indexed yet; found by [`prepare`](Store::prepare).
    unindexed_users: Vec<String>,
}

impl Store {
    /// An empty store. With `journal`, changes are recorded for `take_changes`.
    pub fn new(ids: Ids, journal: bool) -> Self {
        Store {
            ids,
            usage: Usage::default(),
            users: BTreeMap::new(),
            receipts: Vec::new(),
            receipt_ids: HashSet::new(),
            tombstones: Vec::new(),
            recalls: VecDeque::new(),
            documents: Vec::new(),
            collections: Vec::new(),
            seq: 0,
            next_expiry: i64::MAX,
            journal: Journal::new(journal),
            is_loading: false,
            unindexed_users: Vec::new(),
        }
    }

    /// Indexes the events of a user that are not indexed yet. Must be called before they are searched.
    pub fn build_index(&mut self, user_id: &str) {
        if let Some(user) = self.users.get_mut(user_id) {
            user.build_index(usize::MAX);
        }
    }

    /// Indexes at most this many events of one user after a state was loaded. Returns whether there may be more. Optional: a recall indexes the
    /// events of its user where this was not done.
    pub fn prepare(&mut self, events: usize) -> bool {
        if self.unindexed_users.is_empty() {
            let behind = self.users.iter().filter(|(_, user)| user.has_index_backlog());
            self.unindexed_users = behind.map(|(user_id, _)| user_id.clone()).collect();
        }
        let Some(user_id) = self.unindexed_users.last() else { return false };
        match self.users.get_mut(user_id) {
            Some(user) if user.has_index_backlog() => user.build_index(events),
            _ => drop(self.unindexed_users.pop()),
        }
        true
    }

    /// The users with events, in the order of their ids.
    pub fn users(&self) -> impl Iterator<Item = (&str, &User)> {
        self.users.iter().map(|(user_id, user)| (user_id.as_str(), user))
    }

    /// The events that were forgotten and will be deleted when their grace period ends.
    pub fn tombstones(&self) -> &[Tombstone] {
        &self.tombstones
    }

    /// How many events and documents were ever stored.
    pub fn stored(&self) -> u64 {
        self.seq
    }

    /// A user, if there are events of the user.
    pub fn user(&self, user_id: &str) -> Option<&User> {
        self.users.get(user_id)
    }

    /// The id of the event that was stored under an idempotency key of a user.
    pub fn event_id_by_key(&self, user_id: &str, key: &str) -> Option<&str> {
        Some(self.user(user_id)?.by_idempotency_key(key)?.event.event_id.as_str())
    }

    /// Stores an event, unless the user has one with the same id.
    pub fn add_event(&mut self, event: Event) {
        if self.user(&event.user_id).is_some_and(|user| user.by_id(&event.event_id).is_some()) {
            return;
        }
        self.journal.record(&Change::Event { event: &event });
        self.next_expiry = self.next_expiry.min(event.expires_at());
        // Loaded events are indexed by a recall of their user or by `prepare`: most users of a large state are not recalled.
        let is_loading = self.is_loading;
        match self.users.get_mut(&event.user_id) {
            Some(user) => {
                user.add(event, self.seq);
                if !is_loading {
                    user.index_some();
                }
            }
            None => self.users.entry(event.user_id.clone()).or_default().add(event, self.seq),
        }
        self.seq = self.seq.saturating_add(1);
    }

    /// The events of a user, in the order in which they were stored.
    pub fn events(&self, user_id: &str) -> impl DoubleEndedIterator<Item = &Stored> {
        self.users.get(user_id).into_iter().flat_map(User::events)
    }

    /// Deletes the events within a scope, and stores a receipt.
    pub fn forget(&mut self, receipt_id: String, scope: Scope, now: i64) -> Receipt {
        let deleted = self.delete(&scope);
        let receipt = Receipt { receipt_id, scope, requested_at: now, completed_at: now, deleted };
        self.journal.record(&Change::Forget { receipt: &receipt });
        self.add_receipt(receipt.clone());
        receipt
    }

    /// Deletes the events within a scope, without a receipt.
    pub(super) fn delete(&mut self, scope: &Scope) -> Deleted {
        counted(&self.remove_events(&scope.user_id, |event| scope.covers(event)))
    }

    /// Removes the events of a user that pass the test, and returns them.
    pub(super) fn remove_events(&mut self, user_id: &str, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
        let Some(user) = self.users.get_mut(user_id) else {
            return Vec::new();
        };
        let gone = user.remove_events(which);
        if user.is_empty() {
            self.users.remove(user_id);
        }
        gone
    }

    /// Stores a receipt, and returns whether it was new.
    pub(super) fn add_receipt(&mut self, receipt: Receipt) -> bool {
        let fresh = self.receipt_ids.insert(fingerprint(receipt.receipt_id.as_bytes()));
        if fresh {
            self.receipts.push(receipt);
        }
        fresh
    }

    /// The deletion receipts, the newest first.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter().rev()
    }

    /// Adds to the usage counters of an endpoint on a day.
    pub fn count(&mut self, day: i64, endpoint: &str, counters: Counters) {
        self.journal.count(day, endpoint);
        self.usage.add(day, endpoint, &counters);
    }

    /// Removes everything, receipts and counters included.
    pub fn reset(&mut self) {
        self.clear();
        self.journal.record(&Change::Reset);
    }

    /// The same without a record in the journal.
    pub(super) fn clear(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        *self = Store { seq: self.seq, journal, is_loading: self.is_loading, ..Store::new(self.ids.clone(), false) };
    }
}

/// How much was deleted with these events.
pub(super) fn counted(gone: &[Stored]) -> Deleted {
    Deleted::of(gone.iter().map(|stored| &stored.event))
}
