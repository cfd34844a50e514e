//! `POST /v3/recall/{recall_id}/feedback` and `POST /v6/recall/{recall_id}/feedback`
//!
//! What is said to have been used ranks higher in later recalls of V3 and V6.

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v3/recall/{recall_id}/feedback", meter: Meter::Request, open: false, run: v3 },
    Endpoint { method: "POST", path: "/v6/recall/{recall_id}/feedback", meter: Meter::Request, open: false, run: v6 },
];

/// What each use adds to the rank, and how many uses count.
const BOOST: (f64, u32) = (0.1, 5);

/// How much an event that was used so often is raised: from 0 to 0.5.
pub(super) fn boost(used: u32) -> f64 {
    let (each, most) = BOOST;
    f64::from(used.min(most)) * each
}

fn v3(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let used = fields.required_texts("fact_ids_used");
    fields.check()?;
    record(call, &used)
}

fn v6(call: &mut Call) -> Result<Reply, ApiError> {
    let mut fields = call.body_fields()?;
    let used = fields.required_texts("selected_ids");
    fields.integer("user_rating", 1, 5);
    fields.check()?;
    record(call, &used)
}

fn record(call: &mut Call, used: &[String]) -> Result<Reply, ApiError> {
    let recall_id = call.params.first().cloned().unwrap_or_default();
    let recorded = call.store.add_feedback(&recall_id, used);
    let recorded = recorded.ok_or_else(|| ApiError::not_found("There is no such recall among the latest ones."))?;
    Ok(Reply::of(json!({ "recall_id": recall_id, "facts_recorded": recorded })))
}
