use super::*;

fn index(texts: &[&str]) -> Index {
    let mut index = Index::default();
    for (seq, text) in texts.iter().enumerate() {
        index.add(text, Attributes { seq: u64::try_from(seq).unwrap_or_default(), ..Attributes::default() });
    }
    index
}

#[test]
fn removed_texts_are_not_counted() {
    let mut index = index(&["tea milk", "tea tea", "tea milk"]);
    assert_eq!((index.passage_count(), index.term_count(), index.has_no_removals()), (3, 6, true));
    let content = fingerprint(b"tea milk");
    assert_eq!(index.count_of_content(content), 2);
    index.remove(0);
    index.remove(0);
    assert_eq!((index.passage_count(), index.term_count(), index.count_of_content(content)), (2, 4, 1));
    assert!(index.source(0).is_none() && index.source(1).is_some() && index.source(9).is_none());
}

#[test]
fn texts_are_found_that_contain_all_terms() {
    let index = index(&["green tea", "green", "tea is green", ""]);
    let find = |words: &str| index.texts_with_all(&text::terms(words));
    assert_eq!(find("green tea"), [0, 2]);
    assert_eq!(find("green"), [0, 1, 2]);
    assert_eq!(find("green coffee"), Vec::<u32>::new());
    assert_eq!(find(""), Vec::<u32>::new());
}

#[test]
fn an_index_is_sparse_once_more_than_half_is_removed() {
    let mut index = index(&["x"; 40]);
    for number in 0..20 {
        index.remove(number);
    }
    assert!(!index.is_sparse());
    index.remove(20);
    assert!(index.is_sparse());
}
