//! Which passages fit a task (BM25).

mod fill;

use crate::index::{Index, Passage, Source};
use crate::text;
use std::cmp::Ordering;

pub use fill::{Block, Room, Sorted, fill};

/// Saturation of a term's frequency, and how much a passage's length counts: the usual values of BM25.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Scores have four decimals. What has a word in common with the task scores this at least.
const LEAST: f64 = 0.0001;

/// Some texts to search, and which of them may be seen (all, without that).
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Their index.
    pub index: &'a Index,
    /// For each of its texts whether it may be seen.
    pub seen: Option<Vec<bool>>,
}

/// What is sought.
#[derive(Clone, Debug)]
pub struct Task {
    terms: Vec<u32>,
    words: u64,
}

/// A passage and how well it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// From 0 (no word in common with the task) to 1 (the best match of this recall).
    pub score: f64,
    /// The same, whatever else comes to count for the score.
    pub relevance: f64,
    /// When its text was said.
    pub time: i64,
    /// The place of its text in the order of arrival.
    pub seq: u64,
    /// The number of the passage.
    pub passage: u32,
    /// The number of its text.
    pub source: u32,
    /// Which of the parts it is in.
    pub part: u32,
    /// How many of the task's terms it has.
    pub shared: u32,
    /// Whether its text is a question or repeats the task: it stands behind every statement that matches.
    pub asks: bool,
}

impl<'a> Part<'a> {
    /// All texts of an index.
    pub fn whole(index: &'a Index) -> Self {
        Part { index, seen: None }
    }

    /// The text of a passage, if it may be seen.
    fn source(&self, passage: &Passage) -> Option<&'a Source> {
        let seen = self.seen.as_ref().is_none_or(|seen| {
            usize::try_from(passage.source).is_ok_and(|number| seen.get(number).is_some_and(|seen| *seen))
        });
        if seen { self.index.source(passage.source) } else { None }
    }

    fn is_plain(&self) -> bool {
        self.seen.is_none() && self.index.is_whole()
    }

    /// How many passages may be seen, and how many terms they have.
    fn size(&self) -> (f64, f64) {
        if self.seen.is_none() {
            return (f64::from(self.index.len()), real(self.index.length()));
        }
        let seen = self.index.all_passages().iter().filter(|passage| self.source(passage).is_some());
        seen.fold((0.0, 0.0), |(count, length), passage| (count + 1.0, length + f64::from(passage.length)))
    }

    /// How many passages that may be seen have a term.
    fn having(&self, term: u32) -> f64 {
        let postings = self.index.having(term);
        if self.is_plain() {
            return real(u64::try_from(postings.len()).unwrap_or(u64::MAX));
        }
        let passages = postings.iter().filter_map(|posting| self.index.passage(posting.passage));
        passages.fold(0.0, |count, passage| count + f64::from(u8::from(self.source(passage).is_some())))
    }

    fn hit(&self, part: u32, passage: u32, task: &Task, score: f64, shared: u32) -> Option<Hit> {
        let found = self.index.passage(passage)?;
        let source = self.source(found)?;
        Some(Hit {
            score,
            relevance: score,
            time: source.label.time,
            seq: source.label.seq,
            passage,
            source: found.source,
            part,
            shared,
            asks: source.is_question || task.is_repeated_by(source),
        })
    }
}

impl Task {
    /// Reads a task.
    pub fn new(task: &str) -> Self {
        Task { terms: text::terms(task), words: text::words_of_short(task) }
    }

    /// Its different terms, sorted.
    pub fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// How many different terms it has.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    fn is_repeated_by(&self, source: &Source) -> bool {
        self.words != 0 && self.words == source.words
    }
}

/// The passages that have a word in common with the task, in no order.
pub fn matching(parts: &[Part], task: &Task) -> Vec<Hit> {
    let (total, length) = parts.iter().map(Part::size).fold((0.0, 0.0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    let mean = (length / f64::max(total, 1.0)).max(1.0);
    let weights: Vec<(u32, f64)> = task
        .terms
        .iter()
        .map(|term| {
            let having: f64 = parts.iter().map(|part| part.having(*term)).sum();
            (*term, ((total - having + 0.5).max(0.0) / (having + 0.5)).ln_1p())
        })
        .collect();
    let mut hits = Vec::new();
    for (number, part) in (0_u32..).zip(parts) {
        collect(part, number, task, &weights, mean, &mut hits);
    }
    relate(&mut hits);
    hits
}

/// Adds the hits of one part, their scores not yet related to the best one.
fn collect(part: &Part, number: u32, task: &Task, weights: &[(u32, f64)], mean: f64, hits: &mut Vec<Hit>) {
    if weights.iter().all(|(term, _)| part.index.having(*term).is_empty()) {
        return;
    }
    let (_, passages) = part.index.capacity();
    let mut sums: Vec<(f64, u32)> = vec![(0.0, 0); passages];
    for (term, weight) in weights {
        for posting in part.index.having(*term) {
            let sum = usize::try_from(posting.passage).ok().and_then(|at| sums.get_mut(at));
            let (Some(passage), Some((score, shared))) = (part.index.passage(posting.passage), sum) else { continue };
            let times = f64::from(posting.times);
            let longer = 1.0 - B + B * f64::from(passage.length) / mean;
            *score += weight * times * (K1 + 1.0) / (times + K1 * longer);
            *shared = shared.saturating_add(1);
        }
    }
    hits.reserve(sums.iter().filter(|(_, shared)| *shared > 0).count());
    let found = (0_u32..).zip(sums).filter(|(_, (_, shared))| *shared > 0);
    hits.extend(found.filter_map(|(passage, (score, shared))| part.hit(number, passage, task, score, shared)));
}

/// Rounds to four decimals.
pub fn four_decimals(number: f64) -> f64 {
    // `floor` is an instruction of WebAssembly, and `round` is a function.
    (number * 10_000.0 + 0.5).floor() / 10_000.0
}

/// Makes the best score 1, and keeps what asks behind what states something.
fn relate(hits: &mut [Hit]) {
    let most =
        |asks: bool, hits: &[Hit]| hits.iter().filter(|hit| hit.asks == asks).map(|hit| hit.score).fold(0.0, f64::max);
    let (statement, question) = (most(false, hits), most(true, hits));
    let round = |score: f64| four_decimals(score).max(LEAST);
    let mut lowest: f64 = 1.0;
    for hit in hits.iter_mut().filter(|hit| !hit.asks) {
        hit.score = round(hit.score / statement);
        lowest = lowest.min(hit.score);
    }
    for hit in hits.iter_mut().filter(|hit| hit.asks) {
        hit.score = round(hit.score / question * lowest);
    }
    hits.iter_mut().for_each(|hit| hit.relevance = hit.score);
}

/// Lowers the scores of what asks to that of the last statement that matches, where something else than words counted for them.
pub fn keep_behind(hits: &mut [Hit]) {
    let statements = hits.iter().filter(|hit| !hit.asks && hit.relevance > 0.0);
    let lowest = statements.map(|hit| hit.score).fold(f64::INFINITY, f64::min);
    hits.iter_mut().filter(|hit| hit.asks).for_each(|hit| hit.score = hit.score.min(lowest));
}

/// All passages that may be seen, in no order, with the scores of those that match.
pub fn all(parts: &[Part], task: &Task) -> Vec<Hit> {
    let mut matching = matching(parts, task);
    matching.sort_unstable_by_key(|hit| (hit.part, hit.passage));
    let mut scored = matching.into_iter().peekable();
    let mut hits = Vec::new();
    for (number, part) in (0_u32..).zip(parts) {
        for passage in (0_u32..).take(part.index.capacity().1) {
            let hit = scored.next_if(|hit| hit.part == number && hit.passage == passage);
            hits.extend(hit.or_else(|| part.hit(number, passage, task, 0.0, 0)));
        }
    }
    hits
}

/// The most recent passages of one part that are not among the hits and are wanted, at most so many, in no order.
pub fn most_recent(
    (number, part): (u32, &Part),
    hits: &[Hit],
    limit: usize,
    wanted: impl Fn(&Hit) -> bool,
) -> Vec<Hit> {
    let mut found = vec![false; part.index.capacity().1];
    for hit in hits.iter().filter(|hit| hit.part == number) {
        if let Some(found) = usize::try_from(hit.passage).ok().and_then(|at| found.get_mut(at)) {
            *found = true;
        }
    }
    let nothing = Task::new("");
    let mut latest: Vec<Hit> = Vec::new();
    let mut oldest: Option<Hit> = None;
    for (passage, _) in (0_u32..).zip(found).filter(|(_, found)| !found) {
        let Some(hit) = part.hit(number, passage, &nothing, 0.0, 0) else { continue };
        if oldest.is_some_and(|oldest| newest_first(&oldest, &hit).is_lt()) || limit == 0 || !wanted(&hit) {
            continue;
        }
        latest.push(hit);
        // Room for twice as many, so that each is sorted into the others once only.
        if latest.len() >= limit.saturating_mul(2).max(64) {
            latest.select_nth_unstable_by(limit.saturating_sub(1), newest_first);
            latest.truncate(limit);
            oldest = latest.last().copied();
        }
    }
    latest
}

/// The best match first; of equal ones a statement, then the more recent.
pub fn best_first(one: &Hit, other: &Hit) -> Ordering {
    other.score.total_cmp(&one.score).then(one.asks.cmp(&other.asks)).then_with(|| newest_first(one, other))
}

/// The order of time, newest first; within a text its own order.
pub fn newest_first(one: &Hit, other: &Hit) -> Ordering {
    (other.time, other.seq, other.part).cmp(&(one.time, one.seq, one.part)).then(one.passage.cmp(&other.passage))
}

/// The order of time, oldest first.
pub fn oldest_first(one: &Hit, other: &Hit) -> Ordering {
    (one.time, one.seq, one.part, one.passage).cmp(&(other.time, other.seq, other.part, other.passage))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
