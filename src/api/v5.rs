//! V5: older forms of requests, taken by the endpoints of V6. All deprecated.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::v6::FEEDBACK;
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind, sets};

static INGEST: Endpoint = Endpoint::post(
    "/v6/ingest",
    Replay::ByKey,
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::Type, Kind::OneOf(sets::EVENT_TYPE)),
        Field::required(Name::Content, Kind::Text),
        Field::optional(Name::ThreadId, Kind::Text),
        Field::optional(Name::Role, Kind::OneOf(sets::EVENT_ROLE)),
        Field::optional(Name::Metadata, Kind::Record),
        Field::optional(Name::EventTime, Kind::TimeOrEpoch),
        Field::optional(Name::IdempotencyKey, Kind::Text),
    ],
);

static RECALL: Endpoint = Endpoint::post(
    "/v6/recall",
    Replay::Safe,
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::Query, Kind::Text),
        Field::optional(Name::ThreadId, Kind::Text),
        Field::optional(Name::TokenBudget, Kind::Limit),
        Field::optional(Name::IncludeHistory, Kind::Flag),
        Field::optional(Name::IncludeCold, Kind::Flag),
        Field::optional(Name::RawFacts, Kind::Flag),
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
        self.call_with(&FEEDBACK, [recall_id, JsValue::UNDEFINED], request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v5.d.ts");
