//! `POST /v1/forget`, and what every version of forget shares

use super::{Call, Endpoint, Meter, Reply};
use crate::errors::ApiError;
use crate::store::{Deleted, Receipt, Scope};
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: "POST", path: "/v1/forget", meter: Meter::Forget, open: false, run: forget }];

/// Reads the request and does as it says.
pub(super) fn delete(call: &mut Call) -> Result<Receipt, ApiError> {
    let mut fields = call.body_fields()?;
    let scope = Scope {
        user_id: fields.required_text("user_id"),
        thread_id: fields.text("thread_id"),
        from_time: fields.time("from_time"),
        to_time: fields.time("to_time"),
    };
    if scope.from_time.zip(scope.to_time).is_some_and(|(from, to)| from > to) {
        fields.fault("to_time", "must not be before from_time");
    }
    fields.check()?;
    let receipt_id = call.store.ids.next("rcpt");
    Ok(call.store.forget(receipt_id, scope, call.now))
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
