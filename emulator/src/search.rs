//! Which passages fit a task (BM25), and how many of them fit a token budget.

use crate::store::{Passage, Stored};
use crate::text;
use std::collections::HashMap;

/// Saturation of a term's frequency, and how much a passage's length counts: the usual values of BM25.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// A passage and how well it fits.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a> {
    /// The event it is of.
    pub stored: &'a Stored,
    /// Which of the event's passages.
    pub passage: &'a Passage,
    /// From 0 (no word in common with the task) to 1 (the best match of this recall).
    pub score: f64,
}

/// A piece of memory to answer with.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The text.
    pub content: String,
    /// The event it is from.
    pub event_id: String,
    /// How well it fits.
    pub score: f64,
    /// Whether this is all of the event's content.
    pub whole: bool,
    /// Which of the hits it is made from.
    pub hit: usize,
}

/// Every passage of the events with its score, best first; of equal ones the more recent first.
pub fn rank<'a>(events: &[&'a Stored], task: &str) -> Vec<Hit<'a>> {
    let terms = text::terms(task);
    let passages: Vec<(&Stored, &Passage)> =
        events.iter().flat_map(|stored| stored.passages.iter().map(move |passage| (*stored, passage))).collect();
    let found: Vec<Vec<u32>> =
        passages.iter().map(|(_, passage)| terms.iter().map(|term| frequency(passage, *term)).collect()).collect();
    let total = real(passages.len());
    let mean = passages.iter().map(|(_, passage)| f64::from(passage.length)).sum::<f64>() / total.max(1.0);
    let weights: Vec<f64> = (0..terms.len())
        .map(|at| {
            let having = real(found.iter().filter(|row| row.get(at).is_some_and(|times| *times > 0)).count());
            ((total - having + 0.5) / (having + 0.5)).ln_1p()
        })
        .collect();
    let raw = |(passage, row): (&Passage, &Vec<u32>)| -> f64 {
        let longer = 1.0 - B + B * f64::from(passage.length) / mean.max(1.0);
        let one =
            |(times, weight): (&u32, &f64)| weight * f64::from(*times) * (K1 + 1.0) / (f64::from(*times) + K1 * longer);
        row.iter().zip(&weights).map(one).sum()
    };
    let scores: Vec<f64> = passages.iter().zip(&found).map(|((_, passage), row)| raw((passage, row))).collect();
    let best = scores.iter().copied().fold(0.0, f64::max);
    let relative = |score: f64| {
        if best > 0.0 { (score / best * 10_000.0).round() / 10_000.0 } else { 0.0 }
    };
    let mut hits: Vec<Hit> = passages
        .into_iter()
        .zip(scores)
        .map(|((stored, passage), score)| Hit { stored, passage, score: relative(score) })
        .collect();
    hits.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| newest_first(one, other)));
    hits
}

/// The order of time, newest first; within an event the order of its text.
pub fn newest_first(one: &Hit, other: &Hit) -> std::cmp::Ordering {
    let time = |hit: &Hit| (hit.stored.event.event_time, hit.stored.seq);
    time(other).cmp(&time(one)).then(one.passage.start.cmp(&other.passage.start))
}

/// The order of time, oldest first.
pub fn oldest_first(one: &Hit, other: &Hit) -> std::cmp::Ordering {
    let time = |hit: &Hit| (hit.stored.event.event_time, hit.stored.seq, hit.passage.start);
    time(one).cmp(&time(other))
}

fn frequency(passage: &Passage, term: u32) -> u32 {
    let at = passage.terms.binary_search_by_key(&term, |(term, _)| *term).ok();
    at.and_then(|at| passage.terms.get(at)).map_or(0, |(_, times)| *times)
}

fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// Takes hits in their order as long as the budget lasts, and tells how many tokens they have. An event that fits is taken whole,
/// of a longer one the passages that were hit; what does not fit is passed over for what does.
pub fn fill(hits: &[Hit], budget: u64) -> (Vec<Block>, u64) {
    let mut blocks = Vec::new();
    let mut used = 0_u64;
    let mut whole: HashMap<u64, bool> = HashMap::new();
    for (at, hit) in hits.iter().enumerate() {
        let event = &hit.stored.event;
        let left = budget.saturating_sub(used);
        if left == 0 {
            break;
        }
        let as_whole = match whole.get(&hit.stored.seq) {
            Some(true) => continue,
            Some(false) => false,
            None => hit.stored.passages.len() == 1 || text::tokens(&event.content) <= left,
        };
        whole.insert(hit.stored.seq, as_whole);
        let content = if as_whole {
            event.content.as_str()
        } else {
            event.content.get(hit.passage.start..hit.passage.end).unwrap_or_default().trim()
        };
        let tokens = text::tokens(content);
        if content.is_empty() || tokens > left {
            continue;
        }
        used = used.saturating_add(tokens);
        blocks.push(Block {
            content: content.into(),
            event_id: event.event_id.clone(),
            score: hit.score,
            whole: as_whole,
            hit: at,
        });
    }
    (blocks, used)
}

#[cfg(test)]
mod tests;
