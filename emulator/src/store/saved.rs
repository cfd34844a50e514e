//! The saved form of a state and of changes to it, as it is read. `written` writes it. Fields that were added later are optional here.

use super::library::{Collection, Document};
use super::types::{Event, Recall, Receipt, Tombstone};
use super::usage::Entry;
use crate::hash::fingerprint;
use crate::time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

/// The value of `format`, by which a saved state is recognised.
pub(super) const FORMAT: &str = "claiv-emulator";
/// The version of the saved form.
pub(super) const VERSION: u64 = 1;

/// A whole state.
#[derive(Deserialize)]
pub(super) struct SavedState {
    pub format: String,
    pub version: u64,
    pub events: Vec<Event>,
    pub receipts: Vec<Receipt>,
    pub usage: Vec<Entry>,
    #[serde(default)]
    pub documents: Vec<Document>,
    #[serde(default)]
    pub collections: Vec<Collection>,
    #[serde(default)]
    pub tombstones: Vec<Tombstone>,
    #[serde(default)]
    pub recalls: Vec<Recall>,
}

/// A change.
#[allow(clippy::large_enum_variant, reason = "nearly all changes are events, and there are hundreds of thousands")]
pub(super) enum LoadedChange {
    Event(Event),
    Forget(Box<Receipt>),
    Tombstone(Box<Receipt>),
    Buried(Box<Tombstone>),
    Purge(i64),
    Document(Box<Document>),
    DocumentDeleted(String),
    Collection(Box<Collection>),
    CollectionDeleted(String),
    Recall(Box<Recall>),
    Feedback(String, Vec<String>),
    /// Usage to add to the counters, as earlier versions wrote it.
    Usage(Box<Entry>),
    /// The new values of counters.
    Counters(Box<Entry>),
    State(Box<SavedState>),
    Reset,
    Whole,
}

/// All fields that the line of a change can have. serde deserialises one struct straight from the text; an enum with a tag it would buffer.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    op: Cow<'a, str>,
    event: Option<Event>,
    receipt: Option<Box<Receipt>>,
    tombstone: Option<Box<Tombstone>>,
    #[serde(default, with = "time::iso_option")]
    now: Option<i64>,
    document: Option<Box<Document>>,
    document_id: Option<String>,
    collection: Option<Box<Collection>>,
    collection_id: Option<String>,
    recall: Option<Box<Recall>>,
    recall_id: Option<String>,
    fact_ids: Option<Vec<String>>,
    usage: Option<Box<Entry>>,
    state: Option<Box<SavedState>>,
}

impl LoadedChange {
    /// Parses the line of a change. `may_need_encoding` tells whether it may contain lone surrogates.
    pub fn of(line: &str, may_need_encoding: bool) -> Result<LoadedChange, String> {
        let line = if may_need_encoding { crate::json::encode_surrogates(line) } else { Cow::Borrowed(line) };
        let fields: Fields = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        Ok(match fields.op.as_ref() {
            "event" => LoadedChange::Event(required(fields.event, "event")?),
            "forget" => LoadedChange::Forget(required(fields.receipt, "receipt")?),
            "tombstone" => LoadedChange::Tombstone(required(fields.receipt, "receipt")?),
            "buried" => LoadedChange::Buried(required(fields.tombstone, "tombstone")?),
            "purge" => LoadedChange::Purge(required(fields.now, "now")?),
            "document" => LoadedChange::Document(required(fields.document, "document")?),
            "document_deleted" => LoadedChange::DocumentDeleted(required(fields.document_id, "document_id")?),
            "collection" => LoadedChange::Collection(required(fields.collection, "collection")?),
            "collection_deleted" => LoadedChange::CollectionDeleted(required(fields.collection_id, "collection_id")?),
            "recall" => LoadedChange::Recall(required(fields.recall, "recall")?),
            "feedback" => {
                LoadedChange::Feedback(required(fields.recall_id, "recall_id")?, required(fields.fact_ids, "fact_ids")?)
            }
            "usage" => LoadedChange::Usage(required(fields.usage, "usage")?),
            "counters" => LoadedChange::Counters(required(fields.usage, "usage")?),
            "state" => {
                let state = required(fields.state, "state")?;
                check_format(&state)?;
                LoadedChange::State(state)
            }
            "reset" => LoadedChange::Reset,
            "whole" => LoadedChange::Whole,
            other => return Err(format!("`{other}` is an unknown change")),
        })
    }
}

/// The field that a change must have.
fn required<T>(field: Option<T>, name: &str) -> Result<T, String> {
    field.ok_or_else(|| format!("it has no `{name}`"))
}

/// Checks the format, the version and that no event is there twice.
pub(super) fn check_format(state: &SavedState) -> Result<(), String> {
    if state.format != FORMAT {
        return Err("the text is no state of a claiv-emulator: `format` is missing".into());
    }
    if state.version != VERSION {
        return Err(format!("the state is of an unknown version; this emulator reads version {VERSION}"));
    }
    let mut seen = HashSet::with_capacity(state.events.len());
    match state.events.iter().find(|event| !seen.insert(fingerprint(event.event_id.as_bytes()))) {
        Some(event) => Err(format!("`events` has `{}` twice", event.event_id)),
        None => Ok(()),
    }
}

/// Why a text is not a saved state, with the path of the field that is wrong. Slow: called only after parsing has failed.
pub(super) fn describe_error(text: &str) -> String {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return format!("the state is not JSON: {error}"),
    };
    if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return "the text is no state of a claiv-emulator: `format` is missing".into();
    }
    if value.get("version").and_then(Value::as_u64) != Some(VERSION) {
        return format!("the state is of an unknown version; this emulator reads version {VERSION}");
    }
    match parse_with_path::<SavedState>(text) {
        Err((path, error)) => format!("`{path}` is broken: {error}"),
        Ok(_) => "the state cannot be read".into(),
    }
}

/// Parses JSON; an error comes with the path of the field.
fn parse_with_path<T: DeserializeOwned>(text: &str) -> Result<T, (String, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| (error.path().to_string(), error.inner().to_string()))
}
