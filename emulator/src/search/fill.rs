//! Hits in an order, and how many of them there is room for.

use super::Hit;
use crate::index::Index;
use std::cmp::Ordering;
use std::collections::HashMap;

/// How many hits are sorted first, and how many times as many next.
const BATCH: usize = 256;
const GROWTH: usize = 4;

/// A piece of memory to answer with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block<'a> {
    /// The text.
    pub content: &'a str,
    /// Whether this is all of the event's content.
    pub whole: bool,
    /// The hit it was made from.
    pub hit: Hit,
}

/// Hits in an order, sorted only as far as they are asked for.
pub struct Sorted<F> {
    hits: Vec<Hit>,
    compare: F,
    next: usize,
    sorted: usize,
    batch: usize,
}

impl<F: Fn(&Hit, &Hit) -> Ordering> Sorted<F> {
    /// Nothing is sorted yet.
    pub fn new(hits: Vec<Hit>, compare: F) -> Self {
        Sorted { hits, compare, next: 0, sorted: 0, batch: BATCH }
    }

    /// The next hit. Those that are not `wanted` may be left out.
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

/// What holds blocks, and how much room one takes in it.
pub trait Room {
    /// Puts a piece of a text in, if there is room for it.
    fn put(&mut self, source: u32, content: &str) -> bool;

    /// The most bytes a piece may have that can still be put in.
    fn left(&self) -> usize;
}

/// Puts hits into the room in their order as long as there is any. A text for which there is room is put in whole, of a longer one the
/// passages that were hit; what there is no room for is passed over for what there is. All hits are in one part.
pub fn fill<'a, F: Fn(&Hit, &Hit) -> Ordering>(
    mut hits: Sorted<F>,
    index: &Index,
    text: impl Fn(u32) -> &'a str,
    room: &mut impl Room,
) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut whole: HashMap<u32, bool> = HashMap::new();
    loop {
        let left = room.left();
        let fits = |hit: &Hit| {
            let bytes = index.passage(hit.passage).map_or(0, |passage| passage.end.saturating_sub(passage.start));
            // Of a passage the blanks around it may be left out, of a whole text nothing.
            index.passages_of(hit.source).len() != 1 || usize::try_from(bytes).is_ok_and(|bytes| bytes <= left)
        };
        if left < index.shortest() {
            return blocks;
        }
        let Some(hit) = hits.next(fits) else { return blocks };
        let content = text(hit.source);
        let passage = index.passage(hit.passage).map_or("", |passage| passage.of(content)).trim();
        let (content, as_whole) = match whole.get(&hit.source) {
            Some(true) => continue,
            Some(false) => (passage, false),
            None if content.len() <= left && !content.is_empty() && room.put(hit.source, content) => {
                whole.insert(hit.source, true);
                blocks.push(Block { content, whole: true, hit });
                continue;
            }
            None => (passage, index.passages_of(hit.source).len() == 1),
        };
        whole.insert(hit.source, as_whole);
        if !as_whole && !content.is_empty() && room.put(hit.source, content) {
            blocks.push(Block { content, whole: false, hit });
        }
    }
}
