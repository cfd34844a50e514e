//! The API, one file per family of endpoints. An endpoint's wire form, rules, replay safety, method, types and docs
//! stand together; adding one touches one file. Source of all: the API contract.

mod collections;
mod documents;
mod health;
mod many;
mod receipts;
mod usage;
mod v1;
mod v2;
mod v3;
mod v5;
mod v6;

use crate::rules::{Kind, Span};

/// What kind of thing happened.
const EVENT_TYPE: Kind = Kind::OneOf(&["message", "tool_call", "app_event"]);
/// Who said it.
const EVENT_ROLE: Kind = Kind::OneOf(&["user", "assistant", "system", "tool"]);

/// Tokens that a context pack may take.
const TOKEN_BUDGET: Kind =
    Kind::Integer(&Span { least: 200.0, most: 8000.0, said: "a whole number of tokens from 200 to 8000" });
/// How many items a page holds.
const LIMIT: Kind =
    Kind::Integer(&Span { least: 1.0, most: 9_007_199_254_740_991.0, said: "a whole number, 1 or more" });
/// How many of something, or how many come before it.
const COUNT: Kind =
    Kind::Integer(&Span { least: 0.0, most: 9_007_199_254_740_991.0, said: "a whole number, 0 or more" });
