//! Deletion by time: tombstones after their grace period, ephemeral events after a day; and events under legal hold, which cannot be deleted.

use super::memory::{Store, counted};
use super::types::{GRACE_MS, LEGAL_HOLD, Receipt, Scope, Stored, Tombstone};
use super::written::Change;
use crate::time;

impl Store {
    /// The ids of the events within a scope that are under legal hold.
    pub fn held_events(&self, scope: &Scope) -> Vec<String> {
        let held = |stored: &&Stored| stored.event.is_kept_as(LEGAL_HOLD) && scope.covers(&stored.event);
        self.events(&scope.user_id).filter(held).map(|stored| stored.event.event_id.clone()).collect()
    }

    /// Turns the events within a scope into tombstones, which are deleted when the grace period ends, and stores a receipt.
    pub fn tombstone(&mut self, receipt_id: String, scope: Scope, now: i64) -> Receipt {
        let completed_at = now.saturating_add(GRACE_MS).min(time::MAX);
        let deleted = counted(&self.move_to_tombstones(&scope, completed_at));
        let receipt = Receipt { receipt_id, scope, requested_at: now, completed_at, deleted };
        self.journal.record(&Change::Tombstone { receipt: &receipt });
        self.add_receipt(receipt.clone());
        receipt
    }

    /// Turns the events within a scope into tombstones, without a receipt.
    pub(super) fn move_to_tombstones(&mut self, scope: &Scope, grace_expires_at: i64) -> Vec<Stored> {
        let gone = self.remove_events(&scope.user_id, |event| scope.covers(event));
        self.tombstones.extend(gone.iter().map(|stored| Tombstone { grace_expires_at, event: stored.event.clone() }));
        if !gone.is_empty() {
            self.next_expiry = self.next_expiry.min(grace_expires_at);
        }
        gone
    }

    /// Deletes expired events and tombstones. Called before each request, so it returns at once where nothing has expired.
    pub fn purge(&mut self, now: i64) {
        if now >= self.next_expiry {
            self.journal.record(&Change::Purge { now: time::format(now) });
            self.expire(now);
        }
    }

    /// Deletes expired events and tombstones, without a record in the journal.
    pub(super) fn expire(&mut self, now: i64) {
        self.tombstones.retain(|tombstone| tombstone.grace_expires_at > now);
        let users: Vec<String> = self.users.keys().cloned().collect();
        for user_id in users {
            self.remove_events(&user_id, |event| event.expires_at() <= now);
        }
        let events = self.users.values().flat_map(|user| user.events()).map(|stored| stored.event.expires_at());
        let graces = self.tombstones.iter().map(|tombstone| tombstone.grace_expires_at);
        self.next_expiry = events.chain(graces).min().unwrap_or(i64::MAX);
    }
}
