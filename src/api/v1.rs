//! V1: ingest, recall, forget.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{v2, v3, v6};
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind, OtherVersion, sets};

/// What happened, as V1 takes it.
pub(super) const INGEST_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Type, Kind::OneOf(sets::EVENT_TYPE)),
    Field::required(Name::Content, Kind::Text),
    Field::optional(Name::ThreadId, Kind::Text),
    Field::optional(Name::Role, Kind::OneOf(sets::EVENT_ROLE)),
    Field::optional(Name::Metadata, Kind::Record),
    Field::optional(Name::EventTime, Kind::Time),
    Field::optional(Name::IdempotencyKey, Kind::Text),
];

pub(super) static INGEST: Endpoint = Endpoint::post("/v1/ingest", Replay::ByKey, INGEST_FIELDS).other_versions(&[
    OtherVersion { method: "ingestV6", fields: v6::INGEST_FIELDS },
    OtherVersion { method: "ingestV3", fields: v3::INGEST_FIELDS },
]);

/// What a context pack is wanted for, as V1 takes it.
pub(super) const RECALL_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Task, Kind::Text),
    Field::required(Name::TokenBudget, Kind::TokenBudget),
    Field::optional(Name::ThreadId, Kind::Text),
    Field::optional(Name::MinConfidence, Kind::Number),
    Field::optional(Name::Scope, Kind::Record),
];

static RECALL: Endpoint = Endpoint::post("/v1/recall", Replay::Safe, RECALL_FIELDS).other_versions(&[
    OtherVersion { method: "recallV6", fields: v6::RECALL_FIELDS },
    OtherVersion { method: "recallV2", fields: v2::RECALL_FIELDS },
    OtherVersion { method: "recallV3", fields: v3::RECALL_FIELDS },
]);

// A second run would find nothing left, and its receipt would say so in place of the first one's.
pub(super) static FORGET: Endpoint = Endpoint::post("/v1/forget", Replay::Never, FORGET_FIELDS)
    .other_versions(&[
        OtherVersion { method: "forgetV6", fields: v6::FORGET_FIELDS },
        OtherVersion { method: "forgetV3", fields: v3::FORGET_FIELDS },
    ])
    .refusing_unknown();

/// What a deletion covers, in V1 and V2.
pub(super) const FORGET_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::narrowing(Name::ThreadId, Kind::Text),
    Field::narrowing(Name::FromTime, Kind::Time),
    Field::narrowing(Name::ToTime, Kind::TimeFrom(Name::FromTime)),
];

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened. `POST /v1/ingest`
    ///
    /// Without an `idempotency_key` the client adds one, the same for all attempts of this call, so that a retry stores nothing
    /// twice. The service enriches the event later, in its own time.
    ///
    /// @returns the id of the stored event, and whether it had been stored before
    /// @throws ClaivValidationError before anything is sent; any other ClaivError carries `idempotencyKey`
    /// @example
    /// await claiv.ingest({ user_id: "user-123", type: "message", role: "user", content: "I moved to Lisbon" });
    #[wasm_bindgen(unchecked_return_type = "Promise<IngestResponse>")]
    pub fn ingest(
        &self,
        #[wasm_bindgen(unchecked_param_type = "IngestRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&INGEST, request, options)
    }

    /// Fetches a context pack: what is worth knowing for a task, within a token budget. `POST /v1/recall`
    ///
    /// @returns ranked memory blocks with the events they come from, and text for the system prompt
    /// @throws ClaivError; ClaivValidationError before anything is sent
    /// @example
    /// const pack = await claiv.recall({ user_id: "user-123", task: "Plan a trip", token_budget: 2000 });
    #[wasm_bindgen(unchecked_return_type = "Promise<RecallResponse>")]
    pub fn recall(
        &self,
        #[wasm_bindgen(unchecked_param_type = "RecallRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&RECALL, request, options)
    }

    /// Deletes a user's memory: all of it, or that of a thread or a span of time. `POST /v1/forget`
    ///
    /// A transport failure is not retried: a second run would find nothing and its receipt would replace the first one's.
    /// Look for the receipt with `listDeletionReceipts` then.
    ///
    /// @returns the receipt's id and what was deleted
    /// @throws ClaivValidationError before anything is sent, also for a limit that is given as undefined, or a field that is not known: it would
    /// widen the deletion
    #[wasm_bindgen(unchecked_return_type = "Promise<ForgetResponse>")]
    pub fn forget(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ForgetRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&FORGET, request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v1.d.ts");
