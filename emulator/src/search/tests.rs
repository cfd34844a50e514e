#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use super::{Capacity, Corpus, Hit, LazySorted, Query, all, best_first, fill, matching, most_recent, newest_first};
use crate::index::{Attributes, Index};
use crate::text;

/// An index of these texts, each more recent than the one before.
fn index(contents: &[&str]) -> Index {
    let mut index = Index::default();
    for (at, content) in (0_i32..).zip(contents) {
        index.add(
            content,
            Attributes { time: i64::from(at), seq: u64::from(at.unsigned_abs()), ..Attributes::default() },
        );
    }
    index
}

/// All passages, best first.
fn rank(index: &Index, task: &str) -> Vec<Hit> {
    let mut hits = all(&[Corpus::whole(index)], &Query::new(task));
    hits.sort_by(best_first);
    hits
}

/// A budget of so many tokens.
struct Tokens {
    left: usize,
}

impl Capacity for Tokens {
    fn try_add(&mut self, _: u32, content: &str) -> bool {
        let tokens = usize::try_from(text::tokens(content)).unwrap();
        let fits = tokens <= self.left;
        self.left -= if fits { tokens } else { 0 };
        fits
    }

    fn bytes_left(&self) -> usize {
        self.left * 4
    }
}

fn filled<'a>(contents: &[&'a str], task: &str, budget: usize) -> (Vec<(&'a str, bool)>, usize) {
    let index = index(contents);
    let mut room = Tokens { left: budget };
    let text = |source: u32| *contents.get(usize::try_from(source).unwrap()).unwrap();
    let blocks = fill(LazySorted::new(rank(&index, task), best_first), &index, text, &mut room);
    (blocks.iter().map(|block| (block.content, block.whole)).collect(), budget - room.left)
}

#[test]
fn rare_words_count_more_and_long_texts_less() {
    for (contents, task, best) in [
        (["the cat sat", "the dog sat", "the dog ran"], "dog cat", "the cat sat"),
        (["tea", "tea with a great many other words in it", "coffee"], "tea", "tea"),
        (["tea tea", "tea milk", "milk"], "tea", "tea tea"),
        (["Planning a trip to Lisbon", "Lisbon", "trips"], "planned trips lisbon", "Planning a trip to Lisbon"),
    ] {
        let index = index(&contents);
        let hits = rank(&index, task);
        let first = hits.first().unwrap();
        assert_eq!(contents.get(usize::try_from(first.source).unwrap()), Some(&best), "{task}");
        assert_eq!(first.score, 1.0);
        assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
        assert!(hits.is_sorted_by(|one, other| one.score >= other.score));
    }
}

#[test]
fn without_a_common_term_the_score_is_0() {
    let index = index(&["one", "two"]);
    for task in ["", "the and of", "zebra"] {
        let hits = rank(&index, task);
        assert!(hits.iter().all(|hit| hit.score == 0.0));
        assert_eq!(hits.first().unwrap().source, 1, "the recent one first");
        assert!(matching(&[Corpus::whole(&index)], &Query::new(task)).is_empty());
    }
    assert!(all(&[], &Query::new("one")).is_empty());
}

#[test]
fn questions_rank_below_every_statement_that_matches() {
    let asked = "Which seat do I like on a flight to Lisbon?";
    let contents = [asked, "which seat do I like on a flight to lisbon", "I always take a seat at the window", "tea"];
    let index = index(&contents);
    let hits = rank(&index, asked);
    let order: Vec<(u32, bool)> = hits.iter().map(|hit| (hit.source, hit.is_question)).collect();
    assert_eq!(order, [(2, false), (1, true), (0, true), (3, false)]);
    assert!(hits.is_sorted_by(|one, other| one.score >= other.score));
    assert_eq!(hits.first().unwrap().score, 1.0);
    // Without a statement the best question is the best match.
    assert_eq!(rank(&index, "flight").first().unwrap().score, 1.0);
}

#[test]
fn removed_and_invisible_texts_are_neither_found_nor_counted() {
    let contents = ["green tea", "tea", "black tea with milk", "milk"];
    let (mut gone, left) = (index(&contents), index(&["green tea", "tea", "milk"]));
    gone.remove(2);
    let scores = |hits: Vec<Hit>| hits.iter().map(|hit| hit.score).collect::<Vec<f64>>();
    assert_eq!(scores(rank(&gone, "green milk tea")), scores(rank(&left, "green milk tea")));
    let whole = index(&contents);
    let corpus = Corpus { index: &whole, visible: Some(vec![true, true, false, true]) };
    let mut hits = all(&[corpus], &Query::new("green milk tea"));
    hits.sort_by(best_first);
    assert_eq!(scores(hits), scores(rank(&left, "green milk tea")));
}

#[test]
fn several_corpora_rank_as_one() {
    let contents = ["green tea", "tea", "black tea with milk", "milk"];
    let (one, other) = (index(&["green tea", "tea"]), index(&["black tea with milk", "milk"]));
    let mut hits = all(&[Corpus::whole(&one), Corpus::whole(&other)], &Query::new("green milk"));
    hits.sort_by(best_first);
    let whole = index(&contents);
    let scores = |hits: &[Hit]| hits.iter().map(|hit| hit.score).collect::<Vec<f64>>();
    assert_eq!(scores(&hits), scores(&rank(&whole, "green milk")));
}

#[test]
fn hits_are_sorted_as_far_as_they_are_asked_for() {
    let contents: Vec<String> = (0..3000).map(|at| format!("tea {}", "leaf ".repeat(at % 7))).collect();
    let contents: Vec<&str> = contents.iter().map(String::as_str).collect();
    let index = index(&contents);
    let mut sorted = LazySorted::new(matching(&[Corpus::whole(&index)], &Query::new("tea")), best_first);
    let mut taken = Vec::new();
    while let Some(hit) = sorted.next(|_| true) {
        taken.push(hit);
    }
    assert_eq!(taken, rank(&index, "tea"));
    let mut some = LazySorted::new(matching(&[Corpus::whole(&index)], &Query::new("tea")), best_first);
    assert!(std::iter::from_fn(|| some.next(|hit| hit.seq % 2 == 0)).skip(256).all(|hit| hit.seq % 2 == 0));
}

#[test]
fn what_does_not_fit_is_skipped_and_what_does_is_taken() {
    let long = "tea ".repeat(100);
    for (budget, count) in [(0, 0), (1, 0), (2, 1), (4, 2), (104, 3)] {
        let (blocks, used) = filled(&["tea now", &long, "some tea"], "tea", budget);
        assert!(used <= budget);
        assert_eq!(blocks.len(), count, "{budget}");
    }
}

#[test]
fn an_event_that_fits_is_added_whole_and_a_longer_one_in_passages() {
    let long = "A sentence about bees and honey. ".repeat(60);
    assert_eq!(filled(&[&long], "bees", 2000).0, [(long.as_str(), true)]);
    let (corpora, used) = filled(&[&long], "bees", 300);
    assert!(corpora.len() >= 2 && corpora.iter().all(|(_, whole)| !whole) && used <= 300);
    assert!(corpora.iter().all(|(content, _)| long.contains(content)));
}

#[test]
fn the_most_recent_passages_that_do_not_match_are_found() {
    let contents: Vec<String> =
        (0..500).map(|at| format!("{} {at}", if at % 3 == 0 { "tea" } else { "milk" })).collect();
    let contents: Vec<&str> = contents.iter().map(String::as_str).collect();
    let index = index(&contents);
    let corpus = Corpus::whole(&index);
    let hits = matching(std::slice::from_ref(&corpus), &Query::new("tea"));
    for limit in [0, 1, 7, 100] {
        let mut latest = most_recent((0, &corpus), &hits, limit, |hit| hit.seq % 2 == 0);
        latest.sort_by(newest_first);
        latest.truncate(limit);
        let seqs: Vec<u64> = latest.iter().map(|hit| hit.seq).collect();
        let expected: Vec<u64> = (0..500).rev().filter(|at| at % 3 != 0 && at % 2 == 0).take(limit).collect();
        assert_eq!(seqs, expected, "{limit}");
    }
}
