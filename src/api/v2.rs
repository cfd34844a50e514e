//! V2: memory as assertions with evidence.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::v1::FORGET_FIELDS;
use super::{v1, v3, v6};
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind, OtherVersion, sets};

/// What a recall is for, as V2 takes it.
pub(super) const RECALL_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Task, Kind::Text),
    Field::required(Name::TokenBudget, Kind::TokenBudget),
    Field::optional(Name::ThreadId, Kind::Text),
    Field::optional(Name::MinConfidence, Kind::Number),
    Field::optional(Name::ModeField, Kind::OneOf(sets::MODE)),
    Field::optional(Name::Since, Kind::Time),
    Field::optional(Name::Relations, Kind::Texts),
    Field::optional(Name::Status, Kind::OneOf(sets::TASK_STATUS)),
];

static RECALL: Endpoint = Endpoint::post("/v2/recall", Replay::Safe, RECALL_FIELDS).other_versions(&[
    OtherVersion { method: "recallV6", fields: v6::RECALL_FIELDS },
    OtherVersion { method: "recallV3", fields: v3::RECALL_FIELDS },
    OtherVersion { method: "recallV1", fields: v1::RECALL_FIELDS },
]);

// As in V1: a second run would lose the first one's receipt.
static FORGET: Endpoint = Endpoint::post("/v2/forget", Replay::Never, FORGET_FIELDS)
    .other_versions(&[
        OtherVersion { method: "forgetV6", fields: v6::FORGET_FIELDS },
        OtherVersion { method: "forgetV3", fields: v3::FORGET_FIELDS },
    ])
    .refusing_unknown();

#[wasm_bindgen]
impl ClaivClient {
    /// Fetches a context pack of assertions with their evidence. `POST /v2/recall`
    ///
    /// @returns ranked memory blocks, each with the quotes that it rests on
    /// @throws ClaivError; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = recallV2, unchecked_return_type = "Promise<V2RecallResponse>")]
    pub fn recall_v2(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V2RecallRequest | V2RecallRequestExtended")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&RECALL, request, options)
    }

    /// Deletes a user's V2 memory: all of it, or that of a thread or a span of time. `POST /v2/forget`
    ///
    /// Retried and checked as `forgetV1` is.
    #[wasm_bindgen(js_name = forgetV2, unchecked_return_type = "Promise<V2ForgetResponse>")]
    pub fn forget_v2(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V2ForgetRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&FORGET, request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v2.d.ts");
