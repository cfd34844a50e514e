//! What a deletion would reach, before it is done.

use super::answer::Answer;
use super::events::{Row, Span};
use crate::errors::ApiError;
use crate::store::{Deleted, Event, LEGAL_HOLD, Scope, Store};
use crate::time::DAY_MS;
use crate::validate::Fields;
use serde::Serialize;
use std::collections::BTreeMap;

/// How many events are shown; all are counted.
const SHOWN: usize = 50;
/// The fields that limit a deletion, of all versions.
const LIMITS: &[&str] =
    &["user_id", "thread_id", "conversation_id", "project_id", "document_id", "from_time", "to_time"];

#[derive(Debug, Serialize)]
struct Preview<'a> {
    deleted: Deleted,
    /// How many events of the user are left.
    left: usize,
    /// How many of them must not be deleted, so that nothing would be.
    held: usize,
    threads: Vec<Thread<'a>>,
    #[serde(flatten)]
    span: Span,
    /// The latest of them.
    events: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Thread<'a> {
    thread_id: Option<&'a str>,
    events: usize,
}

pub(super) fn preview(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    fields.only(LIMITS);
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
        span: Span::of(covered.iter().copied(), DAY_MS),
        events: covered.iter().rev().take(SHOWN).map(|event| Row::of(event)).collect(),
    }))
}
