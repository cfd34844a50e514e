//! `POST /v1/forget`, and what every version of forget shares

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{Deleted, Receipt, Scope};
use crate::validate::Fields;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/forget", meter: Meter::Forget, open: false, run: forget }];

/// What a deletion of V1 and V2 knows.
const LIMITS: &[&str] = &["user_id", "thread_id", "from_time", "to_time"];

/// How many events under legal hold an error names.
const HELD_NAMED: usize = 100;

/// Reads the request and does as it says.
pub(super) fn delete(call: &mut Call) -> Result<Receipt, ApiError> {
    let mut fields = call.body_fields()?;
    fields.only(LIMITS);
    let scope = scope(&mut fields);
    fields.check()?;
    delete_scope(call, scope)
}

/// The scope as V1 to V3 ask for it.
pub(super) fn scope(fields: &mut Fields) -> Scope {
    let scope =
        Scope { user_id: fields.required_text("user_id"), thread_id: fields.text("thread_id"), ..Scope::default() };
    within(fields, scope)
}

/// The scope with the limits of time that are asked for.
pub(super) fn within(fields: &mut Fields, scope: Scope) -> Scope {
    let scope = Scope { from_time: fields.time("from_time"), to_time: fields.time("to_time"), ..scope };
    if scope.from_time.zip(scope.to_time).is_some_and(|(from, to)| from > to) {
        fields.fault("to_time", "must not be before from_time");
    }
    scope
}

/// Deletes what the scope covers.
pub(super) fn delete_scope(call: &mut Call, scope: Scope) -> Result<Receipt, ApiError> {
    admit(call, &scope)?;
    let receipt_id = call.store.ids.next("rcpt");
    Ok(call.store.forget(receipt_id, scope, call.now))
}

/// Refuses to delete what is under legal hold, and everything with it.
pub(super) fn admit(call: &Call, scope: &Scope) -> Result<(), ApiError> {
    let held = call.store.held(scope);
    if held.is_empty() {
        return Ok(());
    }
    let message = format!("{} of the events within this scope are under legal hold; nothing was deleted.", held.len());
    let mut error = ApiError::new(409, "legal_hold", message);
    let named: Vec<&String> = held.iter().take(HELD_NAMED).collect();
    error.details = Some(Box::new(json!({ "events_held": held.len(), "event_ids": named })));
    Err(error)
}

/// The counts in the shape of V1. Nothing here is derived by a language model, so nothing of that kind is deleted.
pub(super) fn counts(deleted: &Deleted) -> Value {
    json!({ "events": deleted.events, "chunks": deleted.chunks, "episodes": deleted.episodes, "facts": 0, "claims": 0, "open_loops": 0 })
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let receipt = delete(call)?;
    let body = json!({ "receipt_id": receipt.receipt_id, "deleted_counts": counts(&receipt.deleted) });
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
