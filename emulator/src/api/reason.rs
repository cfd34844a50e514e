//! Reasons for which an event is not in the answer to a recall, as `explain: true` names them.

use crate::store::{CONVERSATION, Event, PROJECT};
use serde::Serialize;

/// Why an event is not in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// It matches, but the token budget had no room for it.
    Budget,
    /// It matches, but the lists of V6 are full.
    Limit,
    /// Its score is below `min_confidence`.
    Confidence,
    /// It has no word in common with the task, and others have.
    NoMatch,
    /// More recent events used up the room, or it happened before the time that the request asks for.
    Older,
    /// The request is limited to another thread, document, time, status or relation, or the event's own `scope` limits it to another
    /// conversation or project.
    Scope,
}

/// A reason and its explanation, which follows the event in a sentence.
pub(super) type Why = (Reason, &'static str);

/// Why the event's own `scope` excludes it from recalls in this conversation and project; `None` where it does not.
pub(super) fn why_out_of_scope(event: &Event, conversation: Option<&str>, project: Option<&str>) -> Option<Why> {
    if event.visible(conversation, project) {
        return None;
    }
    match event.scope.as_deref() {
        Some(CONVERSATION) => Some((Reason::Scope, "its scope is its conversation")),
        Some(PROJECT) => Some((Reason::Scope, "its scope is its project")),
        _ => None,
    }
}
