//! Search results, and the orders in which they are returned.

use std::cmp::Ordering;

/// A passage that was found, with its score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// From 0 (no term in common with the query) to 1 (the best match). A caller may change it, for instance by recency.
    pub score: f64,
    /// The score as the search computed it.
    pub relevance: f64,
    /// When the event of its text happened, in milliseconds since 1970.
    pub time: i64,
    /// The position of its text in the order in which everything was stored.
    pub seq: u64,
    /// The number of the passage in its index.
    pub passage: u32,
    /// The number of its text in its index.
    pub source: u32,
    /// The position of its corpus in the list of corpora that was searched.
    pub corpus: u32,
    /// How many terms of the query it contains.
    pub matched_terms: u32,
    /// Whether its text consists of questions only or repeats the query. Such hits rank below every other hit that matches.
    pub is_question: bool,
}

/// An order in which hits are returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By score, the best first.
    Best,
    /// By time, the most recent first.
    Newest,
    /// By time, the oldest first.
    Oldest,
}

impl Order {
    /// Compares two hits by this order.
    pub fn compare(self, one: &Hit, other: &Hit) -> Ordering {
        match self {
            Order::Best => best_first(one, other),
            Order::Newest => newest_first(one, other),
            Order::Oldest => oldest_first(one, other),
        }
    }
}

/// Compares by score, the best first; equal ones by whether they are questions, then by time.
pub fn best_first(one: &Hit, other: &Hit) -> Ordering {
    other
        .score
        .total_cmp(&one.score)
        .then(one.is_question.cmp(&other.is_question))
        .then_with(|| newest_first(one, other))
}

/// Compares by time, the newest first; passages of one text by their position.
pub fn newest_first(one: &Hit, other: &Hit) -> Ordering {
    (other.time, other.seq, other.corpus).cmp(&(one.time, one.seq, one.corpus)).then(one.passage.cmp(&other.passage))
}

/// Compares by time, the oldest first.
pub fn oldest_first(one: &Hit, other: &Hit) -> Ordering {
    (one.time, one.seq, one.corpus, one.passage).cmp(&(other.time, other.seq, other.corpus, other.passage))
}
