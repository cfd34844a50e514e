//! The kinds of values, and how a message describes each.

use js_sys::Number;

use super::Field;
use crate::host::{Name, concat, join_names};

/// A kind of value.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A string with at least one character.
    Text,
    /// A string that names one segment of a path: as `Text`, and neither `.` nor `..`, which URLs resolve away.
    Id,
    /// An ISO 8601 time.
    Time,
    /// An ISO 8601 time that does not lie before the one in the named field.
    TimeFrom(Name),
    /// An ISO 8601 time, or a Unix timestamp as a finite number.
    TimeOrEpoch,
    /// A finite number.
    Number,
    /// A duration in milliseconds: finite and above zero.
    Millis,
    /// A whole number of at least 0.
    Count,
    /// A whole number of at least 1.
    Limit,
    /// The tokens that a context pack may take: 200 to 8000.
    TokenBudget,
    /// A whole number from 1 to 5.
    Rating,
    /// How many calls run at once: 1 to 1000.
    Concurrency,
    /// One of these strings.
    OneOf(&'static [Name]),
    /// A plain object.
    Record,
    /// A plain object with fields of these kinds.
    Group(&'static [Field]),
    /// An array of non-empty strings.
    Texts,
    /// True or false.
    Flag,
    /// A text of at least one character and at most 5 MB: a string, or what can be read as a stream.
    Content,
    /// A function.
    Function,
    /// An AbortSignal.
    Signal,
    /// Anything: the code that reads it checks it.
    Any,
}

/// The values of enumerations.
pub(crate) mod sets {
    use crate::host::Name;

    /// What kind of thing happened.
    pub(crate) const EVENT_TYPE: &[Name] = &[Name::Message, Name::ToolCall, Name::AppEvent];
    /// Who said it.
    pub(crate) const EVENT_ROLE: &[Name] = &[Name::User, Name::Assistant, Name::System, Name::Tool];
    /// How V2 recalls.
    pub(crate) const MODE: &[Name] =
        &[Name::State, Name::Delta, Name::Tasks, Name::Audit, Name::Compose, Name::Conversation];
    /// Which tasks V2 recalls.
    pub(crate) const TASK_STATUS: &[Name] = &[Name::Open, Name::Completed, Name::All];
    /// How long V3 keeps an event.
    pub(crate) const RETENTION: &[Name] = &[Name::Standard, Name::LegalHold, Name::Ephemeral];
    /// What V3 does about entities that may be the same.
    pub(crate) const RESOLUTION: &[Name] = &[Name::Merged, Name::Probabilistic, Name::Raw];
    /// How far a fact of V6 reaches.
    pub(crate) const SCOPE: &[Name] = &[Name::Global, Name::Project, Name::Conversation];
    /// A span of days, up to today.
    pub(crate) const RANGE: &[Name] = &[Name::Days7, Name::Days30, Name::Month, Name::Today];
}

impl Kind {
    /// What the value must be, as a message says it.
    #[inline(never)]
    pub(crate) fn expected(self) -> String {
        let text = match self {
            Kind::Text | Kind::Id => "a non-empty string",
            Kind::Content => "a non-empty string, a Blob or a ReadableStream",
            Kind::Time | Kind::TimeFrom(_) => "an ISO 8601 time such as 2026-01-31T12:00:00Z",
            Kind::TimeOrEpoch => "an ISO 8601 time or a Unix timestamp",
            Kind::Number => "a finite number",
            Kind::Millis => "a finite number of milliseconds above 0",
            Kind::Count => "a whole number, 0 or more",
            Kind::Limit => "a whole number, 1 or more",
            Kind::TokenBudget => "a whole number of tokens from 200 to 8000",
            Kind::Rating => "a whole number from 1 to 5",
            Kind::Concurrency => "a whole number from 1 to 1000",
            Kind::Record | Kind::Group(_) => "a plain object",
            Kind::Texts => "an array of non-empty strings",
            Kind::Flag => "true or false",
            Kind::Function => "a function",
            Kind::Signal => "an AbortSignal",
            Kind::Any => "",
            Kind::OneOf(members) => return concat(&["one of ", &join_names(members, "\"")]),
        };
        text.into()
    }

    /// The least and the most of a whole number.
    pub(crate) fn span(self) -> Option<(f64, f64)> {
        Some(match self {
            Kind::Count => (0.0, Number::MAX_SAFE_INTEGER),
            Kind::Limit => (1.0, Number::MAX_SAFE_INTEGER),
            Kind::TokenBudget => (200.0, 8000.0),
            Kind::Rating => (1.0, 5.0),
            Kind::Concurrency => (1.0, 1000.0),
            _ => return None,
        })
    }

    /// True for a point in time.
    pub(crate) fn is_time(self) -> bool {
        matches!(self, Kind::Time | Kind::TimeFrom(_) | Kind::TimeOrEpoch)
    }

    /// True where a message shows a wrong value, and not only its type: numbers, times and the values of enumerations.
    pub(crate) fn is_shown(self) -> bool {
        !matches!(
            self,
            Kind::Text
                | Kind::Id
                | Kind::Record
                | Kind::Group(_)
                | Kind::Texts
                | Kind::Flag
                | Kind::Content
                | Kind::Function
                | Kind::Signal
        )
    }
}
