//! What a request must look like before it is sent: the rules' vocabulary, and the check itself.
//!
//! An endpoint lists its known fields as data ([`Field`]); fields it does not list pass untouched, so what
//! the server adds tomorrow can be sent today. All faults of a request are reported together.

mod check;
mod fault;

pub(crate) use check::{check_content, check_fields, check_value};
pub(crate) use fault::{Faults, one_line};

/// The most bytes of UTF-8 that the text of a document may take.
pub(crate) const MOST_CONTENT: usize = 5 * 1024 * 1024;
/// What is said of one that takes more.
pub(crate) const TOO_LONG: &str = "must not be longer than 5 MB (5242880 bytes of UTF-8)";

/// What a value must be.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A string with at least one character.
    Text,
    /// A string that names one segment of a path: as `Text`, and neither `.` nor `..`, which URLs resolve away.
    Id,
    /// An ISO 8601 time.
    Time,
    /// An ISO 8601 time that does not lie before the one in the named field.
    TimeFrom(&'static str),
    /// A finite number.
    Number,
    /// A duration in milliseconds: finite and above zero.
    Millis,
    /// A whole number within a span. By reference: a field is small then, and there are many.
    Integer(&'static Span),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A plain object.
    Record,
    /// An array of non-empty strings.
    Texts,
    /// True or false.
    Flag,
    /// An ISO 8601 time, or a Unix timestamp as a finite number.
    TimeOrEpoch,
    /// A text of at least one character and at most [`MOST_CONTENT`] bytes: a string, or what can be read as a stream.
    Content,
    /// A plain object with these fields.
    Group(&'static [Field]),
}

/// A span of whole numbers.
pub(crate) struct Span {
    pub(crate) least: f64,
    pub(crate) most: f64,
    /// How to say so.
    pub(crate) said: &'static str,
}

/// Whether a field may be left out.
#[derive(Clone, Copy)]
pub(crate) enum Presence {
    /// Must be given.
    Required,
    /// May be left out; `undefined` counts as left out.
    Optional,
    /// As `Optional`; a query carries this value then.
    Or(&'static str),
    /// As `Optional`, and null says that there is none.
    Nullable,
    /// May be left out, but `undefined` is a fault: it narrows what is deleted, and a variable that
    /// happens to be undefined must not widen a deletion to everything.
    Narrowing,
}

/// The rule of one field.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
}

impl Field {
    /// A field that must be given.
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Required }
    }

    /// A field that may be left out.
    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Optional }
    }

    /// A field that may be left out or null.
    pub(crate) const fn nullable(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Nullable }
    }

    /// A field that narrows a deletion; see [`Presence::Narrowing`].
    pub(crate) const fn narrowing(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Narrowing }
    }

    /// A query field that is sent with `value` when it is left out.
    pub(crate) const fn or(mut self, value: &'static str) -> Field {
        self.presence = Presence::Or(value);
        self
    }
}
