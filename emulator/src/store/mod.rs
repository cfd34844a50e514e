//! What the service remembers.

mod persist;
mod usage;

use crate::ids::Ids;
use crate::text;
use crate::time::{iso, iso_option};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

pub use usage::{Counters, Usage};

/// Something a user did or said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its identifier.
    pub event_id: String,
    /// Whose memory it is.
    pub user_id: String,
    /// The conversation it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<String>,
    /// `message`, `tool_call` or `app_event`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Who spoke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What was said.
    pub content: String,
    /// What the application knows about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// When it happened.
    #[serde(with = "iso")]
    pub event_time: i64,
    /// When the service learnt of it.
    #[serde(with = "iso")]
    pub stored_at: i64,
    /// What marks a repetition of the same request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// A passage of an event's content, with its terms.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How many terms it has.
    pub length: u32,
    /// Each different term and how often it occurs, sorted.
    pub terms: Vec<(u32, u32)>,
}

/// An event and what is derived from it.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The event.
    pub event: Event,
    /// Its passages.
    pub passages: Vec<Passage>,
    /// Its place in the order of arrival.
    pub seq: u64,
}

/// Whose events are deleted, or were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The user.
    pub user_id: String,
    /// Only this conversation.
    pub thread_id: Option<String>,
    /// Only what happened at this time or later.
    #[serde(with = "iso_option")]
    pub from_time: Option<i64>,
    /// Only what happened at this time or earlier.
    #[serde(with = "iso_option")]
    pub to_time: Option<i64>,
}

/// How much was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Deleted {
    /// Events.
    pub events: u64,
    /// Passages of events that have several.
    pub chunks: u64,
    /// Episodes: one for each event.
    pub episodes: u64,
}

/// The record of a deletion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its identifier.
    pub receipt_id: String,
    /// What was asked for.
    pub scope: Scope,
    /// When.
    #[serde(with = "iso")]
    pub requested_at: i64,
    /// When it was done.
    #[serde(with = "iso")]
    pub completed_at: i64,
    /// What it deleted.
    pub deleted: Deleted,
}

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
    seq: u64,
    /// Changes since they were last taken; kept only where somebody takes them.
    changes: Option<Vec<Value>>,
}

impl Store {
    /// An empty store.
    pub fn new(ids: Ids, journal: bool) -> Self {
        let changes = journal.then(Vec::new);
        Store { ids, usage: Usage::default(), users: BTreeMap::new(), receipts: Vec::new(), seq: 0, changes }
    }

    /// The event a user stored under an idempotency key.
    pub fn event_of_key(&self, user_id: &str, key: &str) -> Option<&str> {
        self.users.get(user_id)?.keys.get(key).map(String::as_str)
    }

    /// Stores an event.
    pub fn add_event(&mut self, event: Event) {
        self.note(|| json!({ "op": "event", "event": event }));
        let user = self.users.entry(event.user_id.clone()).or_default();
        if let Some(key) = &event.idempotency_key {
            user.keys.insert(key.clone(), event.event_id.clone());
        }
        user.events.push(Stored { passages: index(&event.content), event, seq: self.seq });
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
        let mut deleted = Deleted::default();
        let Some(user) = self.users.get_mut(&scope.user_id) else {
            return deleted;
        };
        let gone: Vec<Stored> = user.events.extract_if(.., |stored| scope.covers(&stored.event)).collect();
        for stored in &gone {
            let passages = u64::try_from(stored.passages.len()).unwrap_or(u64::MAX);
            deleted.events = deleted.events.saturating_add(1);
            deleted.episodes = deleted.episodes.saturating_add(1);
            deleted.chunks = deleted.chunks.saturating_add(if passages > 1 { passages } else { 0 });
            // The key goes with its event: what was forgotten can be told anew.
            if let Some(key) = &stored.event.idempotency_key {
                user.keys.remove(key);
            }
        }
        if user.events.is_empty() {
            self.users.remove(&scope.user_id);
        }
        deleted
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
        self.usage = Usage::default();
    }

    fn note(&mut self, change: impl FnOnce() -> Value) {
        if let Some(changes) = &mut self.changes {
            changes.push(change());
        }
    }
}

impl Scope {
    fn covers(&self, event: &Event) -> bool {
        self.thread_id.as_ref().is_none_or(|thread| event.thread_id.as_ref() == Some(thread))
            && self.from_time.is_none_or(|from| event.event_time >= from)
            && self.to_time.is_none_or(|to| event.event_time <= to)
    }
}

fn index(content: &str) -> Vec<Passage> {
    let cut = |(start, end)| {
        let mut all = Vec::new();
        text::each_term(content.get(start..end).unwrap_or_default(), |term| all.push(term));
        all.sort_unstable();
        let terms =
            all.chunk_by(|one, other| one == other).filter_map(|same| Some((*same.first()?, count(same)))).collect();
        Passage { start, end, length: count(&all), terms }
    };
    text::passages(content).into_iter().map(cut).collect()
}

fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
