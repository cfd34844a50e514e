//! Words and passages of a text.

use crate::json::MARK;

/// A passage holds at most so many bytes: one fits the smallest token budget.
pub const PASSAGE_BYTES: usize = 480;

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
    u64::try_from(text.len().div_ceil(4)).unwrap_or(u64::MAX)
}

/// Calls `with` for each term of the text: a hash of a folded word without its ending, or of a character that is a word by itself.
pub fn each_term(text: &str, mut with: impl FnMut(u32)) {
    let mut word = String::new();
    for char in text.chars() {
        if stands_alone(char) {
            end_word(&mut word, &mut with);
            let mut buffer = [0; 4];
            with(hash(char.encode_utf8(&mut buffer)));
        } else if char.is_alphanumeric() {
            word.extend(char.to_lowercase());
        } else if !(matches!(char, '\'' | '’') || is_mark(char)) {
            end_word(&mut word, &mut with);
        }
    }
    end_word(&mut word, &mut with);
}

/// The different terms of a text, sorted.
pub fn terms(text: &str) -> Vec<u32> {
    let mut terms = Vec::new();
    each_term(text, |term| terms.push(term));
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn end_word(word: &mut String, with: &mut impl FnMut(u32)) {
    if !word.is_empty() && STOP_WORDS.binary_search(&word.as_str()).is_err() {
        with(hash(stem(word)));
    }
    word.clear();
}

/// Takes common English endings off, so that "prefers" finds "preferred".
fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.is_ascii() {
        return word;
    }
    let cut = ["ing", "ed", "es", "s", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3));
    let stem = cut.unwrap_or(word);
    let mut ends = stem.chars().rev();
    match (ends.next(), ends.next()) {
        // "planned" and "plan"
        (Some(last), Some(before)) if cut.is_some() && last == before && stem.len() > 3 => {
            stem.get(..stem.len().saturating_sub(1)).unwrap_or(stem)
        }
        _ => stem,
    }
}

/// FNV-1a, 32 bits: a collision costs a little ranking and nothing else.
fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Scripts written without spaces, and emoji.
fn stands_alone(char: char) -> bool {
    matches!(u32::from(char), 0x0E00..=0x0EFF | 0x2190..=0x2BFF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x1F000..=0x3FFFF)
}

/// Marks that combine with the letter before them.
fn is_mark(char: char) -> bool {
    matches!(u32::from(char), 0x0300..=0x036F | 0x0591..=0x05C7 | 0x064B..=0x065F | 0x200B..=0x200D | 0xFE00..=0xFE0F)
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
        ] {
            assert_eq!(terms(one), terms(other), "{one} {other}");
            assert_eq!(terms(one).len(), 1, "{one}");
        }
        for (one, other) in [("cat", "dog"), ("sing", "sin"), ("日", "本"), ("🧠", "🎉"), ("red", "r")] {
            assert_ne!(terms(one), terms(other), "{one} {other}");
        }
        assert_eq!(terms("日本語").len(), 3);
        assert_eq!(terms("What is the, and?"), Vec::<u32>::new());
        assert_eq!(terms("\u{10F7FF}\u{10F800} \0"), Vec::<u32>::new());
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
