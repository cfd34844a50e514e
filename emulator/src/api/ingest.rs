//! `POST /v1/ingest`, and what the ingests of all versions have in common.

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::Event;
use crate::text;
use crate::validate::Fields;
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/ingest", meter: Meter::Ingest, open: false, run: ingest }];

/// The values of `type`.
const TYPES: &[&str] = &["message", "tool_call", "app_event"];
/// The values of `role`.
const ROLES: &[&str] = &["user", "assistant", "system", "tool"];

fn ingest(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let event = Event {
        thread_id: fields.text("thread_id"),
        event_time: fields.time("event_time").unwrap_or(call.now),
        ..read(&mut fields, call.now)
    };
    fields.check()?;
    Ok(store(call, event))
}

/// Reads the fields that events of all versions have; the others keep their defaults.
pub(super) fn read(fields: &mut Fields, now: i64) -> Event {
    Event {
        user_id: fields.required_text("user_id"),
        kind: fields.required_one_of("type", TYPES),
        content: fields.required_text("content"),
        role: fields.one_of("role", ROLES),
        metadata: fields.object("metadata"),
        event_time: now,
        stored_at: now,
        idempotency_key: fields.text("idempotency_key"),
        ..Event::default()
    }
}

/// Stores an event under a new id, unless its idempotency key was used before: then answers with the event stored first.
pub(super) fn store(call: &mut Call, mut event: Event) -> Reply {
    let first = event.idempotency_key.as_ref().and_then(|key| call.store.event_id_by_key(&event.user_id, key));
    if let Some(event_id) = first {
        return Reply::of(json!({ "event_id": event_id, "deduped": true }));
    }
    event.event_id = call.store.ids.next("evt");
    let body = json!({ "event_id": event.event_id, "deduped": false });
    let tokens = text::tokens(&event.content);
    call.store.add_event(event);
    Reply { body, ingest_events: 1, tokens, work_units: 1, ..Reply::default() }
}
