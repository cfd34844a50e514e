//! Selects hits in order until a budget is used up, and makes blocks of them.

use super::order::Hit;
use crate::index::Index;
use std::cmp::Ordering;
use std::collections::HashMap;

/// How many hits are sorted at first.
const BATCH: usize = 256;
/// How many times as many hits each further batch has.
const GROWTH: usize = 4;

/// A memory block of a recall: an event, or a passage of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block<'a> {
    /// The text.
    pub content: &'a str,
    /// Whether this is all of the event's content.
    pub whole: bool,
    /// The hit that it was made from.
    pub hit: Hit,
}

/// Hits that are sorted in batches, as they are taken: most recalls need only the first few of many hits.
pub struct LazySorted<F> {
    hits: Vec<Hit>,
    compare: F,
    /// The index of the hit that is taken next.
    next: usize,
    /// How many hits at the front are sorted.
    sorted: usize,
    /// How many hits are sorted next.
    batch: usize,
}

impl<F: Fn(&Hit, &Hit) -> Ordering> LazySorted<F> {
    /// Takes over the hits without sorting any.
    pub fn new(hits: Vec<Hit>, compare: F) -> Self {
        LazySorted { hits, compare, next: 0, sorted: 0, batch: BATCH }
    }

    /// Takes the next hit. Hits that are not `wanted` are dropped when a further batch is sorted, and may be returned before that.
    pub fn next(&mut self, wanted: impl Fn(&Hit) -> bool) -> Option<Hit> {
        if self.next >= self.sorted {
            self.sort_more(wanted);
        }
        let hit = *self.hits.get(self.next)?;
        self.next = self.next.saturating_add(1);
        Some(hit)
    }

    fn sort_more(&mut self, wanted: impl Fn(&Hit) -> bool) {
        if self.next > 0 {
            self.hits.drain(..self.next);
            self.hits.retain(wanted);
            self.next = 0;
        }
        self.sorted = self.batch.min(self.hits.len());
        if let Some(last) = self.sorted.checked_sub(1).filter(|last| *last < self.hits.len()) {
            self.hits.select_nth_unstable_by(last, &self.compare);
        }
        if let Some(head) = self.hits.get_mut(..self.sorted) {
            head.sort_unstable_by(&self.compare);
        }
        self.batch = self.batch.saturating_mul(GROWTH);
    }
}

/// A budget that blocks are added to, such as that of tokens.
pub trait Capacity {
    /// Adds a piece of the text with this number, and returns whether the budget allowed it.
    fn try_add(&mut self, source: u32, content: &str) -> bool;

    /// An upper bound of the bytes that a further piece may have.
    fn bytes_left(&self) -> usize;
}

/// Adds hits in their order until the budget has no room for the shortest passage. A text that fits is added whole; of a text that does not
/// fit, those passages are added that are hits and fit. All hits must be of one corpus, whose index is given.
pub fn fill<'a, F: Fn(&Hit, &Hit) -> Ordering>(
    mut hits: LazySorted<F>,
    index: &Index,
    text: impl Fn(u32) -> &'a str,
    room: &mut impl Capacity,
) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut whole: HashMap<u32, bool> = HashMap::new();
    loop {
        let left = room.bytes_left();
        let fits = |hit: &Hit| {
            let bytes = index.passage(hit.passage).map_or(0, |passage| passage.end.saturating_sub(passage.start));
            // A text of one passage can only be added whole, so one that is longer than the room left is dropped. Other passages may
            // still fit, as white space around them is left out.
            index.passages_of(hit.source).len() != 1 || usize::try_from(bytes).is_ok_and(|bytes| bytes <= left)
        };
        if left < index.shortest_passage() {
            return blocks;
        }
        let Some(hit) = hits.next(fits) else { return blocks };
        let content = text(hit.source);
        let passage = index.passage(hit.passage).map_or("", |passage| passage.of(content)).trim();
        let (content, as_whole) = match whole.get(&hit.source) {
            Some(true) => continue,
            Some(false) => (passage, false),
            None if content.len() <= left && !content.is_empty() && room.try_add(hit.source, content) => {
                whole.insert(hit.source, true);
                blocks.push(Block { content, whole: true, hit });
                continue;
            }
            None => (passage, index.passages_of(hit.source).len() == 1),
        };
        whole.insert(hit.source, as_whole);
        if !as_whole && !content.is_empty() && room.try_add(hit.source, content) {
            blocks.push(Block { content, whole: false, hit });
        }
    }
}
