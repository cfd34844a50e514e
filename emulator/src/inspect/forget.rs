//! Previews of deletions.

use super::answer::Answer;
use super::events::{Row, Span};
use crate::errors::ApiError;
use crate::store::{Deleted, Event, LEGAL_HOLD, Scope, Store};
use crate::validate::Fields;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many events are shown; all are counted.
const MAX_SHOWN: usize = 50;
/// The fields of deletions of all versions.
const FIELDS: &[&str] =
    &["user_id", "thread_id", "conversation_id", "project_id", "document_id", "from_time", "to_time"];

#[derive(Debug, Serialize)]
struct Preview<'a> {
    /// What would be deleted.
    deleted: Deleted,
    /// How many events of the user would be left.
    left: usize,
    /// How many of the events are under legal hold. If there are any, nothing would be deleted.
    held: usize,
    threads: Vec<Thread<'a>>,
    #[serde(flatten)]
    span: Span,
    /// The latest of the events that would be deleted.
    events: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Thread<'a> {
    thread_id: Option<&'a str>,
    events: usize,
}

/// `POST forget-preview`.
pub(super) fn preview(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    fields.reject_unknown(FIELDS);
    let scope = Scope {
        user_id: fields.required_text("user_id"),
        thread_id: fields.text("thread_id"),
        conversation_id: fields.text("conversation_id"),
        project_id: fields.text("project_id"),
        document_id: fields.text("document_id"),
        from_time: fields.time("from_time"),
        to_time: fields.time("to_time"),
    };
    fields.check()?;
    let all = store.events(&scope.user_id).count();
    let covered: Vec<&Event> =
        store.events(&scope.user_id).map(|stored| &stored.event).filter(|event| scope.covers(event)).collect();
    let mut threads: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for event in &covered {
        let count = threads.entry(event.thread_id.as_deref()).or_default();
        *count = count.saturating_add(1);
    }
    Ok(Answer::of(&Preview {
        deleted: Deleted::of(covered.iter().copied()),
        left: all.saturating_sub(covered.len()),
        held: covered.iter().filter(|event| event.is_kept_as(LEGAL_HOLD)).count(),
        threads: threads.into_iter().map(|(thread_id, events)| Thread { thread_id, events }).collect(),
        span: Span::of(covered.iter().copied()),
        events: covered.iter().rev().take(MAX_SHOWN).map(|event| Row::of(event)).collect(),
    }))
}
