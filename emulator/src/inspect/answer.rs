//! The answers of the inspector's API.

use serde::Serialize;
use serde_json::json;

/// A change of the clock that a request asks for. The clock belongs to the caller.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clock {
    /// Forward by this many milliseconds; back if negative.
    Advance(f64),
    /// To this time, in milliseconds since 1970.
    Set(i64),
    /// Back to the clock of the options.
    Reset,
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// JSON text.
    pub text: String,
    /// How the clock must be changed, if at all.
    pub clock: Option<Clock>,
}

impl Answer {
    /// An answer with this body.
    pub fn of(body: &impl Serialize) -> Self {
        Answer { text: crate::json::write(body), clock: None }
    }

    /// `{"done":true}`.
    pub fn done() -> Self {
        Answer::of(&json!({ "done": true }))
    }
}
