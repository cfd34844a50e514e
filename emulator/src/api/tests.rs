#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod documents;
mod memory;
mod rules;
mod usage;
mod v2;
mod v3;
mod v6;
