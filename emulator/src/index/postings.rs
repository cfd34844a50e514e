//! Which passages have a term.

/// A passage that has a term, and how often.
#[derive(Clone, Copy, Debug)]
pub struct Posting {
    /// The number of the passage.
    pub passage: u32,
    /// How often the term is in it.
    pub times: u32,
}

/// The passages that have a term. Most terms are in one only.
#[derive(Clone, Debug)]
pub(super) enum Postings {
    One(Posting),
    Many(Vec<Posting>),
}

impl Postings {
    pub fn push(&mut self, posting: Posting) {
        match self {
            Postings::One(first) => *self = Postings::Many(vec![*first, posting]),
            Postings::Many(all) => all.push(posting),
        }
    }

    pub fn all(&self) -> &[Posting] {
        match self {
            Postings::One(first) => std::slice::from_ref(first),
            Postings::Many(all) => all,
        }
    }
}
