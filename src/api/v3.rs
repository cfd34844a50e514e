//! V3: memory by priority, with retention and feedback.

use wasm_bindgen::prelude::*;

use crate::client::ClaivClient;
use crate::endpoint::{Arg, Endpoint, Replay};
use crate::platform::names::Name;
use crate::platform::value::Val;
use crate::rules::{Field, Kind, Set};

static INGEST: Endpoint = Endpoint::post(
    Name::V3Ingest,
    Replay::ByKey,
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::Type, Kind::OneOf(Set::EventType)),
        Field::required(Name::Content, Kind::Text),
        Field::optional(Name::ThreadId, Kind::Text),
        Field::optional(Name::Role, Kind::OneOf(Set::EventRole)),
        Field::optional(Name::Metadata, Kind::Record),
        Field::optional(Name::EventTime, Kind::Time),
        Field::optional(Name::IdempotencyKey, Kind::Text),
        Field::optional(Name::RetentionPolicy, Kind::OneOf(Set::Retention)),
    ],
);

static RECALL: Endpoint = Endpoint::post(
    Name::V3Recall,
    Replay::Safe,
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::required(Name::Task, Kind::Text),
        Field::required(Name::TokenBudget, Kind::TokenBudget),
        Field::optional(Name::ThreadId, Kind::Text),
        Field::optional(Name::MinConfidence, Kind::Number),
        Field::optional(Name::EntityResolution, Kind::OneOf(Set::Resolution)),
    ],
);

// As in V1: a second run would lose the first one's receipt.
static FORGET: Endpoint = Endpoint::post(
    Name::V3Forget,
    Replay::Never,
    &[
        Field::required(Name::UserId, Kind::Text),
        Field::narrowing(Name::ThreadId, Kind::Text),
        Field::narrowing(Name::FromTime, Kind::Time),
        Field::narrowing(Name::ToTime, Kind::TimeFrom(Name::FromTime)),
        Field::optional(Name::Immediate, Kind::Flag),
    ],
);

// How often a fact was used raises its score, and there is no key by which a second report could be told from a second use.
static FEEDBACK: Endpoint =
    Endpoint::post(Name::V3RecallOf, Replay::Never, &[Field::required(Name::FactIdsUsed, Kind::Texts)])
        .then(Name::ToFeedback)
        .args(&[Arg::id(Name::RecallIdArg)]);

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened, with a retention policy. `POST /v3/ingest`
    ///
    /// Checked and retried as `ingest` is, with an idempotency key of the client's where there is none.
    #[wasm_bindgen(js_name = ingestV3, unchecked_return_type = "Promise<IngestResponse>")]
    pub fn ingest_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3IngestRequest")] request: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: Val,
    ) -> Val {
        self.call(&INGEST, request, options)
    }

    /// Fetches a context pack ranked by priority. `POST /v3/recall`
    ///
    /// @returns ranked memory blocks, how fresh they are, and the `recall_id` that `feedbackV3` takes
    /// @throws ClaivError; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = recallV3, unchecked_return_type = "Promise<V3RecallResponse>")]
    pub fn recall_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3RecallRequest")] request: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: Val,
    ) -> Val {
        self.call(&RECALL, request, options)
    }

    /// Marks a user's V3 memory as deleted: all of it, or that of a thread or a span of time. `POST /v3/forget`
    ///
    /// Retried and checked as `forget` is.
    ///
    /// @returns the receipt's id, and until when the deletion is not final
    /// @throws ClaivConflictError when there is a legal hold on it; ClaivValidationError before anything is sent
    #[wasm_bindgen(js_name = forgetV3, unchecked_return_type = "Promise<V3ForgetResponse>")]
    pub fn forget_v3(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V3ForgetRequest")] request: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: Val,
    ) -> Val {
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
        #[wasm_bindgen(js_name = recallId, unchecked_param_type = "string")] recall_id: Val,
        #[wasm_bindgen(unchecked_param_type = "V3FeedbackRequest")] request: Val,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: Val,
    ) -> Val {
        self.call_with(&FEEDBACK, recall_id, Val::UNDEFINED, request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v3.d.ts");
