//! States and changes, as they are read.

use super::usage::Entry;
use super::{Collection, Document, Event, Recall, Receipt, Tombstone};
use crate::hash::fingerprint;
use crate::time;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

pub(super) const FORMAT: &str = "claiv-emulator";
pub(super) const VERSION: u64 = 1;

/// A whole state, as it is read.
#[derive(Deserialize)]
pub(super) struct Saved {
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

/// A change, as it is read.
#[allow(clippy::large_enum_variant, reason = "nearly all changes are events, and there are hundreds of thousands")]
pub(super) enum Read {
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
    /// Counters to add: earlier versions wrote them so.
    Usage(Box<Entry>),
    /// Counters as they are.
    Counters(Box<Entry>),
    State(Box<Saved>),
    Reset,
    Whole,
}

/// All that a line can hold. One struct for all changes is read straight from the text, which an enum with a tag is not.
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
    state: Option<Box<Saved>>,
}

impl Read {
    pub fn of(line: &str, carried: bool) -> Result<Read, String> {
        let line = if carried { crate::json::carry(line) } else { Cow::Borrowed(line) };
        let fields: Fields = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        Ok(match fields.op.as_ref() {
            "event" => Read::Event(need(fields.event, "event")?),
            "forget" => Read::Forget(need(fields.receipt, "receipt")?),
            "tombstone" => Read::Tombstone(need(fields.receipt, "receipt")?),
            "buried" => Read::Buried(need(fields.tombstone, "tombstone")?),
            "purge" => Read::Purge(need(fields.now, "now")?),
            "document" => Read::Document(need(fields.document, "document")?),
            "document_deleted" => Read::DocumentDeleted(need(fields.document_id, "document_id")?),
            "collection" => Read::Collection(need(fields.collection, "collection")?),
            "collection_deleted" => Read::CollectionDeleted(need(fields.collection_id, "collection_id")?),
            "recall" => Read::Recall(need(fields.recall, "recall")?),
            "feedback" => Read::Feedback(need(fields.recall_id, "recall_id")?, need(fields.fact_ids, "fact_ids")?),
            "usage" => Read::Usage(need(fields.usage, "usage")?),
            "counters" => Read::Counters(need(fields.usage, "usage")?),
            "state" => {
                let state = need(fields.state, "state")?;
                check(&state)?;
                Read::State(state)
            }
            "reset" => Read::Reset,
            "whole" => Read::Whole,
            other => return Err(format!("`{other}` is an unknown change")),
        })
    }
}

fn need<T>(field: Option<T>, name: &str) -> Result<T, String> {
    field.ok_or_else(|| format!("it has no `{name}`"))
}

/// What makes a state one of this emulator that can be read.
pub(super) fn check(state: &Saved) -> Result<(), String> {
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

/// Why a text is no state, told with the place in it.
pub(super) fn fault(text: &str) -> String {
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
    match located::<Saved>(text) {
        Err((path, error)) => format!("`{path}` is broken: {error}"),
        Ok(_) => "the state cannot be read".into(),
    }
}

fn located<T: DeserializeOwned>(text: &str) -> Result<T, (String, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| (error.path().to_string(), error.inner().to_string()))
}
