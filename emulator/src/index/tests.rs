use super::*;

fn index(texts: &[&str]) -> Index {
    let mut index = Index::default();
    for (seq, text) in texts.iter().enumerate() {
        index.add(text, Label { seq: u64::try_from(seq).unwrap_or_default(), ..Label::default() });
    }
    index
}

#[test]
fn what_was_added_is_counted_and_what_was_taken_out_is_not() {
    let mut index = index(&["tea milk", "tea tea", "tea milk"]);
    assert_eq!((index.len(), index.length(), index.is_whole()), (3, 6, true));
    let content = fingerprint(b"tea milk");
    assert_eq!(index.told(content), 2);
    index.remove(0);
    index.remove(0);
    assert_eq!((index.len(), index.length(), index.told(content)), (2, 4, 1));
    assert!(index.source(0).is_none() && index.source(1).is_some() && index.source(9).is_none());
}

#[test]
fn texts_are_found_by_all_their_terms() {
    let index = index(&["green tea", "green", "tea is green", ""]);
    let find = |words: &str| index.having_all(&text::terms(words));
    assert_eq!(find("green tea"), [0, 2]);
    assert_eq!(find("green"), [0, 1, 2]);
    assert_eq!(find("green coffee"), Vec::<u32>::new());
    assert_eq!(find(""), Vec::<u32>::new());
}

#[test]
fn it_is_sparse_once_most_is_gone() {
    let mut index = index(&["x"; 40]);
    for number in 0..20 {
        index.remove(number);
    }
    assert!(!index.is_sparse());
    index.remove(20);
    assert!(index.is_sparse());
}
