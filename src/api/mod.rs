//! The API, one file per family of endpoints. An endpoint's wire form, rules, replay safety, method, types and docs
//! stand together; adding one touches one file. Source of all: the API contract.

mod health;
mod many;
mod receipts;
mod usage;
mod v1;
mod v2;

use crate::rules::Kind;

/// Tokens that a context pack may take.
const TOKEN_BUDGET: Kind = Kind::Integer(200.0, 8000.0, "a whole number of tokens from 200 to 8000");
/// How many items a page holds.
const LIMIT: Kind = Kind::Integer(1.0, 9_007_199_254_740_991.0, "a whole number, 1 or more");
/// How many items come before a page.
const OFFSET: Kind = Kind::Integer(0.0, 9_007_199_254_740_991.0, "a whole number, 0 or more");
