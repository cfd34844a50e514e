//! Words and passages of a text.

use crate::hash::{ByHash, FINGERPRINT, fingerprint, more_of};
use crate::json::MARK;
use rust_stemmers::{Algorithm, Stemmer};
use std::cell::RefCell;
use unicode_segmentation::UnicodeSegmentation;

/// A passage holds at most so many bytes: one fits the smallest token budget.
pub const PASSAGE_BYTES: usize = 480;
/// About how many bytes of UTF-8 make a token.
pub const BYTES_PER_TOKEN: usize = 4;
/// Longer texts are neither questions nor repetitions of a task.
const SHORT_BYTES: usize = 2000;

/// Words that say nothing of a text's subject, sorted.
const STOP_WORDS: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "is", "it", "its",
    "me", "my", "no", "not", "of", "on", "or", "our", "she", "should", "so", "than", "that", "the", "their", "them",
    "then", "there", "they", "this", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will",
    "with", "would", "you", "your",
];

/// About how many tokens a text has: one for four bytes, which errs little for English and on the safe side elsewhere.
pub fn tokens(text: &str) -> u64 {
    u64::try_from(text.len().div_ceil(BYTES_PER_TOKEN)).unwrap_or(u64::MAX)
}

/// Calls `with` for each term of the text: a hash of a folded word's stem, or of a character that is a word by itself.
pub fn each_term(text: &str, mut with: impl FnMut(u32)) {
    each(text, |_, term| term.into_iter().for_each(&mut with));
}

/// Calls `with` for each word of the text, with its fingerprint and its term; without that if it says nothing of a text's subject.
pub fn each(text: &str, mut with: impl FnMut(u64, Option<u32>)) {
    STEMS.with_borrow_mut(|stems| {
        each_word(text, |word| {
            let print = fingerprint(word.as_bytes());
            with(print, stems.term(word, print));
        });
    });
}

/// The words of a text that are among these terms, each once, in their order and as they were folded.
pub fn words_among(text: &str, terms: &[u32]) -> Vec<String> {
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

/// The different words of a text: those that count for a recall, and those that say nothing of a subject.
pub fn told_apart(text: &str) -> (Vec<String>, Vec<String>) {
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

/// The different terms of a text, sorted.
pub fn terms(text: &str) -> Vec<u32> {
    let mut terms = Vec::new();
    each_term(text, |term| terms.push(term));
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// A fingerprint of the words of a short text in their order: by it one text is known to repeat another, whatever its case and punctuation.
#[derive(Clone, Copy, Debug)]
pub struct Repeat {
    print: u64,
    words: usize,
}

impl Repeat {
    /// No word yet.
    pub fn new() -> Self {
        Repeat { print: FINGERPRINT, words: 0 }
    }

    /// One more word, by its fingerprint.
    pub fn add(&mut self, word: u64) {
        self.print = more_of(self.print, &word.to_le_bytes());
        self.words = self.words.saturating_add(1);
    }

    /// The fingerprint; 0 for a text that is long, or too short to be more than a name.
    pub fn of(self, text: &str) -> u64 {
        if self.words < 3 || text.len() > SHORT_BYTES { 0 } else { self.print }
    }
}

impl Default for Repeat {
    fn default() -> Self {
        Repeat::new()
    }
}

/// The fingerprint of a text's words.
pub fn words_of_short(text: &str) -> u64 {
    let mut repeat = Repeat::new();
    for (start, end) in passages(text) {
        each(text.get(start..end).unwrap_or_default(), |word, _| repeat.add(word));
    }
    repeat.of(text)
}

/// Whether a short text asks and states nothing: each of its sentences ends in a question mark.
pub fn is_question(text: &str) -> bool {
    let text = text.trim();
    if text.len() > SHORT_BYTES || !text.ends_with(is_question_mark) {
        return false;
    }
    let mut chars = text.chars().peekable();
    let (mut asked, mut said) = (false, false);
    while let Some(char) = chars.next() {
        let ends = matches!(char, '。' | '\n') || chars.peek().is_none_or(|next| next.is_whitespace());
        if is_question_mark(char) {
            (asked, said) = (true, false);
        } else if ends && said && matches!(char, '.' | '!' | '。' | '！' | '…' | '\n') {
            return false;
        } else {
            said = said || char.is_alphanumeric();
        }
    }
    asked && !said
}

fn is_question_mark(char: char) -> bool {
    matches!(char, '?' | '？' | '؟' | '⁇' | '⁈')
}

/// Calls `with` for each word, folded: a run of letters and digits, with the apostrophes and combining marks in it left out; or a character
/// that is a word by itself. Unicode's word boundaries (UAX #29) tell which marks belong to a word. What they keep together but a task
/// names apart, such as `example.com` and `user_id`, is several words here.
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
            if stands_alone(char) {
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

/// The terms of words that were met before: to stem a word takes longer than to look it up.
struct Stems {
    stemmer: Stemmer,
    /// By the fingerprint of the word.
    known: ByHash<u64, Option<u32>>,
}

/// How many words are kept at most.
const KNOWN_WORDS: usize = 50_000;

thread_local! {
    static STEMS: RefCell<Stems> =
        RefCell::new(Stems { stemmer: Stemmer::create(Algorithm::English), known: ByHash::default() });
}

impl Stems {
    /// The term of a word, unless it says nothing of a text's subject.
    fn term(&mut self, word: &str, print: u64) -> Option<u32> {
        if let Some(known) = self.known.get(&print) {
            return *known;
        }
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            // Numbers have no stems, and there are too many of them to be kept.
            return Some(hash(word));
        }
        let term = STOP_WORDS.binary_search(&word).is_err().then(|| hash(&self.stemmer.stem(word)));
        if self.known.len() >= KNOWN_WORDS {
            self.known.clear();
        }
        self.known.insert(print, term);
        term
    }
}

/// FNV-1a, 32 bits: a collision costs a little ranking and nothing else.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Scripts written without spaces, and emoji: a task finds them by single characters.
fn stands_alone(char: char) -> bool {
    matches!(u32::from(char), 0x0E00..=0x0EFF | 0x2190..=0x2BFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x1F000..=0x3FFFF)
}

/// Cuts a text into passages of at most [`PASSAGE_BYTES`], where it is best cut; as offsets of their bytes.
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
    // A carried surrogate is two characters that stay together.
    let marks = window.chars().rev().take_while(|char| *char == MARK).count();
    if marks % 2 == 1 { window.len().saturating_sub(MARK.len_utf8()) } else { window.len() }
}

#[cfg(test)]
mod tests;
