//! `explain: true` of a recall: why each block is in the answer, and why other events are not. It is the emulator's own, for its
//! inspector and for whoever wonders; the service has nothing like it.

use super::context;
use super::recall::{Ask, Order};
use crate::search::{Block, Hit, Task};
use crate::store::{CONVERSATION, Event, PROJECT, User};
use crate::text;
use crate::time::iso;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// How many events are named for each reason; all are counted.
const NAMED: usize = 50;
/// How much of an event is told.
const PREVIEW_BYTES: usize = 200;

/// Why an event is not in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    /// It matches, but there was no room left for it.
    Budget,
    /// It matches, but a list of V6 takes no more.
    Limit,
    /// It matches too little: `min_confidence`.
    Confidence,
    /// It has no word in common with the task, and others have.
    NoMatch,
    /// More recent ones took the room, or it happened before the time that was asked for.
    Older,
    /// The request keeps to another thread, project, document or time, or the event to its own.
    Scope,
}

/// A reason and what it means here.
pub(super) type Why = (Reason, &'static str);

/// An event, as an explanation tells of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item<'a> {
    /// The event, or the section of a document.
    pub event_id: &'a str,
    /// Where it is left out: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'static str>,
    /// In V6, the list it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<&'static str>,
    /// Of its best passage; 0 without a word in common with the task.
    pub score: f64,
    /// What it takes of the budget, or would take.
    pub tokens: u64,
    /// The words that it has in common with the task.
    pub words: Vec<String>,
    /// Whether it is a question or repeats the task, and so stands behind every statement.
    pub asks: bool,
    /// Whether all of the event is there.
    pub whole: bool,
    pub role: &'a str,
    pub thread_id: Option<&'a str>,
    pub project_id: Option<&'a str>,
    #[serde(with = "iso")]
    pub event_time: i64,
    /// The block, or the beginning of an event that was left out.
    pub content: &'a str,
}

/// What is left out: how many for each reason, and the first of them.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct LeftOut<'a> {
    pub counts: BTreeMap<Reason, usize>,
    pub items: Vec<Item<'a>>,
}

/// How the words of the task count.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Words {
    pub counted: Vec<String>,
    pub ignored: Vec<String>,
}

/// The explanation of a recall.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Explanation<'a> {
    words: Words,
    /// What the request allows, and what stands around the memories takes of it; V6 has no budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_budget: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_around: Option<u64>,
    /// `best`, `newest` or `oldest` first.
    order: &'static str,
    /// How many events have a word in common with the task.
    matching: usize,
    /// In the order of the answer.
    blocks: Vec<Item<'a>>,
    left_out: LeftOut<'a>,
}

/// Why an event is kept from this conversation and project by its own scope.
pub(super) fn kept_to(event: &Event, conversation: Option<&str>, project: Option<&str>) -> Option<Why> {
    if event.visible(conversation, project) {
        return None;
    }
    match event.scope.as_deref() {
        Some(CONVERSATION) => Some((Reason::Scope, "its scope is its conversation")),
        Some(PROJECT) => Some((Reason::Scope, "its scope is its project")),
        _ => None,
    }
}

/// Adds the explanation to an answer.
pub(super) fn tell(body: &mut Value, explanation: Option<&Explanation>) {
    if let (Some(body), Some(explanation)) = (body.as_object_mut(), explanation) {
        body.insert("explain".into(), serde_json::to_value(explanation).unwrap_or_default());
    }
}

impl<'a> Item<'a> {
    /// An event with a piece of it, and what of the task is in that.
    pub fn new(event: &'a Event, content: &'a str, task: &Task) -> Self {
        Item {
            event_id: &event.event_id,
            reason: None,
            detail: None,
            list: None,
            score: 0.0,
            tokens: context::tokens_of(event, content),
            words: text::words_among(content, task.terms()),
            asks: false,
            whole: content.len() == event.content.len(),
            role: event.role.as_deref().unwrap_or(&event.kind),
            thread_id: event.thread_id.as_deref(),
            project_id: event.project_id.as_deref(),
            event_time: event.event_time,
            content,
        }
    }

    /// The same, told in short.
    pub fn left_out(mut self, (reason, detail): Why, best: Option<&Hit>) -> Self {
        self.reason = Some(reason);
        self.detail = Some(detail);
        self.score = best.map_or(0.0, |hit| hit.score);
        self.asks = best.is_some_and(|hit| hit.asks);
        self.content = self.content.get(..self.content.floor_char_boundary(PREVIEW_BYTES)).unwrap_or_default();
        self
    }
}

/// The best hit of each source.
pub(super) fn best_of(hits: &[Hit]) -> HashMap<u32, &Hit> {
    let mut best: HashMap<u32, &Hit> = HashMap::new();
    for hit in hits {
        let known = best.entry(hit.source).or_insert(hit);
        if hit.score > known.score {
            *known = hit;
        }
    }
    best
}

impl<'a> LeftOut<'a> {
    /// Counts these, and names the first of each reason: the best matches, and of equal ones the most recent.
    pub fn of(mut found: Vec<(Why, f64, u32)>, item: impl Fn(u32, Why) -> Option<Item<'a>>) -> Self {
        found.sort_by(|(why, score, place), (other, score_2, place_2)| {
            why.0.cmp(&other.0).then(score_2.total_cmp(score)).then(place_2.cmp(place))
        });
        let mut left_out = LeftOut::default();
        for (why, _, place) in found {
            let count = left_out.counts.entry(why.0).or_default();
            *count = count.saturating_add(1);
            if *count <= NAMED {
                left_out.items.extend(item(place, why));
            }
        }
        left_out
    }
}

impl<'a> Explanation<'a> {
    /// Of a recall with a token budget: V1 to V3.
    pub fn of_blocks(
        ask: &Ask,
        user: &'a User,
        hits: &[Hit],
        order: Order,
        blocks: &[Block<'a>],
        hides: impl Fn(u32, &Event) -> Option<Why>,
    ) -> Self {
        let task = Task::new(&ask.task);
        let best = best_of(hits);
        let told: Vec<Item<'a>> = blocks
            .iter()
            .filter_map(|block| {
                let event = &user.at(block.hit.source)?.event;
                let Hit { score, asks, .. } = block.hit;
                Some(Item { score, asks, whole: block.whole, ..Item::new(event, block.content, &task) })
            })
            .collect();
        let included: HashMap<u32, ()> = blocks.iter().map(|block| (block.hit.source, ())).collect();
        let why = |place: u32, event: &Event| {
            hides(place, event).unwrap_or_else(|| match best.get(&place) {
                None => (Reason::NoMatch, "it has no word in common with the task"),
                Some(hit) if ask.min_confidence.is_some_and(|least| hit.score < least) => {
                    (Reason::Confidence, "its score is below min_confidence")
                }
                Some(_) if order == Order::Newest => (Reason::Older, "more recent events took the room"),
                Some(_) => (Reason::Budget, "there was no room left for it in the budget"),
            })
        };
        let left = user.placed().filter(|(place, _)| !included.contains_key(place));
        let found = left
            .map(|(place, stored)| (why(place, &stored.event), best.get(&place).map_or(0.0, |hit| hit.score), place));
        let left_out = LeftOut::of(found.collect(), |place, why| {
            let event = &user.at(place)?.event;
            Some(Item::new(event, &event.content, &task).left_out(why, best.get(&place).copied()))
        });
        Explanation {
            words: Words::of(&ask.task),
            token_budget: Some(ask.budget),
            tokens_around: Some(context::tokens_around()),
            order: match order {
                Order::Best => "best",
                Order::Newest => "newest",
                Order::Oldest => "oldest",
            },
            matching: best.values().filter(|hit| hit.shared > 0).count(),
            blocks: told,
            left_out,
        }
    }

    /// Of a recall of V6, whose lists have limits.
    pub fn of_facts(query: &str, matching: usize, blocks: Vec<Item<'a>>, left_out: LeftOut<'a>) -> Self {
        let words = Words::of(query);
        Explanation { words, token_budget: None, tokens_around: None, order: "best", matching, blocks, left_out }
    }
}

impl Words {
    fn of(task: &str) -> Self {
        let (counted, ignored) = text::told_apart(task);
        Words { counted, ignored }
    }
}
