//! `GET /healthz`.

use super::call::{Endpoint, Reply};
use crate::meter::Meter;
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: "GET",
    path: "/healthz",
    meter: Meter::None,
    open: true,
    run: |_| Ok(Reply::of(json!({ "ok": true }))),
}];
