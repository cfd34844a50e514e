//! The overview (how much of everything there is) and the list of users.

use super::answer::Answer;
use super::events::Span;
use crate::errors::ApiError;
use crate::service::Service;
use crate::store::{Store, User};
use crate::time;
use crate::validate::Fields;
use serde::Serialize;
use std::collections::BTreeSet;

/// The largest page of users.
const MAX_PAGE: i64 = 500;

#[derive(Debug, Serialize)]
struct Overview<'a> {
    /// The time on the emulator's clock.
    now: String,
    users: usize,
    events: usize,
    documents: usize,
    collections: usize,
    receipts: usize,
    tombstones: usize,
    pending_faults: usize,
    /// The number of the latest request.
    last_request: u64,
    /// How many events and documents were ever stored. The page reloads lists when it has changed.
    stored: u64,
    plan: &'a str,
    latency_ms: f64,
    log_limit: usize,
}

/// `GET overview`.
pub(super) fn overview(service: &Service, now: i64) -> Result<Answer, ApiError> {
    let (store, settings) = (&service.store, service.settings());
    Ok(Answer::of(&Overview {
        now: time::format(now),
        users: store.users().count(),
        events: store.users().map(|(_, user)| user.len()).sum(),
        documents: store.documents().len(),
        collections: store.collections().len(),
        receipts: store.receipts().count(),
        tombstones: store.tombstones().len(),
        pending_faults: service.faults.len(),
        last_request: service.log.last(),
        stored: store.stored(),
        plan: &settings.quota.plan,
        latency_ms: settings.latency_ms,
        log_limit: settings.log_limit,
    }))
}

#[derive(Debug, Serialize)]
struct Users<'a> {
    total: usize,
    users: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    user_id: &'a str,
    events: usize,
    threads: usize,
    documents: usize,
    #[serde(flatten)]
    span: Span,
}

/// `GET users`.
pub(super) fn users(store: &Store, mut fields: Fields) -> Result<Answer, ApiError> {
    let search = fields.text("search").unwrap_or_default().to_lowercase();
    let limit = fields.integer("limit", 1, MAX_PAGE).unwrap_or(100);
    let offset = fields.integer("offset", 0, i64::MAX).unwrap_or(0);
    fields.check()?;
    // A user may have documents only.
    let mut ids: BTreeSet<&str> = store.users().map(|(user_id, _)| user_id).collect();
    ids.extend(store.documents().iter().map(|document| document.user_id.as_str()));
    ids.retain(|user_id| user_id.to_lowercase().contains(&search));
    let size = |number: i64| usize::try_from(number).unwrap_or_default();
    let page = ids.iter().skip(size(offset)).take(size(limit));
    Ok(Answer::of(&Users { total: ids.len(), users: page.map(|user_id| row(store, user_id)).collect() }))
}

fn row<'a>(store: &'a Store, user_id: &'a str) -> Row<'a> {
    let user = store.user(user_id);
    let events = || user.into_iter().flat_map(User::events).map(|stored| &stored.event);
    let threads: BTreeSet<Option<&str>> = events().map(|event| event.thread_id.as_deref()).collect();
    Row {
        user_id,
        events: user.map_or(0, User::len),
        threads: threads.len(),
        documents: store.documents().iter().filter(|document| document.user_id == user_id).count(),
        span: Span::of(events()),
    }
}
