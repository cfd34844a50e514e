//! What is deleted by the time: tombstones after their grace, ephemeral events after a day.

use super::journal::Change;
use super::{EPHEMERAL, Event, LEGAL_HOLD, Receipt, Scope, Store, Stored, counted};
use crate::time::{self, DAY_MS, iso};
use serde::{Deserialize, Serialize};

/// How long a tombstone keeps what was forgotten.
pub const GRACE_MS: i64 = DAY_MS.saturating_mul(30);
/// How long an ephemeral event is kept.
pub const EPHEMERAL_MS: i64 = DAY_MS;

/// An event that is forgotten but not deleted yet. Nothing recalls it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When it is deleted.
    #[serde(with = "iso")]
    pub grace_expires_at: i64,
    /// The event.
    pub event: Event,
}

/// When an event expires; never is the end of time.
pub(super) fn of_event(event: &Event) -> i64 {
    if event.is_kept_as(EPHEMERAL) { event.stored_at.saturating_add(EPHEMERAL_MS) } else { i64::MAX }
}

impl Store {
    /// The identifiers of what the scope covers and must not be deleted.
    pub fn held(&self, scope: &Scope) -> Vec<String> {
        let held = |stored: &&Stored| stored.event.is_kept_as(LEGAL_HOLD) && scope.covers(&stored.event);
        self.events(&scope.user_id).filter(held).map(|stored| stored.event.event_id.clone()).collect()
    }

    /// Forgets what the scope covers at once, deletes it when the grace ends, and keeps the receipt.
    pub fn tombstone(&mut self, receipt_id: String, scope: Scope, now: i64) -> Receipt {
        let completed_at = now.saturating_add(GRACE_MS).min(time::MAX);
        let deleted = counted(&self.bury(&scope, completed_at));
        let receipt = Receipt { receipt_id, scope, requested_at: now, completed_at, deleted };
        self.journal.note(&Change::Tombstone { receipt: &receipt });
        self.add_receipt(receipt.clone());
        receipt
    }

    pub(super) fn bury(&mut self, scope: &Scope, grace_expires_at: i64) -> Vec<Stored> {
        let gone = self.take(&scope.user_id, |event| scope.covers(event));
        self.tombstones.extend(gone.iter().map(|stored| Tombstone { grace_expires_at, event: stored.event.clone() }));
        if !gone.is_empty() {
            self.expires = self.expires.min(grace_expires_at);
        }
        gone
    }

    /// Deletes what has expired.
    pub fn purge(&mut self, now: i64) {
        if now >= self.expires {
            self.journal.note(&Change::Purge { now: time::format(now) });
            self.expire(now);
        }
    }

    pub(super) fn expire(&mut self, now: i64) {
        self.tombstones.retain(|tombstone| tombstone.grace_expires_at > now);
        let users: Vec<String> = self.users.keys().cloned().collect();
        for user_id in users {
            self.take(&user_id, |event| of_event(event) <= now);
        }
        let events = self.users.values().flat_map(|user| user.events()).map(|stored| of_event(&stored.event));
        let graces = self.tombstones.iter().map(|tombstone| tombstone.grace_expires_at);
        self.expires = events.chain(graces).min().unwrap_or(i64::MAX);
    }
}
