//! `POST /v1/recall`, and what every version of recall shares

use super::call::{Call, Endpoint, Reply};
use super::context::{self, Budget};
use crate::errors::ApiError;
use crate::hash::fingerprint;
use crate::index::Source;
use crate::meter::Meter;
use crate::search::{self, Block, Hit, Part, Sorted, Task};
use crate::store::{Event, User};
use crate::text;
use crate::time;
use crate::validate::Fields;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::HashSet;

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/recall", meter: Meter::Recall, open: false, run: recall }];

/// Bounds of `token_budget`.
const BUDGET: (i64, i64) = (200, 8000);
/// How much of an event a piece of evidence quotes.
const QUOTE_BYTES: usize = 160;

/// What every recall asks for.
pub(super) struct Ask {
    pub user_id: String,
    pub task: String,
    pub budget: u64,
    pub thread_id: Option<String>,
    pub min_confidence: Option<f64>,
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl Ask {
    pub fn read(fields: &mut Fields) -> Ask {
        let (min, max) = BUDGET;
        Ask {
            user_id: fields.required_text("user_id"),
            task: fields.required_text("task"),
            budget: u64::try_from(fields.required_integer("token_budget", min, max)).unwrap_or_default(),
            thread_id: fields.text("thread_id"),
            min_confidence: fields.number("min_confidence", 0.0, 1.0),
            from: None,
            to: None,
        }
    }

    /// Whether an event may be recalled.
    pub fn sees(&self, event: &Event) -> bool {
        self.thread_id.as_ref().is_none_or(|thread| event.thread_id.as_ref() == Some(thread))
            && event.visible(self.thread_id.as_deref(), None)
            && self.from.is_none_or(|from| event.event_time >= from)
            && self.to.is_none_or(|to| event.event_time <= to)
    }

    /// The user's events that may be recalled.
    pub fn part<'a>(&self, user: &'a User) -> Part<'a> {
        let index = user.index();
        if user.has_scopes() {
            return Part { index, seen: Some(user.where_each(|stored| self.sees(&stored.event))) };
        }
        let thread = self.thread_id.as_ref().map(|thread_id| fingerprint(thread_id.as_bytes()));
        let sees = |source: &Source| {
            thread.is_none_or(|thread| source.label.thread == thread)
                && self.from.is_none_or(|from| source.label.time >= from)
                && self.to.is_none_or(|to| source.label.time <= to)
        };
        let narrow = thread.is_some() || self.from.is_some() || self.to.is_some();
        Part { index, seen: narrow.then(|| index.where_each(sees)) }
    }

    /// Passages that share a word with the task, best first, or where none does all of them, most recent first; and the order they are in.
    pub fn relevant(&self, part: Part) -> (Vec<Hit>, Order) {
        let (parts, task) = ([part], Task::new(&self.task));
        let hits = search::matching(&parts, &task);
        if hits.is_empty() { (search::all(&parts, &task), search::newest_first) } else { (hits, search::best_first) }
    }

    /// Fills the budget with the hits in their order.
    pub fn fill<'a>(&self, user: &'a User, (mut hits, order): (Vec<Hit>, Order)) -> Vec<Block<'a>> {
        if let Some(least) = self.min_confidence {
            hits.retain(|hit| hit.score >= least);
        }
        let text = |source| user.at(source).map_or("", |stored| stored.event.content.as_str());
        search::fill(Sorted::new(hits, order), user.index(), text, &mut Budget::new(user, self.budget))
    }
}

/// An order of hits.
pub(super) type Order = fn(&Hit, &Hit) -> Ordering;

/// The beginning of a content, as evidence.
pub(super) fn quote(content: &str) -> &str {
    content.get(..content.floor_char_boundary(QUOTE_BYTES)).unwrap_or_default()
}

/// The answer to a recall, its blocks written by `write`.
pub(super) fn pack(user: Option<&User>, blocks: &[Block], write: impl Fn(&Block, &Event) -> Value) -> Reply {
    let event = |block: &Block| user.and_then(|user| user.at(block.hit.source)).map(|stored| &stored.event);
    let pieces = blocks.iter().filter_map(|block| Some((event(block)?, block.content)));
    let system_context = context::tell(pieces);
    let mut cited = HashSet::new();
    let ids = blocks.iter().filter_map(|block| Some(event(block)?.event_id.as_str()));
    let citations: Vec<&str> = ids.filter(|event_id| cited.insert(*event_id)).collect();
    let tokens = text::tokens(&system_context);
    let body = json!({
        "system_context": system_context,
        "memory_blocks": blocks.iter().filter_map(|block| Some(write(block, event(block)?))).collect::<Vec<_>>(),
        "citations": citations,
        "token_estimate": tokens,
    });
    Reply { body, tokens, work_units: 1, ..Reply::default() }
}

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut ask = Ask::read(&mut fields);
    if let Some(scope) = fields.object("scope") {
        ask.from = scope_time(&mut fields, &scope, "from_time");
        ask.to = scope_time(&mut fields, &scope, "to_time");
    }
    fields.check()?;
    call.store.make_index(&ask.user_id);
    let user = call.store.user(&ask.user_id);
    let blocks = user.map(|user| ask.fill(user, ask.relevant(ask.part(user)))).unwrap_or_default();
    Ok(pack(user, &blocks, |block, event| {
        let kind = if block.whole { "episode" } else { "chunk" };
        json!({ "type": kind, "content": block.content, "source_ids": [event.event_id], "score": block.hit.score })
    }))
}

fn scope_time(fields: &mut Fields, scope: &serde_json::Map<String, Value>, name: &str) -> Option<i64> {
    let value = scope.get(name).filter(|value| !value.is_null())?;
    let at = value.as_str().and_then(time::parse);
    if at.is_none() {
        fields.fault(&format!("scope.{name}"), "must be an ISO 8601 date or time");
    }
    at
}
