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
mod tests {
    #![allow(clippy::unwrap_used, clippy::string_slice)]
    use super::*;

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn words_meet_their_forms() {
        for (one, other) in [
            ("prefers", "prefer"),
            ("Preferred", "PREFERS"),
            ("planning", "plan"),
            ("likes", "like"),
            ("liked", "liking"),
            ("don't", "dont"),
            ("O’Brien", "o'brien"),
            ("Straße", "straße"),
            ("ÉTÉ", "été"),
            ("boxes", "box"),
            ("allergies", "allergy"),
            ("नमस्ते", "नमस्ते"),
        ] {
            assert_eq!(terms(one), terms(other), "{one} {other}");
            assert_eq!(terms(one).len(), 1, "{one}");
        }
        for (one, other) in [("cat", "dog"), ("sing", "sin"), ("日", "本"), ("🧠", "🎉"), ("red", "r")] {
            assert_ne!(terms(one), terms(other), "{one} {other}");
        }
        assert_eq!(terms("日本語").len(), 3);
        assert_eq!(terms("example.com"), terms("com EXAMPLE"));
        assert_eq!(terms("user_id é"), terms("é id user"));
        assert_eq!(terms("What is the, and?"), Vec::<u32>::new());
        assert_eq!(terms("\u{10F7FF}\u{10F800} \0"), Vec::<u32>::new());
    }

    #[test]
    fn questions_and_repetitions_are_known() {
        for (text, asks) in [
            ("Which seat do I like?", true),
            (" Where? And when?? ", true),
            ("本当ですか？", true),
            ("I moved to Lisbon. Which cafés are good?", false),
            ("I like tea", false),
            ("Tea!\nReally?", false),
            ("Is it 3.5 km?", true),
            ("?", true),
            ("", false),
        ] {
            assert_eq!(is_question(text), asks, "{text}");
        }
        assert!(!is_question(&"why? ".repeat(500)));
        let same = words_of_short("Which seat do I like?");
        assert_eq!(words_of_short("which SEAT, do I like"), same);
        assert_ne!(words_of_short("which seat do you like"), same);
        assert_eq!(words_of_short("window seat"), 0);
    }

    #[test]
    fn passages_cover_the_text_and_fit() {
        let lone = "\u{10F7FF}\u{10F801}".repeat(500);
        for text in [
            "".to_string(),
            "short".into(),
            "x".repeat(10_000),
            "word ".repeat(5_000),
            "A sentence. ".repeat(900),
            "🧠".repeat(1_000),
            "שלום ".repeat(1_000),
            format!("a{lone}"),
            format!("{}\n\n{}", "p".repeat(300), "q".repeat(300)),
        ] {
            let cuts = passages(&text);
            let joined: String = cuts.iter().map(|(start, end)| &text[*start..*end]).collect();
            assert_eq!(joined, text);
            assert!(cuts.iter().all(|(start, end)| end - start <= PASSAGE_BYTES && end > start));
            let marks = |part: &str| {
                part.chars().filter(|char| *char == MARK).count() * 2
                    == part.chars().filter(|char| *char >= MARK).count()
            };
            assert!(cuts.iter().all(|(start, end)| marks(&text[*start..*end])));
        }
        assert_eq!(passages(&format!("{}\n\n{}", "p".repeat(300), "q".repeat(300))).first(), Some(&(0, 302)));
    }
}
