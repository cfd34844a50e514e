//! What the service remembers: events, documents, receipts, tombstones, recalls and usage counters.
//!
//! [`Store`] holds all of it. The saved form, JSON text, is described by `written` (what is written) and `saved` (what is read).

mod documents;
mod expiry;
mod journal;
mod library;
mod memory;
mod persist;
mod recalls;
mod saved;
mod types;
mod usage;
mod user;
mod written;

pub use library::{Collection, Document, Member, Section};
pub use memory::Store;
pub use types::{
    CONVERSATION, Deleted, EPHEMERAL, EPHEMERAL_MS, Event, GRACE_MS, LEGAL_HOLD, PROJECT, Recall, Receipt, Scope,
    Stored, TodoState, Tombstone,
};
pub use usage::{Counters, Usage};
pub use user::User;
