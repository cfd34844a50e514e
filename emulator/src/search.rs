//! Finds the passages that match a query, and scores them by BM25.

mod fill;
mod order;

use crate::index::{Index, Passage, Source};
use crate::text;

pub use fill::{Block, Capacity, LazySorted, fill};
pub use order::{Hit, Order, best_first, newest_first, oldest_first};

/// The parameters of BM25, with their usual values: `K1` limits the weight of a repeated term, `B` is the weight of a passage's length.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// The lowest score of a passage that matches. Scores are rounded to four decimals, so this is the smallest above 0.
const MIN_SCORE: f64 = 0.0001;

/// The texts that a search covers.
#[derive(Clone, Debug)]
pub struct Corpus<'a> {
    /// The index of the texts.
    pub index: &'a Index,
    /// By the number of each text of the index whether the search covers it; `None` for all texts.
    pub visible: Option<Vec<bool>>,
}

/// The terms to search for.
#[derive(Clone, Debug)]
pub struct Query {
    terms: Vec<u32>,
    words: u64,
}

impl<'a> Corpus<'a> {
    /// A corpus of all texts of an index.
    pub fn whole(index: &'a Index) -> Self {
        Corpus { index, visible: None }
    }

    /// The text of a passage, unless it was removed or is not visible.
    fn source(&self, passage: &Passage) -> Option<&'a Source> {
        if self.is_visible(passage.source) { self.index.source(passage.source) } else { None }
    }

    /// Whether the search covers the text with this number, if it was not removed.
    pub fn is_visible(&self, number: u32) -> bool {
        self.visible.as_ref().is_none_or(|visible| {
            usize::try_from(number).is_ok_and(|number| visible.get(number).is_some_and(|visible| *visible))
        })
    }

    fn is_unfiltered(&self) -> bool {
        self.visible.is_none() && self.index.has_no_removals()
    }

    /// How many passages are visible, and how many terms they contain together.
    fn size(&self) -> (f64, f64) {
        if self.visible.is_none() {
            return (f64::from(self.index.passage_count()), to_f64(self.index.term_count()));
        }
        let seen = self.index.all_passages().iter().filter(|passage| self.source(passage).is_some());
        seen.fold((0.0, 0.0), |(count, length), passage| (count + 1.0, length + f64::from(passage.terms)))
    }

    /// How many visible passages contain a term.
    fn document_frequency(&self, term: u32) -> f64 {
        let postings = self.index.postings(term);
        if self.is_unfiltered() {
            return to_f64(u64::try_from(postings.len()).unwrap_or(u64::MAX));
        }
        let passages = postings.iter().filter_map(|posting| self.index.passage(posting.passage));
        passages.fold(0.0, |count, passage| count + f64::from(u8::from(self.source(passage).is_some())))
    }

    fn hit(&self, corpus: u32, passage: u32, query: &Query, score: f64, matched_terms: u32) -> Option<Hit> {
        let found = self.index.passage(passage)?;
        let source = self.source(found)?;
        Some(Hit {
            score,
            relevance: score,
            time: source.attributes.time,
            seq: source.attributes.seq,
            passage,
            source: found.source,
            corpus,
            matched_terms,
            is_question: source.is_question || query.is_repeated_by(source),
        })
    }
}

impl Query {
    /// Splits a query into terms.
    pub fn new(query: &str) -> Self {
        Query { terms: text::terms(query), words: text::word_sequence_of(query) }
    }

    /// The distinct terms, sorted.
    pub fn terms(&self) -> &[u32] {
        &self.terms
    }

    /// How many distinct terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there are no terms, so that nothing matches.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    fn is_repeated_by(&self, source: &Source) -> bool {
        self.words != 0 && self.words == source.words
    }
}

/// The passages that contain a term of the query, in no particular order. BM25 statistics are taken over all corpora together; the best
/// score is 1. Questions and repetitions of the query score at most as much as the lowest of the other passages that match.
pub fn matching(corpora: &[Corpus], query: &Query) -> Vec<Hit> {
    let (total, length) =
        corpora.iter().map(Corpus::size).fold((0.0, 0.0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
    let mean = (length / f64::max(total, 1.0)).max(1.0);
    let weights: Vec<(u32, f64)> = query
        .terms
        .iter()
        .map(|term| {
            let frequency: f64 = corpora.iter().map(|corpus| corpus.document_frequency(*term)).sum();
            (*term, ((total - frequency + 0.5).max(0.0) / (frequency + 0.5)).ln_1p())
        })
        .collect();
    let mut hits = Vec::new();
    for (number, corpus) in (0_u32..).zip(corpora) {
        score_corpus(corpus, number, query, &weights, mean, &mut hits);
    }
    normalise_scores(&mut hits);
    hits
}

/// Appends the hits of one corpus, with BM25 scores that are not normalised yet.
fn score_corpus(corpus: &Corpus, number: u32, query: &Query, weights: &[(u32, f64)], mean: f64, hits: &mut Vec<Hit>) {
    if weights.iter().all(|(term, _)| corpus.index.postings(*term).is_empty()) {
        return;
    }
    let (_, passages) = corpus.index.added();
    let mut sums: Vec<(f64, u32)> = vec![(0.0, 0); passages];
    for (term, weight) in weights {
        for posting in corpus.index.postings(*term) {
            let sum = usize::try_from(posting.passage).ok().and_then(|at| sums.get_mut(at));
            let (Some(passage), Some((score, matched_terms))) = (corpus.index.passage(posting.passage), sum) else {
                continue;
            };
            let times = f64::from(posting.times);
            let longer = 1.0 - B + B * f64::from(passage.terms) / mean;
            *score += weight * times * (K1 + 1.0) / (times + K1 * longer);
            *matched_terms = matched_terms.saturating_add(1);
        }
    }
    hits.reserve(sums.iter().filter(|(_, matched_terms)| *matched_terms > 0).count());
    let found = (0_u32..).zip(sums).filter(|(_, (_, matched_terms))| *matched_terms > 0);
    hits.extend(
        found.filter_map(|(passage, (score, matched_terms))| corpus.hit(number, passage, query, score, matched_terms)),
    );
}

/// Rounds to four decimals, half up.
pub fn four_decimals(number: f64) -> f64 {
    // `floor` is a single WebAssembly instruction, while `round` is a function call.
    (number * 10_000.0 + 0.5).floor() / 10_000.0
}

/// Scales the scores so that the best statement has 1, and the best question (or repetition of the query) the lowest score of a statement;
/// 1 where no statement matches.
fn normalise_scores(hits: &mut [Hit]) {
    let most = |questions: bool, hits: &[Hit]| {
        hits.iter().filter(|hit| hit.is_question == questions).map(|hit| hit.score).fold(0.0, f64::max)
    };
    let (statement, question) = (most(false, hits), most(true, hits));
    let round = |score: f64| four_decimals(score).max(MIN_SCORE);
    let mut lowest: f64 = 1.0;
    for hit in hits.iter_mut().filter(|hit| !hit.is_question) {
        hit.score = round(hit.score / statement);
        lowest = lowest.min(hit.score);
    }
    for hit in hits.iter_mut().filter(|hit| hit.is_question) {
        hit.score = round(hit.score / question * lowest);
    }
    hits.iter_mut().for_each(|hit| hit.relevance = hit.score);
}

/// Lowers the scores of questions to that of the lowest statement that matches. Needed again after a caller changed scores, for instance by
/// recency.
pub fn rank_questions_last(hits: &mut [Hit]) {
    let statements = hits.iter().filter(|hit| !hit.is_question && hit.relevance > 0.0);
    let lowest = statements.map(|hit| hit.score).fold(f64::INFINITY, f64::min);
    hits.iter_mut().filter(|hit| hit.is_question).for_each(|hit| hit.score = hit.score.min(lowest));
}

/// All visible passages in no particular order, those that do not match with a score of 0.
pub fn all(corpora: &[Corpus], query: &Query) -> Vec<Hit> {
    let mut matching = matching(corpora, query);
    matching.sort_unstable_by_key(|hit| (hit.corpus, hit.passage));
    let mut scored = matching.into_iter().peekable();
    let mut hits = Vec::new();
    for (number, corpus) in (0_u32..).zip(corpora) {
        for passage in (0_u32..).take(corpus.index.added().1) {
            let hit = scored.next_if(|hit| hit.corpus == number && hit.passage == passage);
            hits.extend(hit.or_else(|| corpus.hit(number, passage, query, 0.0, 0)));
        }
    }
    hits
}

/// The most recent passages of one corpus that are not among the hits and pass `wanted`, in no particular order: at least `limit` of them
/// where there are as many, and less than twice `limit` or 64.
pub fn most_recent(
    (number, corpus): (u32, &Corpus),
    hits: &[Hit],
    limit: usize,
    wanted: impl Fn(&Hit) -> bool,
) -> Vec<Hit> {
    let mut found = vec![false; corpus.index.added().1];
    for hit in hits.iter().filter(|hit| hit.corpus == number) {
        if let Some(found) = usize::try_from(hit.passage).ok().and_then(|at| found.get_mut(at)) {
            *found = true;
        }
    }
    let nothing = Query::new("");
    let mut latest: Vec<Hit> = Vec::new();
    let mut oldest: Option<Hit> = None;
    for (passage, _) in (0_u32..).zip(found).filter(|(_, found)| !found) {
        let Some(hit) = corpus.hit(number, passage, &nothing, 0.0, 0) else { continue };
        if oldest.is_some_and(|oldest| newest_first(&oldest, &hit).is_lt()) || limit == 0 || !wanted(&hit) {
            continue;
        }
        latest.push(hit);
        // The list may grow to twice the limit before it is cut, so that selecting takes linear time altogether.
        if latest.len() >= limit.saturating_mul(2).max(64) {
            latest.select_nth_unstable_by(limit.saturating_sub(1), newest_first);
            latest.truncate(limit);
            oldest = latest.last().copied();
        }
    }
    latest
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn to_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
