//! An inverted index: for each term the passages that have it, kept as texts come and go.
//!
//! It is written here, although crates do the like: over 100,000 short texts a query of common words takes 290 ms with bm25 2.3 and 170 to
//! 310 ms with probly-search 2.0, and 5 ms with this one, all native. A recall also needs what they do not give: statistics of those
//! passages only that a thread, a time or a scope lets it see, how many of a task's terms a passage has, and best matches one after the
//! other until a budget is used up, without sorting all of them.

mod postings;

use crate::hash::{ByHash, fingerprint};
use crate::text::{self, Repeat};
use postings::Postings;

pub use postings::Posting;

/// A passage of a text.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// The number of the text it is of.
    pub source: u32,
    /// Where it starts in the text, in bytes.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// How many terms it has.
    pub length: u32,
}

/// What is known of a text besides its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Label {
    /// When it was said.
    pub time: i64,
    /// Its place in the order of arrival.
    pub seq: u64,
    /// The fingerprint of its conversation, 0 without.
    pub thread: u64,
    /// What it is.
    pub kind: Kind,
}

/// What a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message,
    /// What a tool returned.
    ToolCall,
    /// Anything else.
    #[default]
    Other,
}

/// A text, as far as ranking looks at it. All of this is kept together and apart from the texts, which are not touched to rank them.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// What is known of it.
    pub label: Label,
    /// The fingerprint of its words.
    pub words: u64,
    /// The fingerprint of its content.
    pub content: u64,
    /// Whether it asks and states nothing.
    pub is_question: bool,
    live: bool,
    first: u32,
    passages: u32,
}

/// The index of some texts. Texts and passages are numbered in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Index {
    postings: ByHash<u32, Postings>,
    passages: Vec<Passage>,
    sources: Vec<Source>,
    /// How often each content is there, by its fingerprint.
    told: ByHash<u64, u32>,
    live_passages: u32,
    live_length: u64,
    dead_sources: u32,
    /// The fewest bytes a passage ever had, blanks around it left out.
    shortest: Option<usize>,
}

impl Index {
    /// Adds a text.
    pub fn add(&mut self, text: &str, label: Label) {
        let number = count(self.sources.len());
        let first = count(self.passages.len());
        let mut terms: Vec<u32> = Vec::new();
        let mut repeat = Repeat::new();
        for (start, end) in text::passages(text) {
            terms.clear();
            text::each(text.get(start..end).unwrap_or_default(), |word, term| {
                repeat.add(word);
                terms.extend(term);
            });
            let bytes = text.get(start..end).map_or(0, |passage| passage.trim().len());
            self.shortest = Some(self.shortest.map_or(bytes, |shortest| shortest.min(bytes)));
            terms.sort_unstable();
            let passage = count(self.passages.len());
            for same in terms.chunk_by(|one, other| one == other) {
                if let Some(term) = same.first() {
                    let posting = Posting { passage, times: count(same.len()) };
                    let postings = self.postings.entry(*term);
                    postings.and_modify(|all| all.push(posting)).or_insert(Postings::One(posting));
                }
            }
            let length = count(terms.len());
            self.passages.push(Passage { source: number, start: count(start), end: count(end), length });
            self.live_length = self.live_length.saturating_add(u64::from(length));
        }
        let passages = count(self.passages.len()).saturating_sub(first);
        self.live_passages = self.live_passages.saturating_add(passages);
        let source = Source {
            label,
            is_question: text::is_question(text),
            words: repeat.of(text),
            content: fingerprint(text.as_bytes()),
            first,
            passages,
            live: true,
        };
        let told = self.told.entry(source.content).or_default();
        *told = told.saturating_add(1);
        self.sources.push(source);
    }

    /// Gives a number to a text that is gone already.
    pub fn skip(&mut self) {
        let first = count(self.passages.len());
        let (label, live) = (Label::default(), false);
        self.sources.push(Source { label, words: 0, content: 0, is_question: false, live, first, passages: 0 });
        self.dead_sources = self.dead_sources.saturating_add(1);
    }

    /// Takes a text out; its number is not given anew.
    pub fn remove(&mut self, number: u32) {
        let Some(source) = at_mut(&mut self.sources, number).filter(|source| source.live) else { return };
        source.live = false;
        let (content, passages) = (source.content, source.passages);
        let length: u64 = self.passages_of(number).iter().map(|passage| u64::from(passage.length)).sum();
        self.live_length = self.live_length.saturating_sub(length);
        self.live_passages = self.live_passages.saturating_sub(passages);
        self.dead_sources = self.dead_sources.saturating_add(1);
        if let Some(told) = self.told.get_mut(&content) {
            *told = told.saturating_sub(1);
            if *told == 0 {
                self.told.remove(&content);
            }
        }
    }

    /// Whether most of it is about texts that were taken out, so that it is better made anew.
    pub fn is_sparse(&self) -> bool {
        let all = self.sources.len();
        all > 32 && usize::try_from(self.dead_sources).is_ok_and(|dead| dead > all / 2)
    }

    /// Whether no text was taken out.
    pub fn is_whole(&self) -> bool {
        self.dead_sources == 0
    }

    /// How many passages the texts have.
    pub fn len(&self) -> u32 {
        self.live_passages
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.live_passages == 0
    }

    /// In fewer bytes than this there is room for no passage.
    pub fn shortest(&self) -> usize {
        self.shortest.unwrap_or_default().max(1)
    }

    /// How many terms they have together.
    pub fn length(&self) -> u64 {
        self.live_length
    }

    /// How many texts and passages were ever added.
    pub fn capacity(&self) -> (usize, usize) {
        (self.sources.len(), self.passages.len())
    }

    /// The passages that have a term, in the order in which they were added.
    pub fn having(&self, term: u32) -> &[Posting] {
        self.postings.get(&term).map_or(&[], Postings::all)
    }

    /// A passage.
    pub fn passage(&self, number: u32) -> Option<&Passage> {
        at(&self.passages, number)
    }

    /// All passages, with those of texts that were taken out.
    pub fn all_passages(&self) -> &[Passage] {
        &self.passages
    }

    /// A text that is there.
    pub fn source(&self, number: u32) -> Option<&Source> {
        at(&self.sources, number).filter(|source| source.live)
    }

    /// For each number whether there is a text that passes.
    pub fn where_each(&self, passes: impl Fn(&Source) -> bool) -> Vec<bool> {
        self.sources.iter().map(|source| source.live && passes(source)).collect()
    }

    /// The passages of a text.
    pub fn passages_of(&self, number: u32) -> &[Passage] {
        let range = at(&self.sources, number).and_then(|source| {
            let first = usize::try_from(source.first).ok()?;
            self.passages.get(first..first.saturating_add(usize::try_from(source.passages).ok()?))
        });
        range.unwrap_or_default()
    }

    /// How many texts have this content.
    pub fn told(&self, content: u64) -> u32 {
        let live = self.sources.len().saturating_sub(usize::try_from(self.dead_sources).unwrap_or(usize::MAX));
        if self.told.len() == live {
            return 1;
        }
        self.told.get(&content).copied().unwrap_or_default()
    }

    /// The numbers of the texts that have all of these terms.
    pub fn having_all(&self, terms: &[u32]) -> Vec<u32> {
        let numbers = |term: &u32| {
            let mut numbers: Vec<u32> = self
                .having(*term)
                .iter()
                .filter_map(|posting| self.passage(posting.passage))
                .map(|passage| passage.source)
                .collect();
            numbers.dedup();
            numbers
        };
        let mut rest = terms.iter();
        let mut found = rest.next().map(numbers).unwrap_or_default();
        for term in rest {
            let others = numbers(term);
            found.retain(|number| others.binary_search(number).is_ok());
        }
        found
    }
}

impl Passage {
    /// Its part of the text.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        let place = usize::try_from(self.start).ok().zip(usize::try_from(self.end).ok());
        place.and_then(|(start, end)| text.get(start..end)).unwrap_or_default()
    }
}

/// Numbers are kept in 32 bits: more texts than that fit in no memory a module of WebAssembly has.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn at<T>(items: &[T], number: u32) -> Option<&T> {
    usize::try_from(number).ok().and_then(|number| items.get(number))
}

fn at_mut<T>(items: &mut [T], number: u32) -> Option<&mut T> {
    usize::try_from(number).ok().and_then(|number| items.get_mut(number))
}

#[cfg(test)]
mod tests;
