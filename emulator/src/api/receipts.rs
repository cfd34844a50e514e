//! `GET /v1/deletion-receipts` and `GET /v1/deletion-receipts/{receipt_id}`.

use super::call::{Call, Endpoint, Page, Reply};
use super::forget;
use crate::errors::ApiError;
use crate::meter::Meter;
use crate::store::Receipt;
use crate::time;
use serde_json::{Value, json};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "GET", path: "/v1/deletion-receipts", meter: Meter::Request, open: false, run: list },
    Endpoint {
        method: "GET",
        path: "/v1/deletion-receipts/{receipt_id}",
        meter: Meter::Request,
        open: false,
        run: get,
    },
];

/// The default `limit` of a list of receipts.
const PAGE: i64 = 20;

fn list(call: &mut Call) -> Result<Reply, ApiError> {
    let now = call.now;
    let mut fields = call.query_fields();
    let user_id = fields.text("user_id");
    let page = Page::read(&mut fields, PAGE);
    fields.check()?;
    let of_user = |receipt: &&Receipt| user_id.as_ref().is_none_or(|user_id| receipt.scope.user_id == *user_id);
    let total = call.store.receipts().filter(of_user).count();
    let found = page.of(call.store.receipts().filter(of_user));
    let receipts: Vec<Value> = found.map(|receipt| shape(receipt, now)).collect();
    let Page { limit, offset } = page;
    Ok(Reply::of(json!({ "receipts": receipts, "total": total, "limit": limit, "offset": offset })))
}

fn get(call: &mut Call) -> Result<Reply, ApiError> {
    let now = call.now;
    let wanted = call.params.first();
    let receipt = call.store.receipts().find(|receipt| Some(&receipt.receipt_id) == wanted);
    let receipt = receipt.ok_or_else(|| ApiError::not_found("There is no such deletion receipt."))?;
    Ok(Reply::of(shape(receipt, now)))
}

/// A receipt as it is answered.
fn shape(receipt: &Receipt, now: i64) -> Value {
    let of = &receipt.scope;
    let mut scope = json!({ "user_id": of.user_id });
    if let Some(scope) = scope.as_object_mut() {
        // Deletions of V6 are limited by conversation and project; those of earlier versions do not have these fields.
        if of.conversation_id.is_some() {
            scope.insert("conversation_id".into(), json!(of.conversation_id));
            scope.insert("project_id".into(), json!(of.project_id));
        }
        scope.insert("thread_id".into(), json!(of.thread_id));
        scope.insert("from_time".into(), json!(of.from_time.map(time::format)));
        scope.insert("to_time".into(), json!(of.to_time.map(time::format)));
    }
    json!({
        "receipt_id": receipt.receipt_id,
        "scope": scope,
        "requested_at": time::format(receipt.requested_at),
        // A deletion of V3 completes when the grace period of its tombstones ends; until then this is null.
        "completed_at": Some(receipt.completed_at).filter(|at| *at <= now.max(receipt.requested_at)).map(time::format),
        "deleted_counts": forget::counts(&receipt.deleted),
    })
}
