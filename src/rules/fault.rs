//! What is wrong with what the caller gave, and the sentences that say so.

use std::cell::Cell;

use super::Kind;
use crate::platform::host;
use crate::platform::names::Name;
use crate::platform::say::{Say, one_line, quoted};
use crate::platform::value::{Fields, List, Val};

/// Where something stands: the name of a field, after what stands before it in its path, such as `limits.`. They are joined only
/// where there is a fault.
#[derive(Clone, Copy)]
pub(crate) struct At(pub(crate) Val, pub(crate) Val);

impl At {
    /// A name on its own.
    pub(crate) fn name(name: Name) -> At {
        At(Name::Empty.js(), name.js())
    }

    /// The whole path.
    pub(crate) fn path(self) -> Say {
        Say::of(self.0).v(self.1)
    }
}

/// The faults found so far: the `issues` of the error that they may become. There is no list before the first.
#[derive(Default)]
pub(crate) struct Faults(Cell<List>, Cell<u32>);

impl Faults {
    /// How many.
    pub(crate) fn count(&self) -> u32 {
        self.1.get()
    }

    /// True while nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Notes that what stands there is wrong.
    #[inline(never)]
    pub(crate) fn say(&self, at: At, message: Say) {
        if self.is_empty() {
            self.0.set(List::empty());
        }
        self.1.set(self.count().wrapping_add(1));
        let fault = Fields::empty().with(Name::Path, at.path().end()).with(Name::Message, message.end());
        self.0.get().push(*fault);
    }

    /// Notes that what stands there is wrong.
    #[inline(never)]
    pub(crate) fn add(&self, at: At, message: &'static str) {
        self.say(at, Say::new(message));
    }

    /// Notes that a value is not what it should be. A value that could be content is told by its type only.
    #[inline(never)]
    pub(crate) fn wrong(&self, at: At, kind: Kind, value: Val) {
        let got = if kind.is_shown() { shown(value) } else { host::type_name(value) };
        self.say(at, Say::new("must be ").v(kind.expected()).s(" (got ").v(got).s(")"));
    }

    /// Notes that a value is not what is `expected`.
    #[inline(never)]
    pub(crate) fn not(&self, at: At, expected: &'static str, value: Val) {
        self.say(at, Say::new("must be ").s(expected).s(" (got ").v(host::type_name(value)).s(")"));
    }

    /// Notes that reading or encoding threw.
    #[inline(never)]
    pub(crate) fn threw(&self, at: At, doing: &'static str, error: Val) {
        self.say(at, Say::new("could not be ").s(doing).s(": ").v(one_line(error)));
    }

    /// All faults in one sentence, after what they mean.
    pub(crate) fn sentence(&self, what: &'static str) -> Val {
        let mut say = Say::new(what);
        let mut before = ": ";
        for issue in self.0.get().iter() {
            say = say.s(before).v(host::field(issue, Name::Path)).s(" ").v(host::field(issue, Name::Message));
            before = "; ";
        }
        say.s(".").end()
    }

    /// The faults as the caller gets them: `{path, message}` each.
    pub(crate) fn issues(&self) -> Val {
        *self.0.get()
    }
}

/// Numbers and the beginnings of strings as they are, the rest by type.
fn shown(value: Val) -> Val {
    if value.is_string() {
        return quoted(value);
    }
    let is_plain = value.is_type(Name::Number) || value.is_type(Name::Boolean);
    if is_plain && let Ok(text) = host::to_text(value) {
        return text;
    }
    host::type_name(value)
}
