//! `GET /v1/deletion-receipts` and `GET /v1/deletion-receipts/{receipt_id}`

use super::{Call, Endpoint, Meter, Reply, forget};
use crate::errors::ApiError;
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

/// How many receipts a page has where the request does not say.
const PAGE: i64 = 20;
/// How many it can have.
const LONGEST_PAGE: i64 = 100;

fn list(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.query_fields();
    let user_id = fields.text("user_id");
    let limit = fields.integer("limit", 1, LONGEST_PAGE).unwrap_or(PAGE);
    let offset = fields.integer("offset", 0, i64::MAX).unwrap_or(0);
    fields.check()?;
    let of_user = |receipt: &&Receipt| user_id.as_ref().is_none_or(|user_id| receipt.scope.user_id == *user_id);
    let size = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let total = call.store.receipts().filter(of_user).count();
    let page: Vec<Value> =
        call.store.receipts().filter(of_user).skip(size(offset)).take(size(limit)).map(shape).collect();
    Ok(Reply::of(json!({ "receipts": page, "total": total, "limit": limit, "offset": offset })))
}

fn get(call: &mut Call) -> Result<Reply, ApiError> {
    let wanted = call.params.first();
    let receipt = call.store.receipts().find(|receipt| Some(&receipt.receipt_id) == wanted);
    let receipt = receipt.ok_or_else(|| ApiError::not_found("There is no such deletion receipt."))?;
    Ok(Reply::of(shape(receipt)))
}

fn shape(receipt: &Receipt) -> Value {
    json!({
        "receipt_id": receipt.receipt_id,
        "scope": {
            "user_id": receipt.scope.user_id,
            "thread_id": receipt.scope.thread_id,
            "from_time": receipt.scope.from_time.map(time::format),
            "to_time": receipt.scope.to_time.map(time::format),
        },
        "requested_at": time::format(receipt.requested_at),
        "completed_at": time::format(receipt.completed_at),
        "deleted_counts": forget::counts(&receipt.deleted),
    })
}
