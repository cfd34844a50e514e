//! The state as text: whole, or change by change.

use super::{Counters, Event, Recall, Receipt, Store, Tombstone, usage};
use crate::time;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const FORMAT: &str = "claiv-emulator";
const VERSION: u64 = 1;

impl Store {
    /// The whole state as one line of JSON.
    pub fn export(&self) -> String {
        crate::json::to_text(&self.state())
    }

    fn state(&self) -> Value {
        let mut events: Vec<_> = self.users.values().flat_map(|user| &user.events).collect();
        events.sort_by_key(|stored| stored.seq);
        let events: Vec<&Event> = events.into_iter().map(|stored| &stored.event).collect();
        let usage: Vec<Value> = self
            .usage
            .entries(i64::MIN, i64::MAX)
            .map(|(day, endpoint, counters)| usage::entry(day, endpoint, counters))
            .collect();
        let mut state = json!({ "format": FORMAT, "version": VERSION, "events": events, "receipts": self.receipts, "usage": usage });
        // Later additions are written where there are any, and need not be there.
        let added = [
            ("documents", json!(self.documents)),
            ("collections", json!(self.collections)),
            ("tombstones", json!(self.tombstones)),
            ("recalls", json!(self.recalls)),
        ];
        if let Some(state) = state.as_object_mut() {
            let some = |(_, list): &(&str, Value)| list.as_array().is_some_and(|list| !list.is_empty());
            state.extend(added.into_iter().filter(some).map(|(name, list)| (name.to_string(), list)));
        }
        state
    }

    /// Replaces the state by an exported one; a text that is none changes nothing.
    pub fn import(&mut self, text: &str) -> Result<(), String> {
        let state = crate::json::parse(text).map_err(|error| format!("the state is not JSON: {error}"))?;
        self.import_value(state)
    }

    fn import_value(&mut self, mut state: Value) -> Result<(), String> {
        if state.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err("the text is no state of a claiv-emulator: `format` is missing".into());
        }
        if state.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(format!("the state is of an unknown version; this emulator reads version {VERSION}"));
        }
        let mut fresh = Store::new(self.ids.clone(), false);
        let mut seen = std::collections::HashSet::new();
        for event in list::<Event>(&mut state, "events")? {
            if !seen.insert(event.event_id.clone()) {
                return Err(format!("`events` has `{}` twice", event.event_id));
            }
            fresh.add_event(event);
        }
        fresh.receipts = list(&mut state, "receipts")?;
        for document in added(&mut state, "documents")? {
            fresh.put_document(document);
        }
        for collection in added(&mut state, "collections")? {
            fresh.put_collection(collection);
        }
        for Tombstone { grace_expires_at, event } in added(&mut state, "tombstones")? {
            fresh.expires = fresh.expires.min(grace_expires_at);
            fresh.tombstones.push(Tombstone { grace_expires_at, event });
        }
        fresh.recalls = added::<Recall>(&mut state, "recalls")?.into();
        for (at, entry) in list::<Value>(&mut state, "usage")?.into_iter().enumerate() {
            fresh.add_usage(entry).map_err(|error| format!("`usage[{at}]` {error}"))?;
        }
        fresh.changes = self.changes.take();
        *self = fresh;
        if self.changes.is_some() {
            let state = self.state();
            self.note(|| json!({ "op": "state", "state": state }));
        }
        Ok(())
    }

    fn add_usage(&mut self, mut entry: Value) -> Result<(), String> {
        let day = entry.get("day").and_then(Value::as_str).and_then(time::parse_date).ok_or("has no `day`")?;
        let counters: Counters = part(&mut entry, "counters")?;
        let endpoint = entry.get("endpoint").and_then(Value::as_str).ok_or("has no `endpoint`")?;
        self.usage.add(day, endpoint, &counters);
        Ok(())
    }

    /// The changes since they were last taken: lines of JSON, each with its line feed.
    pub fn take_changes(&mut self) -> String {
        let changes = self.changes.as_mut().map(std::mem::take).unwrap_or_default();
        changes.iter().fold(String::new(), |mut lines, change| {
            lines.push_str(&crate::json::to_text(change));
            lines.push('\n');
            lines
        })
    }

    /// Applies changes taken before, in their order. What follows the last line feed was cut off while it was written and is ignored;
    /// any other broken line is an error, and then nothing is applied.
    pub fn apply_changes(&mut self, text: &str) -> Result<u64, String> {
        let complete = text.rfind('\n').and_then(|at| text.get(..at)).unwrap_or_default();
        let mut fresh = self.clone();
        fresh.changes = None;
        let mut applied = 0_u64;
        for (at, line) in complete.split('\n').enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let change = crate::json::parse(line).and_then(|change| fresh.apply(change));
            change
                .map_err(|error| format!("line {} of the changes cannot be applied: {error}", at.saturating_add(1)))?;
            applied = applied.saturating_add(1);
        }
        fresh.changes = self.changes.take();
        *self = fresh;
        Ok(applied)
    }

    fn apply(&mut self, mut change: Value) -> Result<(), String> {
        match change.get("op").and_then(Value::as_str).unwrap_or_default() {
            "event" => {
                let event = part(&mut change, "event")?;
                self.add_event(event);
            }
            "forget" => {
                let receipt: Receipt = part(&mut change, "receipt")?;
                self.delete(&receipt.scope);
                self.receipts.push(receipt);
            }
            "tombstone" => {
                let receipt: Receipt = part(&mut change, "receipt")?;
                self.bury(&receipt.scope, receipt.completed_at);
                self.receipts.push(receipt);
            }
            "purge" => {
                let now = change.get("now").and_then(Value::as_str).and_then(time::parse).ok_or("it has no `now`")?;
                self.expire(now);
            }
            "document" => {
                let document = part(&mut change, "document")?;
                self.put_document(document);
            }
            "document_deleted" => {
                self.delete_document(&part::<String>(&mut change, "document_id")?);
            }
            "collection" => {
                let collection = part(&mut change, "collection")?;
                self.put_collection(collection);
            }
            "collection_deleted" => self.delete_collection(&part::<String>(&mut change, "collection_id")?),
            "recall" => {
                let recall = part(&mut change, "recall")?;
                self.add_recall(recall);
            }
            "feedback" => {
                let (recall_id, fact_ids): (String, Vec<String>) =
                    (part(&mut change, "recall_id")?, part(&mut change, "fact_ids")?);
                self.add_feedback(&recall_id, &fact_ids);
            }
            "usage" => self.add_usage(change.get_mut("usage").map(Value::take).unwrap_or_default())?,
            "state" => self.import_value(change.get_mut("state").map(Value::take).unwrap_or_default())?,
            "reset" => self.clear(),
            other => return Err(format!("`{other}` is an unknown change")),
        }
        Ok(())
    }
}

fn part<T: DeserializeOwned>(from: &mut Value, name: &str) -> Result<T, String> {
    let value = from.get_mut(name).map(Value::take).unwrap_or_default();
    serde_json::from_value(value).map_err(|error| format!("`{name}` is broken: {error}"))
}

/// A list that may be absent.
fn added<T: DeserializeOwned>(from: &mut Value, name: &str) -> Result<Vec<T>, String> {
    if from.get(name).is_some() { list(from, name) } else { Ok(Vec::new()) }
}

fn list<T: DeserializeOwned>(from: &mut Value, name: &str) -> Result<Vec<T>, String> {
    match from.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => {
            let read =
                |(at, item)| serde_json::from_value(item).map_err(|error| format!("`{name}[{at}]` is broken: {error}"));
            items.into_iter().enumerate().map(read).collect()
        }
        _ => Err(format!("`{name}` is not an array")),
    }
}

#[cfg(test)]
mod tests;
