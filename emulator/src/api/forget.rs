//! `POST /v1/forget`, and what the deletions of all versions have in common.

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::{Deleted, Receipt, Scope};
use crate::validate::Fields;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/forget", meter: Meter::Forget, open: false, run: forget }];

/// The fields of a deletion in V1 and V2.
const FIELDS: &[&str] = &["user_id", "thread_id", "from_time", "to_time"];

/// How many events under legal hold the error names; it counts all of them.
const MAX_HELD_NAMED: usize = 100;

/// Reads a deletion of V1 or V2 and carries it out.
pub(super) fn delete(call: &mut Call) -> Result<Receipt, ApiError> {
    let mut fields = call.body_fields()?;
    fields.reject_unknown(FIELDS);
    let scope = scope(&mut fields);
    fields.check()?;
    delete_scope(call, scope)
}

/// Reads the scope of a deletion of V1, V2 or V3.
pub(super) fn scope(fields: &mut Fields) -> Scope {
    let scope =
        Scope { user_id: fields.required_text("user_id"), thread_id: fields.text("thread_id"), ..Scope::default() };
    with_times(fields, scope)
}

/// Adds `from_time` and `to_time` to a scope.
pub(super) fn with_times(fields: &mut Fields, scope: Scope) -> Scope {
    let scope = Scope { from_time: fields.time("from_time"), to_time: fields.time("to_time"), ..scope };
    if scope.from_time.zip(scope.to_time).is_some_and(|(from, to)| from > to) {
        fields.add_issue("to_time", "must not be before from_time");
    }
    scope
}

/// Deletes the events within the scope and stores a receipt; fails with 409 where one of them is under legal hold.
pub(super) fn delete_scope(call: &mut Call, scope: Scope) -> Result<Receipt, ApiError> {
    refuse_if_held(call, &scope)?;
    let receipt_id = call.store.ids.next("rcpt");
    Ok(call.store.forget(receipt_id, scope, call.now))
}

/// Fails with 409 `legal_hold` where an event within the scope is under legal hold: then nothing is deleted.
pub(super) fn refuse_if_held(call: &Call, scope: &Scope) -> Result<(), ApiError> {
    let held = call.store.held_events(scope);
    if held.is_empty() {
        return Ok(());
    }
    let message = format!("{} of the events within this scope are under legal hold; nothing was deleted.", held.len());
    let mut error = ApiError::new(409, "legal_hold", message);
    let named: Vec<&String> = held.iter().take(MAX_HELD_NAMED).collect();
    error.details = Some(Box::new(json!({ "events_held": held.len(), "event_ids": named })));
    Err(error)
}

/// `deleted_counts` in the shape of V1 and V6. Facts, claims and open loops are 0, as the emulator derives none.
pub(super) fn counts(deleted: &Deleted) -> Value {
    json!({ "events": deleted.events, "chunks": deleted.chunks, "episodes": deleted.episodes, "facts": 0, "claims": 0, "open_loops": 0 })
}

fn forget(call: &mut Call) -> Result<Reply, ApiError> {
    let receipt = delete(call)?;
    let body = json!({ "receipt_id": receipt.receipt_id, "deleted_counts": counts(&receipt.deleted) });
    Ok(Reply { body, work_units: 1, ..Reply::default() })
}
