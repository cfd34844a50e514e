//! What an endpoint of the inspector answers.

use super::Clock;
use serde::Serialize;
use serde_json::json;

/// A successful answer, as JSON text, and what it asks of the clock.
#[derive(Clone, Debug)]
pub struct Answer {
    pub text: String,
    pub clock: Option<Clock>,
}

impl Answer {
    /// An answer of this shape.
    pub fn of(body: &impl Serialize) -> Self {
        Answer { text: crate::json::write(body), clock: None }
    }

    /// That something was done.
    pub fn done() -> Self {
        Answer::of(&json!({ "done": true }))
    }
}
