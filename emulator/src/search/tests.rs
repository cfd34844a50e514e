#![allow(clippy::unwrap_used)]

use super::{fill, rank};
use crate::store::Stored;
use crate::testing::Bench;

fn with(contents: &[&str], check: impl Fn(Vec<&Stored>)) {
    let mut bench = Bench::default();
    for content in contents {
        bench.tell("u", content);
    }
    check(bench.service.store.events("u").iter().collect());
}

#[test]
fn rare_words_count_more_and_long_texts_less() {
    for (contents, task, best) in [
        (["the cat sat", "the dog sat", "the dog ran"], "dog cat", "the cat sat"),
        (["tea", "tea with a great many other words in it", "coffee"], "tea", "tea"),
        (["tea tea", "tea milk", "milk"], "tea", "tea tea"),
        (["Planning a trip to Lisbon", "Lisbon", "trips"], "planned trips lisbon", "Planning a trip to Lisbon"),
    ] {
        with(&contents, |events| {
            let hits = rank(&events, task);
            assert_eq!(hits.first().unwrap().stored.event.content, best, "{task}");
            assert_eq!(hits.first().unwrap().score, 1.0);
            assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
            assert!(hits.is_sorted_by(|one, other| one.score >= other.score));
        });
    }
}

#[test]
fn nothing_in_common_scores_nothing() {
    with(&["one", "two"], |events| {
        for task in ["", "the and of", "zebra"] {
            let hits = rank(&events, task);
            assert!(hits.iter().all(|hit| hit.score == 0.0));
            assert_eq!(hits.first().unwrap().stored.event.content, "two", "the recent one first");
        }
        assert!(rank(&[], "one").is_empty());
    });
}

#[test]
fn what_does_not_fit_is_passed_over_for_what_does() {
    let long = "tea ".repeat(100);
    with(&["tea now", &long, "some tea"], |events| {
        let hits = rank(&events, "tea");
        for (budget, contents) in [(0, 0), (1, 0), (2, 1), (4, 2), (104, 3)] {
            let (blocks, used) = fill(&hits, budget);
            assert!(used <= budget);
            assert_eq!(blocks.len(), contents, "{budget}");
        }
    });
}

#[test]
fn an_event_that_fits_is_whole_and_another_in_passages() {
    let long = "A sentence about bees and honey. ".repeat(60);
    with(&[&long], |events| {
        let hits = rank(&events, "bees");
        let (whole, _) = fill(&hits, 2000);
        assert_eq!(
            whole.iter().map(|block| (block.content.as_str(), block.whole)).collect::<Vec<_>>(),
            [(long.as_str(), true)]
        );
        let (parts, used) = fill(&hits, 300);
        assert!(parts.len() >= 2 && parts.iter().all(|block| !block.whole) && used <= 300);
        assert!(parts.iter().all(|block| long.contains(&block.content)));
    });
}
