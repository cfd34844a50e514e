//! `GET /healthz`

use super::{Endpoint, Meter, Reply};
use serde_json::json;

pub(super) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    method: "GET",
    path: "/healthz",
    meter: Meter::None,
    open: true,
    run: |_| Ok(Reply::of(json!({ "ok": true }))),
}];
