//! Posting lists: the passages that contain a term.

/// A passage that contains a term, and how often.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// The number of the passage.
    pub passage: u32,
    /// How often the term occurs in it.
    pub times: u32,
}

/// The passages that contain a term. Most terms occur in one passage only, for which no vector is allocated.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    One(Posting),
    Many(Vec<Posting>),
}

impl Postings {
    /// Adds a passage.
    pub fn push(&mut self, posting: Posting) {
        match self {
            Postings::One(first) => *self = Postings::Many(vec![*first, posting]),
            Postings::Many(all) => all.push(posting),
        }
    }

    /// All passages, in the order in which they were added.
    pub fn all(&self) -> &[Posting] {
        match self {
            Postings::One(first) => std::slice::from_ref(first),
            Postings::Many(all) => all,
        }
    }
}
