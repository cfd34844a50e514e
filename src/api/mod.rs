//! The API, one file per family of endpoints. An endpoint's wire form, rules, replay safety, method, types and docs
//! stand together. Source of all: `docs/api-contract.md`. CONTRIBUTING.md has a recipe for adding one.

mod check;
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
