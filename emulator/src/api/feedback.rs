//! `POST /v3/recall/{recall_id}/feedback` and `POST /v6/recall/{recall_id}/feedback`.
//!
//! Events and sections that feedback names as used rank higher in later recalls of V3 and V6.

use super::call::{Call, Endpoint, Reply};
use crate::errors::ApiError;
use crate::meter::Meter;
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint { method: "POST", path: "/v3/recall/{recall_id}/feedback", meter: Meter::Request, open: false, run: v3 },
    Endpoint { method: "POST", path: "/v6/recall/{recall_id}/feedback", meter: Meter::Request, open: false, run: v6 },
];

/// How much each use adds to a score.
const BOOST_PER_USE: f64 = 0.1;
/// Further uses do not raise a score.
const MAX_USES: u32 = 5;

/// The boost of an event or a section that was used this many times, from 0 to 0.5.
pub(super) fn boost(used: u32) -> f64 {
    f64::from(used.min(MAX_USES)) * BOOST_PER_USE
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

/// Stores feedback; fails with 404 where the recall is not among those that are remembered.
fn record(call: &mut Call, used: &[String]) -> Result<Reply, ApiError> {
    let recall_id = call.params.first().cloned().unwrap_or_default();
    let recorded = call.store.add_feedback(&recall_id, used);
    let recorded = recorded.ok_or_else(|| ApiError::not_found("There is no such recall among the latest ones."))?;
    Ok(Reply::of(json!({ "recall_id": recall_id, "facts_recorded": recorded })))
}
