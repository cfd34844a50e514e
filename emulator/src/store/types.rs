//! What is stored, and the record of what no longer is.

use crate::text;
use crate::time::{iso, iso_option};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::cell::OnceCell;

/// The scope of what is recalled in its project only.
pub const PROJECT: &str = "project";
/// The scope of what is recalled in its conversation only.
pub const CONVERSATION: &str = "conversation";
/// The retention policy of what cannot be deleted.
pub const LEGAL_HOLD: &str = "legal_hold";
/// The retention policy of what is kept for a day.
pub const EPHEMERAL: &str = "ephemeral";

/// Something a user did or said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
    /// The project it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// Where it is recalled: [`PROJECT`], [`CONVERSATION`], anywhere without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The document it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// That document's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_name: Option<String>,
    /// How long it is kept: [`LEGAL_HOLD`], [`EPHEMERAL`], until it is forgotten without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_policy: Option<String>,
    /// In how many recalls it was of use, by what the feedback said.
    #[serde(default, skip_serializing_if = "none")]
    pub used: u32,
}

/// An event and its place among all.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The event.
    pub event: Event,
    /// Its place in the order of arrival.
    pub seq: u64,
    /// Whether it is something to do, once somebody asked.
    pub task: OnceCell<Option<Task>>,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// It is not done yet.
    Open,
    /// It is done.
    Completed,
}

/// Whose events are deleted, or were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// The user.
    pub user_id: String,
    /// Only this conversation.
    pub thread_id: Option<String>,
    /// Only this conversation, as V6 calls it; V1 to V3 have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// Only this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    /// Only what is about this document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
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
    /// When it was done, or will be.
    #[serde(with = "iso")]
    pub completed_at: i64,
    /// What it deleted.
    pub deleted: Deleted,
}

impl Deleted {
    /// How much these events are.
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
    /// Whether a recall in this conversation and project may see it.
    pub fn visible(&self, conversation: Option<&str>, project: Option<&str>) -> bool {
        match self.scope.as_deref() {
            Some(CONVERSATION) => self.thread_id.as_deref() == conversation,
            Some(PROJECT) => self.project_id.as_deref() == project,
            _ => true,
        }
    }

    /// Whether this is its retention policy.
    pub fn is_kept_as(&self, policy: &str) -> bool {
        self.retention_policy.as_deref() == Some(policy)
    }
}

impl Scope {
    /// Whether an event is within it.
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

pub(super) fn none(number: &u32) -> bool {
    *number == 0
}
