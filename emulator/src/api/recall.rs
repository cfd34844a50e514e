//! `POST /v1/recall`, and what every version of recall shares

use super::call::{Call, Endpoint, Reply};
use super::context::{self, Budget};
use super::explain::{self, Explanation, Reason, Why};
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
    /// Whether the answer tells why each block is in it, and why other events are not.
    pub explain: bool,
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
            explain: fields.flag("explain").unwrap_or(false),
        }
    }

    /// Whether an event may be recalled.
    pub fn sees(&self, event: &Event) -> bool {
        self.hides(event).is_none()
    }

    /// Why an event may not be recalled.
    pub fn hides(&self, event: &Event) -> Option<Why> {
        if self.thread_id.as_ref().is_some_and(|thread| event.thread_id.as_ref() != Some(thread)) {
            return Some((Reason::Scope, "it is of another thread"));
        }
        if let Some(why) = explain::kept_to(event, self.thread_id.as_deref(), None) {
            return Some(why);
        }
        if self.from.is_some_and(|from| event.event_time < from) {
            return Some((Reason::Older, "it happened before the time that was asked for"));
        }
        let later = self.to.is_some_and(|to| event.event_time > to);
        later.then_some((Reason::Scope, "it happened after the time that was asked for"))
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
        if hits.is_empty() { (search::all(&parts, &task), Order::Newest) } else { (hits, Order::Best) }
    }

    /// Fills the budget with the hits in their order.
    pub fn fill<'a>(&self, user: &'a User, (mut hits, order): (Vec<Hit>, Order)) -> Vec<Block<'a>> {
        if let Some(least) = self.min_confidence {
            hits.retain(|hit| hit.score >= least);
        }
        let text = |source| user.at(source).map_or("", |stored| stored.event.content.as_str());
        let sorted = Sorted::new(hits, |one: &Hit, other: &Hit| order.compare(one, other));
        search::fill(sorted, user.index(), text, &mut Budget::new(user, self.budget))
    }

    /// The same, with an explanation where one is asked for. `hides` tells why an event was not among the hits, if the request says so.
    pub fn fill_explained<'a>(
        &self,
        user: &'a User,
        (hits, order): (Vec<Hit>, Order),
        hides: impl Fn(u32, &Event) -> Option<Why>,
    ) -> (Vec<Block<'a>>, Option<Explanation<'a>>) {
        let kept = self.explain.then(|| hits.clone());
        let blocks = self.fill(user, (hits, order));
        let explanation = kept.map(|hits| Explanation::of_blocks(self, user, &hits, order, &blocks, hides));
        (blocks, explanation)
    }
}

/// An order of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The best match first.
    Best,
    /// The most recent first.
    Newest,
    /// The oldest first.
    Oldest,
}

impl Order {
    fn compare(self, one: &Hit, other: &Hit) -> Ordering {
        match self {
            Order::Best => search::best_first(one, other),
            Order::Newest => search::newest_first(one, other),
            Order::Oldest => search::oldest_first(one, other),
        }
    }
}

/// The beginning of a content, as evidence.
pub(super) fn quote(content: &str) -> &str {
    content.get(..content.floor_char_boundary(QUOTE_BYTES)).unwrap_or_default()
}

/// The answer to a recall, its blocks written by `write`.
pub(super) fn pack(
    user: Option<&User>,
    (blocks, explanation): &(Vec<Block>, Option<Explanation>),
    write: impl Fn(&Block, &Event) -> Value,
) -> Reply {
    let event = |block: &Block| user.and_then(|user| user.at(block.hit.source)).map(|stored| &stored.event);
    let pieces = blocks.iter().filter_map(|block| Some((event(block)?, block.content)));
    let system_context = context::tell(pieces);
    let mut cited = HashSet::new();
    let ids = blocks.iter().filter_map(|block| Some(event(block)?.event_id.as_str()));
    let citations: Vec<&str> = ids.filter(|event_id| cited.insert(*event_id)).collect();
    let tokens = text::tokens(&system_context);
    let mut body = json!({
        "system_context": system_context,
        "memory_blocks": blocks.iter().filter_map(|block| Some(write(block, event(block)?))).collect::<Vec<_>>(),
        "citations": citations,
        "token_estimate": tokens,
    });
    explain::tell(&mut body, explanation.as_ref());
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
    let hides = |_: u32, event: &Event| ask.hides(event);
    let found = user.map(|user| ask.fill_explained(user, ask.relevant(ask.part(user)), hides));
    Ok(pack(user, &found.unwrap_or_default(), |block, event| {
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
