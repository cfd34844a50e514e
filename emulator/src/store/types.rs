//! The types of what is stored: events, scopes of deletions, receipts, tombstones and recalls.

use crate::text;
use crate::time::{DAY_MS, iso, iso_option};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::cell::OnceCell;

/// The `scope` of an event that is recalled in its project only.
pub const PROJECT: &str = "project";
/// The `scope` of an event that is recalled in its conversation only.
pub const CONVERSATION: &str = "conversation";
/// The `retention_policy` of an event that cannot be deleted.
pub const LEGAL_HOLD: &str = "legal_hold";
/// The `retention_policy` of an event that is kept for a day.
pub const EPHEMERAL: &str = "ephemeral";

/// How long a tombstone is kept, in milliseconds: 30 days.
pub const GRACE_MS: i64 = DAY_MS.saturating_mul(30);
/// How long an ephemeral event is kept, in milliseconds: a day.
pub const EPHEMERAL_MS: i64 = DAY_MS;

/// An event, in the shape in which it is also saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub event_id: String,
    /// The user whose memory it is in.
    pub user_id: String,
    /// The thread it belongs to; V6 calls it a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread_id: Option<String>,
    /// `message`, `tool_call` or `app_event`.
    #[serde(rename = "type")]
    pub kind: String,
    /// `user`, `assistant`, `system` or `tool`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its text.
    pub content: String,
    /// Data of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
    /// When it happened, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub event_time: i64,
    /// When it was stored, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub stored_at: i64,
    /// The idempotency key it was stored under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    /// The project it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// Where it is recalled: [`PROJECT`], [`CONVERSATION`], or `None` for everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The document it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// That document's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_name: Option<String>,
    /// How long it is kept: [`LEGAL_HOLD`], [`EPHEMERAL`], or `None` for until it is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<String>,
    /// In how many recalls feedback named it as used.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub used: u32,
}

/// A stored event.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The event.
    pub event: Event,
    /// Its position in the order in which everything was stored.
    pub seq: u64,
    /// Whether it is something to do; computed by the first recall of V2 that asks.
    pub todo_state: OnceCell<Option<TodoState>>,
}

/// Whether something to do is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TodoState {
    /// It is not done yet.
    Open,
    /// It is done.
    Completed,
}

/// The scope of a deletion: the events of a user that meet all conditions given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The user.
    pub user_id: String,
    /// Only events of this thread.
    pub thread_id: Option<String>,
    /// Only events of this conversation. The same as a thread; set by V6 only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Only events of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// Only events about this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// Only events that happened at this time or later, in milliseconds since 1970.
    #[serde(with = "iso_option")]
    pub from_time: Option<i64>,
    /// Only events that happened at this time or earlier, in milliseconds since 1970.
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

/// The receipt of a deletion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its id.
    pub receipt_id: String,
    /// The scope of the deletion.
    pub scope: Scope,
    /// When it was requested, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub requested_at: i64,
    /// When it was completed, or will be, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub completed_at: i64,
    /// How much it deleted.
    pub deleted: Deleted,
}

/// A tombstone: an event that was forgotten by V3, is not recalled any more, and is deleted when the grace period ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tombstone {
    /// When it is deleted, in milliseconds since 1970.
    #[serde(with = "iso")]
    pub grace_expires_at: i64,
    /// The event.
    pub event: Event,
}

/// A recall that feedback can refer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// Its id.
    pub recall_id: String,
    /// The user whose memory was recalled.
    pub user_id: String,
    /// The ids of its facts, each with the id of the event or the section that it is from.
    pub facts: Vec<(String, String)>,
    /// The ids of the facts that feedback named as used.
    #[serde(default)]
    pub used: Vec<String>,
}

impl Deleted {
    /// The counts of these events.
    pub fn of<'a>(events: impl Iterator<Item = &'a Event>) -> Self {
        let mut deleted = Deleted::default();
        for event in events {
            let passages = u64::try_from(text::passages(&event.content).len()).unwrap_or(u64::MAX);
            deleted.events = deleted.events.saturating_add(1);
            deleted.episodes = deleted.episodes.saturating_add(1);
            deleted.chunks = deleted.chunks.saturating_add(if passages > 1 { passages } else { 0 });
        }
        deleted
    }
}

impl Event {
    /// When the event expires, in milliseconds since 1970: a day after it was stored where it is ephemeral, else `i64::MAX`.
    pub fn expires_at(&self) -> i64 {
        if self.is_kept_as(EPHEMERAL) { self.stored_at.saturating_add(EPHEMERAL_MS) } else { i64::MAX }
    }

    /// Whether its scope allows it to be recalled in this conversation and project.
    pub fn visible(&self, conversation: Option<&str>, project: Option<&str>) -> bool {
        match self.scope.as_deref() {
            Some(CONVERSATION) => self.thread_id.as_deref() == conversation,
            Some(PROJECT) => self.project_id.as_deref() == project,
            _ => true,
        }
    }

    /// Whether it has this retention policy.
    pub fn is_kept_as(&self, policy: &str) -> bool {
        self.retention_policy.as_deref() == Some(policy)
    }
}

impl Scope {
    /// Whether an event meets the conditions. That it is of the user is not checked.
    pub fn covers(&self, event: &Event) -> bool {
        let is = |wanted: &Option<String>, given: &Option<String>| wanted.is_none() || wanted == given;
        is(&self.thread_id, &event.thread_id)
            && is(&self.conversation_id, &event.thread_id)
            && is(&self.project_id, &event.project_id)
            && is(&self.document_id, &event.document_id)
            && self.from_time.is_none_or(|from| event.event_time >= from)
            && self.to_time.is_none_or(|to| event.event_time <= to)
    }
}

/// Whether a counter is 0, and so is not saved.
pub(super) fn is_zero(number: &u32) -> bool {
    *number == 0
}
