//! V3: memory by priority, with retention and feedback.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{v1, v2, v6};
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind, OtherVersion, sets};

/// What happened, as V3 takes it.
pub(super) const INGEST_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Type, Kind::OneOf(sets::EVENT_TYPE)),
    Field::required(Name::Content, Kind::Text),
    Field::optional(Name::ThreadId, Kind::Text),
    Field::optional(Name::Role, Kind::OneOf(sets::EVENT_ROLE)),
    Field::optional(Name::Metadata, Kind::Record),
    Field::optional(Name::EventTime, Kind::Time),
    Field::optional(Name::IdempotencyKey, Kind::Text),
    Field::optional(Name::RetentionPolicy, Kind::OneOf(sets::RETENTION)),
];

pub(super) static INGEST: Endpoint = Endpoint::post("/v3/ingest", Replay::ByKey, INGEST_FIELDS)
    .other_versions(&[OtherVersion { method: "ingestV6", fields: v6::INGEST_FIELDS }]);

/// What a recall is for, as V3 takes it.
pub(super) const RECALL_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Task, Kind::Text),
    Field::required(Name::TokenBudget, Kind::TokenBudget),
    Field::optional(Name::ThreadId, Kind::Text),
    Field::optional(Name::MinConfidence, Kind::Number),
    Field::optional(Name::EntityResolution, Kind::OneOf(sets::RESOLUTION)),
];

static RECALL: Endpoint = Endpoint::post("/v3/recall", Replay::Safe, RECALL_FIELDS).other_versions(&[
    OtherVersion { method: "recallV6", fields: v6::RECALL_FIELDS },
    OtherVersion { method: "recallV2", fields: v2::RECALL_FIELDS },
    OtherVersion { method: "recallV1", fields: v1::RECALL_FIELDS },
]);

/// What a deletion covers, in V3.
pub(super) const FORGET_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::narrowing(Name::ThreadId, Kind::Text),
    Field::narrowing(Name::FromTime, Kind::Time),
    Field::narrowing(Name::ToTime, Kind::TimeFrom(Name::FromTime)),
    Field::optional(Name::Immediate, Kind::Flag),
];

// As in V1: a second run would lose the first one's receipt.
static FORGET: Endpoint = Endpoint::post("/v3/forget", Replay::Never, FORGET_FIELDS)
    .other_versions(&[OtherVersion { method: "forgetV6", fields: v6::FORGET_FIELDS }])
    .refusing_unknown();

// Each report raises the score of its facts, and there is no key by which the server could recognise a repeated one.
static FEEDBACK: Endpoint =
    Endpoint::post("/v3/recall/{recallId}/feedback", Replay::Never, &[Field::required(Name::FactIdsUsed, Kind::Texts)]);

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened, with a retention policy. `POST /v3/ingest`
    ///
    /// Checked and retried as `ingestV1` is, with an idempotency key of the client's where there is none.
    #[wasm_bindgen(js_name = ingestV3, unchecked_return_type = "Promise<IngestResponse>")]
    pub fn ingest_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3IngestRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&INGEST, request, options)
    }

    /// Fetches a context pack ranked by priority. `POST /v3/recall`
    ///
    /// @returns ranked memory blocks, how fresh they are, and the `recall_id` that `feedbackV3` takes
    /// @throws ClaivError; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = recallV3, unchecked_return_type = "Promise<V3RecallResponse>")]
    pub fn recall_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3RecallRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&RECALL, request, options)
    }

    /// Marks a user's V3 memory as deleted: all of it, or that of a thread or a span of time. `POST /v3/forget`
    ///
    /// Retried and checked as `forgetV1` is.
    ///
    /// @returns the receipt's id, and until when the deletion is not final
    /// @throws ClaivConflictError when there is a legal hold on it; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = forgetV3, unchecked_return_type = "Promise<V3ForgetResponse>")]
    pub fn forget_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3ForgetRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&FORGET, request, options)
    }

    /// Reports which facts of a recall were of use. `POST /v3/recall/{recallId}/feedback`
    ///
    /// A transport failure is not retried: the same use could be counted twice.
    ///
    /// @param recallId - as `recallV3` gave it
    #[wasm_bindgen(js_name = feedbackV3, unchecked_return_type = "Promise<V3FeedbackResponse>")]
    pub fn feedback_v3(
        &self,
        #[wasm_bindgen(js_name = recallId, unchecked_param_type = "string")] recall_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "V3FeedbackRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&FEEDBACK, [recall_id, JsValue::UNDEFINED], request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v3.d.ts");
