//! The events and threads of a user. Lists of events are returned in windows, since a user may have hundreds of thousands.

use super::answer::Answer;
use crate::errors::ApiError;
use crate::store::{Event, Store, Stored};
use crate::text;
use crate::time::{self, iso};
use crate::validate::Fields;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The largest window.
const MAX_WINDOW: i64 = 500;
/// How many bytes of an event's content a list shows.
const PREVIEW_BYTES: usize = 1200;

/// The tokens and times of some events.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Span {
    tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_time: Option<String>,
    /// The number of events on each day that has any, as `[day, count]`; days are `YYYY-MM-DD`.
    days: Vec<(String, usize)>,
}

impl Span {
    /// Summarises events.
    pub fn of<'a>(events: impl Iterator<Item = &'a Event>) -> Self {
        let mut tokens = 0_u64;
        let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for event in events {
            tokens = tokens.saturating_add(text::tokens(&event.content));
            (first, last) = (first.min(event.event_time), last.max(event.event_time));
            let count = counts.entry(time::day(event.event_time)).or_default();
            *count = count.saturating_add(1);
        }
        Span {
            tokens,
            first_time: (first <= last).then(|| time::format(first)),
            last_time: (first <= last).then(|| time::format(last)),
            days: counts.into_iter().map(|(day, count)| (time::format_day(day), count)).collect(),
        }
    }
}

/// An event in a list.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    pub event_id: &'a str,
    pub thread_id: Option<&'a str>,
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub role: Option<&'a str>,
    /// The whole content, or its beginning.
    pub content: &'a str,
    pub content_bytes: usize,
    pub tokens: u64,
    pub metadata: Option<&'a Map<String, Value>>,
    #[serde(with = "iso")]
    pub event_time: i64,
    #[serde(with = "iso")]
    pub stored_at: i64,
    pub idempotency_key: Option<&'a str>,
    pub project_id: Option<&'a str>,
    pub scope: Option<&'a str>,
    pub document_id: Option<&'a str>,
    pub document_name: Option<&'a str>,
    pub retention_policy: Option<&'a str>,
    pub used: u32,
}

impl<'a> Row<'a> {
    /// An event with the beginning of its content.
    pub fn of(event: &'a Event) -> Self {
        let end = event.content.floor_char_boundary(PREVIEW_BYTES);
        Row { content: event.content.get(..end).unwrap_or_default(), ..Row::whole(event) }
    }

    /// An event with its whole content.
    fn whole(event: &'a Event) -> Self {
        Row {
            event_id: &event.event_id,
            thread_id: event.thread_id.as_deref(),
            kind: &event.kind,
            role: event.role.as_deref(),
            content: &event.content,
            content_bytes: event.content.len(),
            tokens: text::tokens(&event.content),
            metadata: event.metadata.as_ref(),
            event_time: event.event_time,
            stored_at: event.stored_at,
            idempotency_key: event.idempotency_key.as_deref(),
            project_id: event.project_id.as_deref(),
            scope: event.scope.as_deref(),
            document_id: event.document_id.as_deref(),
            document_name: event.document_name.as_deref(),
            retention_policy: event.retention_policy.as_deref(),
            used: event.used,
        }
    }
}

#[derive(Debug, Serialize)]
struct Window<'a> {
    /// How many events match.
    total: usize,
    offset: i64,
    events: Vec<Row<'a>>,
}

/// `GET events`: a window of a user's events by time, the newest first unless `order=oldest`. `search` is a text that the content must contain;
/// upper and lower case are equal.
pub(super) fn events(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    let user_id = fields.required_text("user_id");
    let thread_id = fields.text("thread_id");
    let without_thread = fields.one_of("thread", &["none"]).is_some();
    let search = fields.text("search").map(|search| search.to_lowercase());
    let oldest = fields.one_of("order", &["newest", "oldest"]).as_deref() == Some("oldest");
    let limit = fields.integer("limit", 1, MAX_WINDOW).unwrap_or(100);
    let offset = fields.integer("offset", 0, i64::MAX).unwrap_or(0);
    fields.check()?;
    let wanted = |event: &Event| {
        (!without_thread || event.thread_id.is_none())
            && thread_id.as_ref().is_none_or(|thread| event.thread_id.as_ref() == Some(thread))
            && search.as_ref().is_none_or(|search| event.content.to_lowercase().contains(search))
    };
    let mut found: Vec<&Stored> = store.events(&user_id).filter(|stored| wanted(&stored.event)).collect();
    found.sort_unstable_by_key(|stored| (stored.event.event_time, stored.seq));
    if !oldest {
        found.reverse();
    }
    let size = |number: i64| usize::try_from(number).unwrap_or_default();
    let window = found.iter().skip(size(offset)).take(size(limit));
    let events = window.map(|stored| Row::of(&stored.event)).collect();
    Ok(Answer::of(&Window { total: found.len(), offset, events }))
}

/// `GET event`: one event with its whole content.
pub(super) fn event(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    let (user_id, event_id) = (fields.required_text("user_id"), fields.required_text("event_id"));
    fields.check()?;
    let found = store.user(&user_id).and_then(|user| user.by_id(&event_id));
    let found = found.ok_or_else(|| ApiError::not_found("There is no such event."))?;
    Ok(Answer::of(&Row::whole(&found.event)))
}

#[derive(Debug, Serialize)]
struct Threads<'a> {
    threads: Vec<Thread<'a>>,
}

/// A thread; its id is null for the events without one.
#[derive(Debug, Serialize)]
struct Thread<'a> {
    thread_id: Option<&'a str>,
    events: usize,
    projects: Vec<&'a str>,
    #[serde(flatten)]
    span: Span,
}

/// `GET threads`: the threads of a user, the most recent first.
pub(super) fn threads(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    let user_id = fields.required_text("user_id");
    fields.check()?;
    let mut threads: BTreeMap<Option<&str>, Vec<&Event>> = BTreeMap::new();
    for stored in store.events(&user_id) {
        threads.entry(stored.event.thread_id.as_deref()).or_default().push(&stored.event);
    }
    let thread = |(thread_id, events): (Option<&'_ str>, Vec<&'_ Event>)| {
        let mut projects: Vec<String> = events.iter().filter_map(|event| event.project_id.clone()).collect();
        projects.sort_unstable();
        projects.dedup();
        (thread_id.map(String::from), events.len(), projects, Span::of(events.iter().copied()))
    };
    let mut rows: Vec<_> = threads.into_iter().map(thread).collect();
    rows.sort_by(|one, other| other.3.last_time.cmp(&one.3.last_time));
    let threads = rows.iter().map(|(thread_id, events, projects, span)| Thread {
        thread_id: thread_id.as_deref(),
        events: *events,
        projects: projects.iter().map(String::as_str).collect(),
        span: span.clone(),
    });
    Ok(Answer::of(&Threads { threads: threads.collect() }))
}
