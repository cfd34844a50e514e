//! An inverted index: maps each term to the passages that contain it, and is updated as texts are added and removed.
//!
//! Why no crate: over 100,000 short texts a query of common words takes 290 ms with bm25 2.3, 170 to 310 ms with probly-search 2.0 and 5 ms
//! with this index, all measured natively. A recall also needs what those crates lack: BM25 statistics over only the passages that a thread,
//! a time or a scope leaves visible, the number of query terms that a passage contains, and the best matches one by one until a token budget
//! is used up, without sorting all of them.

mod postings;

use crate::hash::{HashKeyed, fingerprint};
use crate::text::{self, WordSequence};
use postings::Postings;

pub use postings::Posting;

/// A passage of an indexed text.
#[derive(Clone, Copy, Debug)]
pub struct Passage {
    /// The number of the text that contains it.
    pub source: u32,
    /// Where it starts in the text, in bytes.
    pub start: u32,
    /// Where it ends in the text, in bytes; exclusive.
    pub end: u32,
    /// How many terms it contains, repeated ones included: its length in BM25.
    pub terms: u32,
}

/// What ranking and filtering need to know of a text besides its words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attributes {
    /// When it happened, in milliseconds since 1970.
    pub time: i64,
    /// Its position in the order in which everything was stored.
    pub seq: u64,
    /// The fingerprint of its thread id; 0 where it has none.
    pub thread: u64,
    /// The type of event that the text is of.
    pub kind: Kind,
}

/// The type of event that a text is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message,
    /// The result of a tool call.
    ToolCall,
    /// Anything else.
    #[default]
    Other,
}

/// A text as the index knows it. The text itself is not kept here, so that ranking reads little memory.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Its time, thread and type.
    pub attributes: Attributes,
    /// The fingerprint of its sequence of words, by which a repeated task is recognised; 0 where it is too short or too long for that.
    pub words: u64,
    /// The fingerprint of its content.
    pub content: u64,
    /// Whether it consists of questions only.
    pub is_question: bool,
    /// False once it was removed.
    live: bool,
    /// The number of its first passage.
    first: u32,
    /// How many passages it has.
    passages: u32,
}

/// An index of texts. Texts and passages are numbered from 0 in the order in which they were added; a removed text keeps its number.
#[derive(Clone, Debug, Default)]
pub struct Index {
    postings: HashKeyed<u32, Postings>,
    passages: Vec<Passage>,
    sources: Vec<Source>,
    /// How many texts have the same content, by the fingerprint of the content.
    content_counts: HashKeyed<u64, u32>,
    live_passages: u32,
    live_length: u64,
    dead_sources: u32,
    /// The length of the shortest passage that was ever added, in bytes, without surrounding white space.
    shortest: Option<usize>,
}

impl Index {
    /// Cuts a text into passages and indexes their terms.
    pub fn add(&mut self, text: &str, attributes: Attributes) {
        let number = to_u32(self.sources.len());
        let first = to_u32(self.passages.len());
        let mut terms: Vec<u32> = Vec::new();
        let mut sequence = WordSequence::new();
        for (start, end) in text::passages(text) {
            terms.clear();
            text::each_word_and_term(text.get(start..end).unwrap_or_default(), |word, term| {
                sequence.add(word);
                terms.extend(term);
            });
            let bytes = text.get(start..end).map_or(0, |passage| passage.trim().len());
            self.shortest = Some(self.shortest.map_or(bytes, |shortest| shortest.min(bytes)));
            terms.sort_unstable();
            let passage = to_u32(self.passages.len());
            for same in terms.chunk_by(|one, other| one == other) {
                if let Some(term) = same.first() {
                    let posting = Posting { passage, times: to_u32(same.len()) };
                    let postings = self.postings.entry(*term);
                    postings.and_modify(|all| all.push(posting)).or_insert(Postings::One(posting));
                }
            }
            let length = to_u32(terms.len());
            self.passages.push(Passage { source: number, start: to_u32(start), end: to_u32(end), terms: length });
            self.live_length = self.live_length.saturating_add(u64::from(length));
        }
        let passages = to_u32(self.passages.len()).saturating_sub(first);
        self.live_passages = self.live_passages.saturating_add(passages);
        let source = Source {
            attributes,
            is_question: text::is_question(text),
            words: sequence.fingerprint_for(text),
            content: fingerprint(text.as_bytes()),
            first,
            passages,
            live: true,
        };
        let count = self.content_counts.entry(source.content).or_default();
        *count = count.saturating_add(1);
        self.sources.push(source);
    }

    /// Adds a text that was removed already: it takes up a number and has no passages.
    pub fn add_removed(&mut self) {
        let first = to_u32(self.passages.len());
        let (attributes, live) = (Attributes::default(), false);
        self.sources.push(Source { attributes, words: 0, content: 0, is_question: false, live, first, passages: 0 });
        self.dead_sources = self.dead_sources.saturating_add(1);
    }

    /// Removes a text. Its number is not used again; its passages stay in the index and are skipped.
    pub fn remove(&mut self, number: u32) {
        let Some(source) = get_mut(&mut self.sources, number).filter(|source| source.live) else { return };
        source.live = false;
        let (content, passages) = (source.content, source.passages);
        let length: u64 = self.passages_of(number).iter().map(|passage| u64::from(passage.terms)).sum();
        self.live_length = self.live_length.saturating_sub(length);
        self.live_passages = self.live_passages.saturating_sub(passages);
        self.dead_sources = self.dead_sources.saturating_add(1);
        if let Some(count) = self.content_counts.get_mut(&content) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.content_counts.remove(&content);
            }
        }
    }

    /// Whether more than half of the texts were removed, so that the index should be rebuilt.
    pub fn is_sparse(&self) -> bool {
        let all = self.sources.len();
        all > 32 && usize::try_from(self.dead_sources).is_ok_and(|dead| dead > all / 2)
    }

    /// Whether no text was removed, so that nothing needs to be skipped.
    pub fn has_no_removals(&self) -> bool {
        self.dead_sources == 0
    }

    /// How many passages there are, without those of removed texts.
    pub fn passage_count(&self) -> u32 {
        self.live_passages
    }

    /// The length of the shortest passage, in bytes and at least 1: less room than this holds none.
    pub fn shortest_passage(&self) -> usize {
        self.shortest.unwrap_or_default().max(1)
    }

    /// How many terms all passages contain together, without those of removed texts.
    pub fn term_count(&self) -> u64 {
        self.live_length
    }

    /// How many texts and passages were ever added, removed ones included.
    pub fn added(&self) -> (usize, usize) {
        (self.sources.len(), self.passages.len())
    }

    /// The passages that contain a term, those of removed texts included, in the order in which they were added.
    pub fn postings(&self, term: u32) -> &[Posting] {
        self.postings.get(&term).map_or(&[], Postings::all)
    }

    /// The passage with this number, also where its text was removed.
    pub fn passage(&self, number: u32) -> Option<&Passage> {
        get(&self.passages, number)
    }

    /// All passages, those of removed texts included.
    pub fn all_passages(&self) -> &[Passage] {
        &self.passages
    }

    /// The text with this number, unless it was removed.
    pub fn source(&self, number: u32) -> Option<&Source> {
        get(&self.sources, number).filter(|source| source.live)
    }

    /// For each number of a text whether it is there and passes the test.
    pub fn mask(&self, passes: impl Fn(&Source) -> bool) -> Vec<bool> {
        self.sources.iter().map(|source| source.live && passes(source)).collect()
    }

    /// The passages of a text.
    pub fn passages_of(&self, number: u32) -> &[Passage] {
        let range = get(&self.sources, number).and_then(|source| {
            let first = usize::try_from(source.first).ok()?;
            self.passages.get(first..first.saturating_add(usize::try_from(source.passages).ok()?))
        });
        range.unwrap_or_default()
    }

    /// How many texts have the content with this fingerprint.
    pub fn count_of_content(&self, content: u64) -> u32 {
        let live = self.sources.len().saturating_sub(usize::try_from(self.dead_sources).unwrap_or(usize::MAX));
        if self.content_counts.len() == live {
            return 1;
        }
        self.content_counts.get(&content).copied().unwrap_or_default()
    }

    /// The numbers of the texts that contain all of these terms, ascending. Removed texts may be among them.
    pub fn texts_with_all(&self, terms: &[u32]) -> Vec<u32> {
        let numbers = |term: &u32| {
            let mut numbers: Vec<u32> = self
                .postings(*term)
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
    /// The part of the text that this passage is. `text` must be the text that was indexed.
    pub fn of<'a>(&self, text: &'a str) -> &'a str {
        let place = usize::try_from(self.start).ok().zip(usize::try_from(self.end).ok());
        place.and_then(|(start, end)| text.get(start..end)).unwrap_or_default()
    }
}

/// Numbers of texts, passages and bytes fit in 32 bits, as the memory of a WebAssembly module ends at 4 GiB.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn get<T>(items: &[T], number: u32) -> Option<&T> {
    usize::try_from(number).ok().and_then(|number| items.get(number))
}

fn get_mut<T>(items: &mut [T], number: u32) -> Option<&mut T> {
    usize::try_from(number).ok().and_then(|number| items.get_mut(number))
}

#[cfg(test)]
mod tests;
