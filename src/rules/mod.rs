//! What a request must look like before it is sent: the rules of its fields, and the check itself.
//!
//! An endpoint lists its known fields as data ([`Field`]); fields it does not list pass untouched, so what
//! the server adds tomorrow can be sent today. All issues of a request are reported together.

mod check;
mod content;
mod issues;
mod kind;
mod unknown;

pub(crate) use check::{check_fields, check_value, read_field};
pub(crate) use content::{MOST_CONTENT_BYTES, TOO_LONG, check_content, is_source};
pub(crate) use issues::{FieldPath, Issue, Issues};
pub(crate) use kind::{Kind, sets};
pub(crate) use unknown::{Known, Sibling, check_unknown, listed, meant};

use crate::host::Name;

/// Whether a field may be left out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Presence {
    /// Must be given.
    Required,
    /// May be left out; `undefined` counts as left out.
    Optional,
    /// As `Optional`; a query carries this value then.
    Or(&'static str),
    /// As `Optional`, and null says that there is none.
    Nullable,
    /// May be left out, but `undefined` is an issue: it narrows what is deleted, and a variable that
    /// happens to be undefined must not widen a deletion to everything.
    Narrowing,
}

/// The rule of one field.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: Name,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
}

impl Field {
    /// A field that must be given.
    pub(crate) const fn required(name: Name, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Required }
    }

    /// A field that may be left out.
    pub(crate) const fn optional(name: Name, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Optional }
    }

    /// A field that may be left out or null.
    pub(crate) const fn nullable(name: Name, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Nullable }
    }

    /// A field that narrows a deletion; see [`Presence::Narrowing`].
    pub(crate) const fn narrowing(name: Name, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Narrowing }
    }

    /// A query field that is sent with `value` when it is left out.
    pub(crate) const fn or(mut self, value: &'static str) -> Field {
        self.presence = Presence::Or(value);
        self
    }
}
