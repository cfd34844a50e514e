//! `POST /v1/recall`, and what every version of recall shares

use super::{Call, Endpoint, Meter, Reply};
use crate::errors::ApiError;
use crate::search::{self, Block, Hit};
use crate::store::Stored;
use crate::text;
use crate::time;
use crate::validate::Fields;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/recall", meter: Meter::Recall, open: false, run: recall }];

/// Bounds of `token_budget`.
const BUDGET: (i64, i64) = (200, 8000);
/// What stands before the blocks.
const CONTEXT: &str = "Memories of this user that bear on the task, in the order to read them.";

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

    /// The user's events that this recall may draw on.
    pub fn events<'a>(&self, call: &'a Call) -> Vec<&'a Stored> {
        let within = |stored: &&Stored| {
            let event = &stored.event;
            self.thread_id.as_ref().is_none_or(|thread| event.thread_id.as_ref() == Some(thread))
                && event.visible(self.thread_id.as_deref(), None)
                && self.from.is_none_or(|from| event.event_time >= from)
                && self.to.is_none_or(|to| event.event_time <= to)
        };
        call.store.events(&self.user_id).iter().filter(within).collect()
    }

    /// Ranked passages: those that share a word with the task, or where none does all of them, most recent first.
    pub fn relevant<'a>(&self, events: &[&'a Stored]) -> Vec<Hit<'a>> {
        let mut hits = search::rank(events, &self.task);
        if hits.first().is_some_and(|best| best.score > 0.0) {
            hits.retain(|hit| hit.score > 0.0);
        }
        hits
    }

    /// Fills the budget with the hits in their order; the second part is the number of tokens, preface included.
    pub fn fill(&self, mut hits: Vec<Hit>) -> (Vec<Block>, u64) {
        hits.retain(|hit| self.min_confidence.is_none_or(|least| hit.score >= least));
        let preface = text::tokens(CONTEXT);
        match search::fill(&hits, self.budget.saturating_sub(preface)) {
            (blocks, _) if blocks.is_empty() => (blocks, 0),
            (blocks, used) => (blocks, used.saturating_add(preface)),
        }
    }
}

/// The beginning of a content, as evidence.
pub(super) fn quote(content: &str) -> &str {
    content.get(..content.floor_char_boundary(QUOTE_BYTES)).unwrap_or_default()
}

/// The answer to a recall, its blocks written by `write`.
pub(super) fn pack(blocks: &[Block], tokens: u64, write: impl Fn(&Block) -> Value) -> Reply {
    let mut citations: Vec<&str> = Vec::new();
    for block in blocks {
        if !citations.contains(&block.event_id.as_str()) {
            citations.push(&block.event_id);
        }
    }
    let body = json!({
        "system_context": if blocks.is_empty() { "" } else { CONTEXT },
        "memory_blocks": blocks.iter().map(write).collect::<Vec<_>>(),
        "citations": citations,
        "token_estimate": tokens,
    });
    Reply { body, ingest_events: 0, tokens, work_units: 1 }
}

fn recall(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let mut ask = Ask::read(&mut fields);
    if let Some(scope) = fields.object("scope") {
        ask.from = scope_time(&mut fields, &scope, "from_time");
        ask.to = scope_time(&mut fields, &scope, "to_time");
    }
    fields.check()?;
    let (blocks, tokens) = ask.fill(ask.relevant(&ask.events(call)));
    Ok(pack(&blocks, tokens, |block| {
        let kind = if block.whole { "episode" } else { "chunk" };
        json!({ "type": kind, "content": block.content, "source_ids": [block.event_id], "score": block.score })
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
