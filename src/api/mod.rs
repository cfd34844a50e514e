//! The API, one file per family of endpoints. An endpoint's wire form, rules, replay safety, method, types and docs
//! stand together; adding one touches one file. Source of all: the API contract.

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
