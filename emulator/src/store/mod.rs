//! What the service remembers.

mod expiry;
mod journal;
mod library;
mod persist;
mod recalls;
mod saved;
mod types;
mod usage;
mod user;

use crate::hash::fingerprint;
use crate::ids::Ids;
use journal::{Change, Journal};
use std::collections::{BTreeMap, HashSet, VecDeque};

pub use expiry::{EPHEMERAL_MS, GRACE_MS, Tombstone};
pub use library::{Collection, Document, Member, Section};
pub use recalls::Recall;
pub use types::{CONVERSATION, Deleted, EPHEMERAL, Event, LEGAL_HOLD, PROJECT, Receipt, Scope, Stored, Task};
pub use usage::{Counters, Usage};
pub use user::User;

/// Everything that is kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// Makes identifiers.
    pub ids: Ids,
    /// Counters by day.
    pub usage: Usage,
    users: BTreeMap<String, User>,
    receipts: Vec<Receipt>,
    /// Fingerprints of the receipts' identifiers.
    receipt_ids: HashSet<u64>,
    tombstones: Vec<Tombstone>,
    recalls: VecDeque<Recall>,
    documents: Vec<Document>,
    collections: Vec<Collection>,
    seq: u64,
    /// When the next event or tombstone expires.
    expires: i64,
    journal: Journal,
    /// Whether what is added now is read from a file.
    loads: bool,
    /// Users of whom much is not indexed yet.
    behind: Vec<String>,
}

impl Store {
    /// An empty store.
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
            expires: i64::MAX,
            journal: Journal::new(journal),
            loads: false,
            behind: Vec::new(),
        }
    }

    /// Makes what a user is remembered by ready to be searched.
    pub fn make_index(&mut self, user_id: &str) {
        if let Some(user) = self.users.get_mut(user_id) {
            user.make_index(usize::MAX);
        }
    }

    /// Indexes some of what was loaded, and tells whether there is more of it. A recall does the same for its user where it was not done.
    pub fn prepare(&mut self, events: usize) -> bool {
        if self.behind.is_empty() {
            let behind = self.users.iter().filter(|(_, user)| user.is_behind());
            self.behind = behind.map(|(user_id, _)| user_id.clone()).collect();
        }
        let Some(user_id) = self.behind.last() else { return false };
        match self.users.get_mut(user_id) {
            Some(user) if user.is_behind() => user.make_index(events),
            _ => drop(self.behind.pop()),
        }
        true
    }

    /// The users of whom events are remembered, by their identifiers.
    pub fn users(&self) -> impl Iterator<Item = (&str, &User)> {
        self.users.iter().map(|(user_id, user)| (user_id.as_str(), user))
    }

    /// What is forgotten but not deleted yet.
    pub fn tombstones(&self) -> &[Tombstone] {
        &self.tombstones
    }

    /// How many events and documents were ever stored.
    pub fn stored(&self) -> u64 {
        self.seq
    }

    /// A user of whom something is remembered.
    pub fn user(&self, user_id: &str) -> Option<&User> {
        self.users.get(user_id)
    }

    /// The event a user stored under an idempotency key.
    pub fn event_of_key(&self, user_id: &str, key: &str) -> Option<&str> {
        Some(self.user(user_id)?.of_key(key)?.event.event_id.as_str())
    }

    /// Stores an event. One that is there already is not stored anew.
    pub fn add_event(&mut self, event: Event) {
        if self.user(&event.user_id).is_some_and(|user| user.of_id(&event.event_id).is_some()) {
            return;
        }
        self.journal.note(&Change::Event { event: &event });
        self.expires = self.expires.min(expiry::of_event(&event));
        // Most of the users that are loaded are not recalled: their events are indexed when they are, or in pauses.
        let loads = self.loads;
        match self.users.get_mut(&event.user_id) {
            Some(user) => {
                user.add(event, self.seq);
                if !loads {
                    user.follow();
                }
            }
            None => self.users.entry(event.user_id.clone()).or_default().add(event, self.seq),
        }
        self.seq = self.seq.saturating_add(1);
    }

    /// The events of a user, in the order of arrival.
    pub fn events(&self, user_id: &str) -> impl DoubleEndedIterator<Item = &Stored> {
        self.users.get(user_id).into_iter().flat_map(User::events)
    }

    /// Deletes what the scope covers and keeps the receipt.
    pub fn forget(&mut self, receipt_id: String, scope: Scope, now: i64) -> Receipt {
        let deleted = self.delete(&scope);
        let receipt = Receipt { receipt_id, scope, requested_at: now, completed_at: now, deleted };
        self.journal.note(&Change::Forget { receipt: &receipt });
        self.add_receipt(receipt.clone());
        receipt
    }

    fn delete(&mut self, scope: &Scope) -> Deleted {
        counted(&self.take(&scope.user_id, |event| scope.covers(event)))
    }

    fn take(&mut self, user_id: &str, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
        let Some(user) = self.users.get_mut(user_id) else {
            return Vec::new();
        };
        let gone = user.take(which);
        if user.is_empty() {
            self.users.remove(user_id);
        }
        gone
    }

    /// Keeps a receipt, and tells whether it was not there yet.
    fn add_receipt(&mut self, receipt: Receipt) -> bool {
        let fresh = self.receipt_ids.insert(fingerprint(receipt.receipt_id.as_bytes()));
        if fresh {
            self.receipts.push(receipt);
        }
        fresh
    }

    /// Receipts, newest first.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter().rev()
    }

    /// Counts a request.
    pub fn count(&mut self, day: i64, endpoint: &str, counters: Counters) {
        self.journal.count(day, endpoint);
        self.usage.add(day, endpoint, &counters);
    }

    /// Forgets everything, receipts and counters included.
    pub fn reset(&mut self) {
        self.clear();
        self.journal.note(&Change::Reset);
    }

    fn clear(&mut self) {
        let journal = std::mem::take(&mut self.journal);
        *self = Store { seq: self.seq, journal, loads: self.loads, ..Store::new(self.ids.clone(), false) };
    }
}

fn counted(gone: &[Stored]) -> Deleted {
    Deleted::of(gone.iter().map(|stored| &stored.event))
}
