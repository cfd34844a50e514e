//! Splits texts into words, terms and passages, and estimates tokens.
//!
//! A term is a 32-bit hash of the stem of a word; stop words have none.

use crate::hash::{FNV_OFFSET_BASIS, HashKeyed, extend_fingerprint, fingerprint};
use crate::json::MARK;
use rust_stemmers::{Algorithm, Stemmer};
use std::cell::RefCell;
use unicode_segmentation::UnicodeSegmentation;

/// The longest passage, in bytes of UTF-8. One fits into the smallest token budget (200 tokens).
pub const PASSAGE_BYTES: usize = 480;
/// How many bytes of UTF-8 are counted as one token.
pub const BYTES_PER_TOKEN: usize = 4;
/// The longest text, in bytes, that is examined for being a question or a repeated task.
const SHORT_BYTES: usize = 2000;

/// Stop words: too common to tell what a text is about. Sorted, for binary search.
const STOP_WORDS: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "is", "it", "its",
    "me", "my", "no", "not", "of", "on", "or", "our", "she", "should", "so", "than", "that", "the", "their", "them",
    "then", "there", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will",
    "with", "would", "you", "your",
];

/// The estimated number of tokens of a text: one for each four bytes of UTF-8, rounded up. Close for English, too high for most other
/// languages.
pub fn tokens(text: &str) -> u64 {
    u64::try_from(text.len().div_ceil(BYTES_PER_TOKEN)).unwrap_or(u64::MAX)
}

/// Calls `with` for each term of the text, repeated ones included.
pub fn each_term(text: &str, mut with: impl FnMut(u32)) {
    each_word_and_term(text, |_, term| term.into_iter().for_each(&mut with));
}

/// Calls `with` for each word of the text, with the fingerprint of the word and its term; `None` for a stop word.
pub fn each_word_and_term(text: &str, mut with: impl FnMut(u64, Option<u32>)) {
    STEMS.with_borrow_mut(|stems| {
        each_word(text, |word| {
            let print = fingerprint(word.as_bytes());
            with(print, stems.term(word, print));
        });
    });
}

/// The words of a text whose terms are among these, each once, in the order of the text and in lower case.
pub fn matching_words(text: &str, terms: &[u32]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    STEMS.with_borrow_mut(|stems| {
        each_word(text, |word| {
            let term = stems.term(word, fingerprint(word.as_bytes()));
            if term.is_some_and(|term| terms.contains(&term)) && !found.iter().any(|known| known == word) {
                found.push(word.into());
            }
        });
    });
    found
}

/// The distinct words of a text, in lower case: those that a search uses, and the stop words.
pub fn split_stop_words(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut counted, mut ignored) = (Vec::new(), Vec::new());
    STEMS.with_borrow_mut(|stems| {
        each_word(text, |word| {
            let counts = stems.term(word, fingerprint(word.as_bytes())).is_some();
            let words: &mut Vec<String> = if counts { &mut counted } else { &mut ignored };
            if !words.iter().any(|known| known == word) {
                words.push(word.into());
            }
        });
    });
    (counted, ignored)
}

/// The distinct terms of a text, sorted.
pub fn terms(text: &str) -> Vec<u32> {
    let mut terms = Vec::new();
    each_term(text, |term| terms.push(term));
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Computes a fingerprint of the words of a short text in their order. Two texts with the same one have the same words, whatever their
/// case and punctuation.
#[derive(Clone, Copy, Debug)]
pub struct WordSequence {
    print: u64,
    words: usize,
}

impl WordSequence {
    /// The fingerprint of no words.
    pub fn new() -> Self {
        WordSequence { print: FNV_OFFSET_BASIS, words: 0 }
    }

    /// Appends a word, given by its fingerprint.
    pub fn add(&mut self, word: u64) {
        self.print = extend_fingerprint(self.print, &word.to_le_bytes());
        self.words = self.words.saturating_add(1);
    }

    /// The fingerprint of the words that were appended; 0 where `text`, which consists of them, has fewer than three words or more than
    /// 2000 bytes.
    pub fn fingerprint_for(self, text: &str) -> u64 {
        if self.words < 3 || text.len() > SHORT_BYTES { 0 } else { self.print }
    }
}

impl Default for WordSequence {
    fn default() -> Self {
        WordSequence::new()
    }
}

/// The [`WordSequence`] fingerprint of a text.
pub fn word_sequence_of(text: &str) -> u64 {
    let mut sequence = WordSequence::new();
    for (start, end) in passages(text) {
        each_word_and_term(text.get(start..end).unwrap_or_default(), |word, _| sequence.add(word));
    }
    sequence.fingerprint_for(text)
}

/// Whether a text consists of questions only: it has at most 2000 bytes and each of its sentences ends in a question mark.
pub fn is_question(text: &str) -> bool {
    let text = text.trim();
    if text.len() > SHORT_BYTES || !text.ends_with(is_question_mark) {
        return false;
    }
    let mut chars = text.chars().peekable();
    let (mut asked, mut stated) = (false, false);
    while let Some(char) = chars.next() {
        let ends = matches!(char, '。' | '\n') || chars.peek().is_none_or(|next| next.is_whitespace());
        if is_question_mark(char) {
            (asked, stated) = (true, false);
        } else if ends && stated && matches!(char, '.' | '!' | '。' | '！' | '…' | '\n') {
            return false;
        } else {
            stated = stated || char.is_alphanumeric();
        }
    }
    asked && !stated
}

fn is_question_mark(char: char) -> bool {
    matches!(char, '?' | '？' | '؟' | '⁇' | '⁈')
}

/// Calls `with` for each word in lower case: a run of letters and digits without the apostrophes and combining marks in it, or a character
/// that is a word by itself. Unicode's word boundaries (UAX #29) decide which marks belong to a word. What they keep together but a task
/// may name in part, such as `example.com` and `user_id`, is split into several words here.
fn each_word(text: &str, mut with: impl FnMut(&str)) {
    let mut word = String::new();
    if text.is_ascii() {
        for run in text.split(|char: char| !(char.is_ascii_alphanumeric() || char == '\'')) {
            word.extend(run.chars().filter(|char| *char != '\'').map(|char| char.to_ascii_lowercase()));
            end_word(&mut word, &mut with);
        }
        return;
    }
    for run in text.split_word_bounds() {
        for char in run.chars() {
            if is_word_by_itself(char) {
                end_word(&mut word, &mut with);
                let mut buffer = [0; 4];
                with(char.encode_utf8(&mut buffer));
            } else if char.is_alphanumeric() {
                word.extend(char.to_lowercase());
            } else if char.is_ascii() && char != '\'' {
                end_word(&mut word, &mut with);
            }
        }
        end_word(&mut word, &mut with);
    }
}

fn end_word(word: &mut String, with: &mut impl FnMut(&str)) {
    if !word.is_empty() {
        with(word);
    }
    word.clear();
}

/// A stemmer with a cache: looking a word up is faster than stemming it.
struct Stems {
    stemmer: Stemmer,
    /// The term of each word, by the fingerprint of the word; `None` for a stop word.
    cache: HashKeyed<u64, Option<u32>>,
}

/// The cache is emptied once it holds so many words.
const MAX_CACHED_WORDS: usize = 50_000;

thread_local! {
    static STEMS: RefCell<Stems> =
        RefCell::new(Stems { stemmer: Stemmer::create(Algorithm::English), cache: HashKeyed::default() });
}

impl Stems {
    /// The term of a word in lower case; `None` for a stop word.
    fn term(&mut self, word: &str, print: u64) -> Option<u32> {
        if let Some(known) = self.cache.get(&print) {
            return *known;
        }
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            // Numbers have no stems, and there are too many different ones for the cache.
            return Some(hash(word));
        }
        let term = STOP_WORDS.binary_search(&word).is_err().then(|| hash(&self.stemmer.stem(word)));
        if self.cache.len() >= MAX_CACHED_WORDS {
            self.cache.clear();
        }
        self.cache.insert(print, term);
        term
    }
}

/// 32-bit FNV-1a. A collision of two terms makes the ranking slightly worse and has no other effect.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Whether a character is a word by itself: those of scripts that are written without spaces, symbols and emoji.
fn is_word_by_itself(char: char) -> bool {
    matches!(u32::from(char), 0x0E00..=0x0EFF | 0x2190..=0x2BFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x1F000..=0x3FFFF)
}

/// Cuts a text into passages of at most [`PASSAGE_BYTES`] and returns the start and the end of each, in bytes. Prefers to cut after a
/// paragraph, a line, a sentence or a word, in this order.
pub fn passages(text: &str) -> Vec<(usize, usize)> {
    let mut passages = Vec::new();
    let mut start = 0_usize;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let end = start.saturating_add(passage_len(rest));
        passages.push((start, end));
        start = end;
    }
    passages
}

/// The length of the first passage of a text, in bytes.
fn passage_len(rest: &str) -> usize {
    if rest.len() <= PASSAGE_BYTES {
        return rest.len();
    }
    let window = rest.get(..rest.floor_char_boundary(PASSAGE_BYTES)).unwrap_or(rest);
    for seam in ["\n\n", "\n", ". ", "? ", "! ", "。", " "] {
        let cut = window.rfind(seam).map(|at| at.saturating_add(seam.len()));
        if let Some(cut) = cut.filter(|cut| *cut > PASSAGE_BYTES / 2) {
            return cut;
        }
    }
    // A lone surrogate is represented by `MARK` and one more character (see `json`), which must not be separated.
    let marks = window.chars().rev().take_while(|char| *char == MARK).count();
    if marks % 2 == 1 { window.len().saturating_sub(MARK.len_utf8()) } else { window.len() }
}

#[cfg(test)]
mod tests;
