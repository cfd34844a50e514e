//! `explain: true` in a recall: adds to the answer why each block is in it, and why other events are not. Only the emulator has this, for
//! its inspector; the service does not. `docs/inspector.md` describes the fields.

use super::context;
use super::reason::{Reason, Why};
use super::recall_request::RecallRequest;
use crate::search::{Block, Hit, Order, Query};
use crate::store::{Event, User};
use crate::text;
use crate::time::iso;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// How many events are listed for each reason; all are counted.
const MAX_LISTED: usize = 50;
/// How many bytes of an omitted event's content are shown.
const PREVIEW_BYTES: usize = 200;

/// An event or a section of a document in an explanation.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Item<'a> {
    /// The id of the event, or of the section (`node_id`).
    pub event_id: &'a str,
    /// Why it is not in the answer; absent for blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The reason in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<&'static str>,
    /// In V6, the list that contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<&'static str>,
    /// The score of its best passage; 0 where it has no word in common with the task.
    pub score: f64,
    /// How many tokens it takes of the budget, or would take.
    pub tokens: u64,
    /// The words that it has in common with the task, in lower case.
    pub words: Vec<String>,
    /// Whether it consists of questions only or repeats the task, so that it ranks below every statement.
    pub asks: bool,
    /// Whether `content` is the whole content of the event.
    pub whole: bool,
    /// The role of the event, its type where it has none, or the name of the document.
    pub role: &'a str,
    pub thread_id: Option<&'a str>,
    pub project_id: Option<&'a str>,
    #[serde(with = "iso")]
    pub event_time: i64,
    /// The content of the block, or the beginning of the content of an omitted event.
    pub content: &'a str,
}

/// The events that are not in the answer.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct LeftOut<'a> {
    /// How many there are for each reason.
    pub counts: BTreeMap<Reason, usize>,
    /// The best matches for each reason, at most [`MAX_LISTED`].
    pub items: Vec<Item<'a>>,
}

/// The words of the task, in lower case.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Words {
    /// The words that are searched for.
    pub counted: Vec<String>,
    /// The stop words.
    pub ignored: Vec<String>,
}

/// The explanation of a recall.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Explanation<'a> {
    words: Words,
    /// The token budget of the request; V6 has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_budget: Option<u64>,
    /// How many tokens of it the preface and the fence of `system_context` take.
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens_around: Option<u64>,
    /// `best`, `newest` or `oldest` first.
    order: &'static str,
    /// How many events have a word in common with the task.
    matching: usize,
    /// The blocks of the answer, in its order.
    blocks: Vec<Item<'a>>,
    /// All other events of the user.
    left_out: LeftOut<'a>,
}

/// Fills the token budget of a request with hits in the given order, and explains the result where the request has `explain: true`.
///
/// `why_hidden` tells by an event's place and content why the request excluded it from the hits, if it did.
pub(super) fn fill_explained<'a>(
    request: &RecallRequest,
    user: &'a User,
    (hits, order): (Vec<Hit>, Order),
    why_hidden: impl Fn(u32, &Event) -> Option<Why>,
) -> (Vec<Block<'a>>, Option<Explanation<'a>>) {
    let ranked = request.explain.then(|| hits.clone());
    let blocks = request.fill(user, (hits, order));
    let explanation = ranked.map(|hits| Explanation::of_blocks(request, user, &hits, order, &blocks, why_hidden));
    (blocks, explanation)
}

/// Adds the explanation, if there is one, to the body of an answer.
pub(super) fn insert(body: &mut Value, explanation: Option<&Explanation>) {
    if let (Some(body), Some(explanation)) = (body.as_object_mut(), explanation) {
        body.insert("explain".into(), serde_json::to_value(explanation).unwrap_or_default());
    }
}

impl<'a> Item<'a> {
    /// An event and a piece of its content, with the words that the piece has in common with the task.
    pub fn new(event: &'a Event, content: &'a str, task: &Query) -> Self {
        Item {
            event_id: &event.event_id,
            reason: None,
            detail: None,
            list: None,
            score: 0.0,
            tokens: context::tokens_of(event, content),
            words: text::matching_words(content, task.terms()),
            asks: false,
            whole: content.len() == event.content.len(),
            role: event.role.as_deref().unwrap_or(&event.kind),
            thread_id: event.thread_id.as_deref(),
            project_id: event.project_id.as_deref(),
            event_time: event.event_time,
            content,
        }
    }

    /// Marks the event as omitted, with the score of its best hit, and shortens its content.
    pub fn into_omitted(mut self, (reason, detail): Why, best: Option<&Hit>) -> Self {
        self.reason = Some(reason);
        self.detail = Some(detail);
        self.score = best.map_or(0.0, |hit| hit.score);
        self.asks = best.is_some_and(|hit| hit.is_question);
        self.content = self.content.get(..self.content.floor_char_boundary(PREVIEW_BYTES)).unwrap_or_default();
        self
    }
}

/// The best hit of each text, by the number of the text.
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
    /// Counts omitted events, given as reason, score and place in the user's events, and lists the best matches of each reason, of equal ones
    /// the most recent.
    pub fn of(mut found: Vec<(Why, f64, u32)>, item: impl Fn(u32, Why) -> Option<Item<'a>>) -> Self {
        found.sort_by(|(why, score, place), (other, score_2, place_2)| {
            why.0.cmp(&other.0).then(score_2.total_cmp(score)).then(place_2.cmp(place))
        });
        let mut left_out = LeftOut::default();
        for (why, _, place) in found {
            let count = left_out.counts.entry(why.0).or_default();
            *count = count.saturating_add(1);
            if *count <= MAX_LISTED {
                left_out.items.extend(item(place, why));
            }
        }
        left_out
    }
}

impl<'a> Explanation<'a> {
    /// Explains a recall with a token budget (V1 to V3).
    pub fn of_blocks(
        request: &RecallRequest,
        user: &'a User,
        hits: &[Hit],
        order: Order,
        blocks: &[Block<'a>],
        why_hidden: impl Fn(u32, &Event) -> Option<Why>,
    ) -> Self {
        let task = Query::new(&request.task);
        let best = best_of(hits);
        let told: Vec<Item<'a>> = blocks
            .iter()
            .filter_map(|block| {
                let event = &user.at(block.hit.source)?.event;
                let Hit { score, is_question: asks, .. } = block.hit;
                Some(Item { score, asks, whole: block.whole, ..Item::new(event, block.content, &task) })
            })
            .collect();
        let included: HashMap<u32, ()> = blocks.iter().map(|block| (block.hit.source, ())).collect();
        let why = |place: u32, event: &Event| {
            why_hidden(place, event).unwrap_or_else(|| match best.get(&place) {
                None => (Reason::NoMatch, "it has no word in common with the task"),
                Some(hit) if request.min_confidence.is_some_and(|least| hit.score < least) => {
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
            Some(Item::new(event, &event.content, &task).into_omitted(why, best.get(&place).copied()))
        });
        Explanation {
            words: Words::of(&request.task),
            token_budget: Some(request.budget),
            tokens_around: Some(context::overhead_tokens()),
            order: match order {
                Order::Best => "best",
                Order::Newest => "newest",
                Order::Oldest => "oldest",
            },
            matching: best.values().filter(|hit| hit.matched_terms > 0).count(),
            blocks: told,
            left_out,
        }
    }

    /// Explains a recall of V6, whose lists have limits.
    pub fn of_facts(query: &str, matching: usize, blocks: Vec<Item<'a>>, left_out: LeftOut<'a>) -> Self {
        let words = Words::of(query);
        Explanation { words, token_budget: None, tokens_around: None, order: "best", matching, blocks, left_out }
    }
}

impl Words {
    fn of(task: &str) -> Self {
        let (counted, ignored) = text::split_stop_words(task);
        Words { counted, ignored }
    }
}
