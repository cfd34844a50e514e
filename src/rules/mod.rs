//! What a request must look like before it is sent: the rules' vocabulary, and the check itself.
//!
//! An endpoint lists its known fields as data ([`Field`]); fields it does not list pass untouched, so what
//! the server adds tomorrow can be sent today. All faults of a request are reported together.

mod check;
mod fault;

pub(crate) use check::{check_fields, check_value};
pub(crate) use fault::{Faults, one_line};

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
    /// A whole number from the first to the second, and how to say so.
    Integer(f64, f64, &'static str),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A plain object.
    Record,
    /// An array of non-empty strings.
    Texts,
}

/// Whether a field may be left out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Presence {
    /// Must be given.
    Required,
    /// May be left out; `undefined` counts as left out.
    Optional,
    /// May be left out, but `undefined` is a fault: it narrows what is deleted, and a variable that
    /// happens to be undefined must not widen a deletion to everything.
    Narrowing,
}

/// The rule of one field.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
    /// What a query carries when the field is left out.
    pub(crate) default: Option<&'static str>,
}

impl Field {
    /// A field that must be given.
    pub(crate) const fn required(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Required, default: None }
    }

    /// A field that may be left out.
    pub(crate) const fn optional(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Optional, default: None }
    }

    /// A field that narrows a deletion; see [`Presence::Narrowing`].
    pub(crate) const fn narrowing(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Narrowing, default: None }
    }

    /// A query field that is sent with `value` when it is left out.
    pub(crate) const fn or(mut self, value: &'static str) -> Field {
        self.default = Some(value);
        self
    }
}
