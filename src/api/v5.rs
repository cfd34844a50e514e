//! V5: older forms of requests, taken by the endpoints of V6. All deprecated.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::v6::FEEDBACK;
use super::{EVENT_ROLE, EVENT_TYPE, LIMIT};
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::rules::{Field, Kind};

static INGEST: Endpoint = Endpoint::post(
    &["/v6/ingest"],
    Replay::ByKey,
    &[
        Field::required("user_id", Kind::Text),
        Field::required("type", EVENT_TYPE),
        Field::required("content", Kind::Text),
        Field::optional("thread_id", Kind::Text),
        Field::optional("role", EVENT_ROLE),
        Field::optional("metadata", Kind::Record),
        Field::optional("event_time", Kind::TimeOrEpoch),
        Field::optional("idempotency_key", Kind::Text),
    ],
);

static RECALL: Endpoint = Endpoint::post(
    &["/v6/recall"],
    Replay::Safe,
    &[
        Field::required("user_id", Kind::Text),
        Field::required("query", Kind::Text),
        Field::optional("thread_id", Kind::Text),
        Field::optional("token_budget", LIMIT),
        Field::optional("include_history", Kind::Flag),
        Field::optional("include_cold", Kind::Flag),
        Field::optional("raw_facts", Kind::Flag),
    ],
);

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened, in the form of V5. `POST /v6/ingest`
    ///
    /// @deprecated Use `ingestV6`.
    #[wasm_bindgen(js_name = ingestV5, unchecked_return_type = "Promise<V5IngestResponse>")]
    pub fn ingest_v5(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V5IngestRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&INGEST, request, options)
    }

    /// Recalls, in the form of V5. `POST /v6/recall`
    ///
    /// @deprecated Use `recallV6`.
    #[wasm_bindgen(js_name = recallV5, unchecked_return_type = "Promise<V5RecallResponse>")]
    pub fn recall_v5(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V5RecallRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&RECALL, request, options)
    }

    /// Reports which facts of a recall were of use. `POST /v6/recall/{recallId}/feedback`
    ///
    /// @deprecated Use `feedbackV6`.
    #[wasm_bindgen(js_name = feedbackV5, unchecked_return_type = "Promise<V5FeedbackResponse>")]
    pub fn feedback_v5(
        &self,
        #[wasm_bindgen(js_name = recallId, unchecked_param_type = "string")] recall_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "V5FeedbackRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&FEEDBACK, recall_id, JsValue::UNDEFINED, request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v5.d.ts");
