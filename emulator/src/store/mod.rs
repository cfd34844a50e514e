//! What the service remembers.

mod expiry;
mod library;
mod persist;
mod recalls;
mod types;
mod usage;

use crate::ids::Ids;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};

pub use expiry::{EPHEMERAL_MS, GRACE_MS, Tombstone};
pub use library::{Collection, Document, Member};
pub use recalls::Recall;
pub use types::{CONVERSATION, Deleted, EPHEMERAL, Event, LEGAL_HOLD, PROJECT, Passage, Receipt, Scope, Stored};
pub use usage::{Counters, Usage};

/// The events of one user.
#[derive(Clone, Debug, Default)]
struct User {
    events: Vec<Stored>,
    /// Identifiers of events by idempotency key.
    keys: HashMap<String, String>,
}

/// Everything that is kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// Makes identifiers.
    pub ids: Ids,
    /// Counters by day.
    pub usage: Usage,
    users: BTreeMap<String, User>,
    receipts: Vec<Receipt>,
    tombstones: Vec<Tombstone>,
    recalls: VecDeque<Recall>,
    documents: Vec<Document>,
    collections: Vec<Collection>,
    seq: u64,
    /// When the next event or tombstone expires.
    expires: i64,
    /// Changes since they were last taken; kept only where somebody takes them.
    changes: Option<Vec<Value>>,
}

impl Store {
    /// An empty store.
    pub fn new(ids: Ids, journal: bool) -> Self {
        let changes = journal.then(Vec::new);
        Store {
            ids,
            usage: Usage::default(),
            users: BTreeMap::new(),
            receipts: Vec::new(),
            tombstones: Vec::new(),
            recalls: VecDeque::new(),
            documents: Vec::new(),
            collections: Vec::new(),
            seq: 0,
            expires: i64::MAX,
            changes,
        }
    }

    /// The event a user stored under an idempotency key.
    pub fn event_of_key(&self, user_id: &str, key: &str) -> Option<&str> {
        self.users.get(user_id)?.keys.get(key).map(String::as_str)
    }

    /// Stores an event.
    pub fn add_event(&mut self, event: Event) {
        self.note(|| json!({ "op": "event", "event": event }));
        self.expires = self.expires.min(expiry::of_event(&event));
        let user = self.users.entry(event.user_id.clone()).or_default();
        if let Some(key) = &event.idempotency_key {
            user.keys.insert(key.clone(), event.event_id.clone());
        }
        user.events.push(Stored::new(event, self.seq));
        self.seq = self.seq.saturating_add(1);
    }

    /// The events of a user, in the order of arrival.
    pub fn events(&self, user_id: &str) -> &[Stored] {
        self.users.get(user_id).map_or(&[], |user| user.events.as_slice())
    }

    /// Deletes what the scope covers and keeps the receipt.
    pub fn forget(&mut self, receipt_id: String, scope: Scope, now: i64) -> Receipt {
        let deleted = self.delete(&scope);
        let receipt = Receipt { receipt_id, scope, requested_at: now, completed_at: now, deleted };
        self.note(|| json!({ "op": "forget", "receipt": receipt }));
        self.receipts.push(receipt.clone());
        receipt
    }

    fn delete(&mut self, scope: &Scope) -> Deleted {
        counted(&self.take(&scope.user_id, |event| scope.covers(event)))
    }

    /// Takes events of a user out, with their keys: what was forgotten can be told anew.
    fn take(&mut self, user_id: &str, which: impl Fn(&Event) -> bool) -> Vec<Stored> {
        let Some(user) = self.users.get_mut(user_id) else {
            return Vec::new();
        };
        let gone: Vec<Stored> = user.events.extract_if(.., |stored| which(&stored.event)).collect();
        for key in gone.iter().filter_map(|stored| stored.event.idempotency_key.as_ref()) {
            user.keys.remove(key);
        }
        if user.events.is_empty() {
            self.users.remove(user_id);
        }
        gone
    }

    /// Receipts, newest first.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter().rev()
    }

    /// Counts a request.
    pub fn count(&mut self, day: i64, endpoint: &str, counters: Counters) {
        self.note(|| json!({ "op": "usage", "usage": usage::entry(day, endpoint, &counters) }));
        self.usage.add(day, endpoint, &counters);
    }

    /// Forgets everything, receipts and counters included.
    pub fn reset(&mut self) {
        self.clear();
        self.note(|| json!({ "op": "reset" }));
    }

    fn clear(&mut self) {
        self.users.clear();
        self.receipts.clear();
        self.tombstones.clear();
        self.recalls.clear();
        self.documents.clear();
        self.collections.clear();
        self.expires = i64::MAX;
        self.usage = Usage::default();
    }

    fn note(&mut self, change: impl FnOnce() -> Value) {
        if let Some(changes) = &mut self.changes {
            changes.push(change());
        }
    }
}

fn counted(gone: &[Stored]) -> Deleted {
    let mut deleted = Deleted::default();
    for stored in gone {
        let passages = u64::try_from(stored.passages.len()).unwrap_or(u64::MAX);
        deleted.events = deleted.events.saturating_add(1);
        deleted.episodes = deleted.episodes.saturating_add(1);
        deleted.chunks = deleted.chunks.saturating_add(if passages > 1 { passages } else { 0 });
    }
    deleted
}
