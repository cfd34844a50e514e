//! The rules of fields and options, and the checks against them.
//!
//! An endpoint lists its known fields as data ([`Field`]). Fields that it does not list are sent as they are, unless they look like a
//! mistake, so that fields which the service adds later can be sent today. All issues of a request are reported together.

mod check;
mod content;
mod issues;
mod kind;
mod unknown;

pub(crate) use check::{check_fields, check_value, read_field};
pub(crate) use content::{MAX_CONTENT_BYTES, TOO_LONG, check_content, is_source};
pub(crate) use issues::{FieldPath, Issue, Issues};
pub(crate) use kind::{Kind, sets};
pub(crate) use unknown::{Known, OtherVersion, check_unknown, closest_name};

use crate::host::Name;

/// Whether a field may be left out.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Presence {
    /// Must be given.
    Required,
    /// May be left out; `undefined` counts as left out.
    Optional,
    /// As `Optional`; a query has this value where it is left out.
    Default(&'static str),
    /// As `Optional`; may also be null.
    Nullable,
    /// Limits a deletion. May be left out, but a field that is there and undefined is an issue: a variable that happens to be undefined must
    /// not widen the deletion to everything.
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

    /// A field that limits a deletion; see [`Presence::Narrowing`].
    pub(crate) const fn narrowing(name: Name, kind: Kind) -> Field {
        Field { name, kind, presence: Presence::Narrowing }
    }

    /// A field of a query that is sent with this value where it is left out.
    pub(crate) const fn default(mut self, value: &'static str) -> Field {
        self.presence = Presence::Default(value);
        self
    }
}
