#![allow(clippy::unwrap_used, clippy::string_slice)]
use super::*;

#[test]
fn stop_words_are_sorted() {
    assert!(STOP_WORDS.is_sorted());
}

#[test]
fn forms_of_a_word_have_the_same_term() {
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
fn questions_and_repetitions_are_recognised() {
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
    let same = word_sequence_of("Which seat do I like?");
    assert_eq!(word_sequence_of("which SEAT, do I like"), same);
    assert_ne!(word_sequence_of("which seat do you like"), same);
    assert_eq!(word_sequence_of("window seat"), 0);
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
            part.chars().filter(|char| *char == MARK).count() * 2 == part.chars().filter(|char| *char >= MARK).count()
        };
        assert!(cuts.iter().all(|(start, end)| marks(&text[*start..*end])));
    }
    assert_eq!(passages(&format!("{}\n\n{}", "p".repeat(300), "q".repeat(300))).first(), Some(&(0, 302)));
}
