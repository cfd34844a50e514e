//! V6: memory of facts, within a conversation, a project or everywhere.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{v1, v2, v3};
use crate::client::ClaivClient;
use crate::endpoint::{Endpoint, Replay};
use crate::host::Name;
use crate::rules::{Field, Kind, OtherVersion, sets};

/// What happened in a conversation.
pub(super) const INGEST_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Type, Kind::OneOf(sets::EVENT_TYPE)),
    Field::required(Name::Content, Kind::Text),
    Field::required(Name::ConversationId, Kind::Text),
    Field::optional(Name::ProjectId, Kind::Text),
    Field::optional(Name::Scope, Kind::OneOf(sets::SCOPE)),
    Field::optional(Name::DocumentId, Kind::Text),
    Field::optional(Name::DocumentName, Kind::Text),
    Field::optional(Name::Role, Kind::OneOf(sets::EVENT_ROLE)),
    Field::optional(Name::Metadata, Kind::Record),
    Field::optional(Name::EventTime, Kind::TimeOrEpoch),
    Field::optional(Name::IdempotencyKey, Kind::Text),
];

pub(super) static INGEST: Endpoint = Endpoint::post("/v6/ingest", Replay::ByKey, INGEST_FIELDS).other_versions(&[
    OtherVersion { method: "ingestV1", fields: v1::INGEST_FIELDS },
    OtherVersion { method: "ingestV3", fields: v3::INGEST_FIELDS },
]);

/// How much of each a recall gives.
const LIMITS: &[Field] = &[
    Field::optional(Name::AnswerFacts, Kind::Count),
    Field::optional(Name::SupportingFacts, Kind::Count),
    Field::optional(Name::BackgroundFacts, Kind::Count),
    Field::optional(Name::MaxListItems, Kind::Count),
    Field::optional(Name::DocumentChunks, Kind::Count),
];

/// What a recall adds to its answer.
const INCLUDE: &[Field] = &[Field::optional(Name::PendingPlan, Kind::Flag), Field::optional(Name::Debug, Kind::Flag)];

/// What a recall is for, as V6 takes it.
pub(super) const RECALL_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::required(Name::Query, Kind::Text),
    Field::required(Name::ConversationId, Kind::Text),
    Field::optional(Name::ProjectId, Kind::Text),
    Field::optional(Name::DocumentId, Kind::Text),
    Field::nullable(Name::ReferenceTime, Kind::Time),
    Field::nullable(Name::ModeHint, Kind::Text),
    Field::optional(Name::Limits, Kind::Group(LIMITS)),
    Field::optional(Name::Include, Kind::Group(INCLUDE)),
];

static RECALL: Endpoint = Endpoint::post("/v6/recall", Replay::Safe, RECALL_FIELDS).other_versions(&[
    OtherVersion { method: "recallV1", fields: v1::RECALL_FIELDS },
    OtherVersion { method: "recallV2", fields: v2::RECALL_FIELDS },
    OtherVersion { method: "recallV3", fields: v3::RECALL_FIELDS },
]);

/// What a deletion covers, in V6.
pub(super) const FORGET_FIELDS: &[Field] = &[
    Field::required(Name::UserId, Kind::Text),
    Field::narrowing(Name::ConversationId, Kind::Text),
    Field::narrowing(Name::ProjectId, Kind::Text),
    Field::narrowing(Name::DocumentId, Kind::Text),
    Field::narrowing(Name::FromTime, Kind::Time),
    Field::narrowing(Name::ToTime, Kind::TimeFrom(Name::FromTime)),
    Field::narrowing(Name::ThreadId, Kind::Text),
];

// As in V1: a second run would lose the first one's receipt.
pub(super) static FORGET: Endpoint = Endpoint::post("/v6/forget", Replay::Never, FORGET_FIELDS)
    .other_versions(&[OtherVersion { method: "forgetV3", fields: v3::FORGET_FIELDS }])
    .refusing_unknown();

// As in V3: a use that is reported twice could count twice.
pub(super) static FEEDBACK: Endpoint = Endpoint::post(
    "/v6/recall/{recallId}/feedback",
    Replay::Never,
    &[Field::required(Name::SelectedIds, Kind::Texts), Field::optional(Name::UserRating, Kind::Rating)],
);

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened in a conversation. `POST /v6/ingest`
    ///
    /// Without an `idempotency_key` the client adds one, the same for all attempts of this call, so that a retry stores nothing
    /// twice. The service distils the event later, in its own time.
    ///
    /// @returns the id of the stored event, and whether it had been stored before
    /// @throws ClaivValidationError before anything is sent; any other ClaivError carries `idempotencyKey`
    /// @example
    /// await claiv.ingestV6({ user_id: "user-123", conversation_id: "chat-1", type: "message", role: "user", content: "I moved to Lisbon" });
    #[wasm_bindgen(js_name = ingestV6, unchecked_return_type = "Promise<IngestResponse>")]
    pub fn ingest_v6(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V6IngestRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&INGEST, request, options)
    }

    /// Fetches the facts that answer a query, and a text of them for a system prompt. `POST /v6/recall`
    ///
    /// @returns facts by how directly they answer; `llm_context.text` goes into the system prompt
    /// @throws ClaivError; ClaivValidationError before anything is sent
    /// @example
    /// const { llm_context } = await claiv.recallV6({ user_id: "user-123", conversation_id: "chat-1", query: "Where does the user live?" });
    #[wasm_bindgen(js_name = recallV6, unchecked_return_type = "Promise<V6RecallResponse>")]
    pub fn recall_v6(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V6RecallRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&RECALL, request, options)
    }

    /// Deletes a user's memory: all of it, or the part to which every given limit applies (a conversation, a project, a document, a span of time).
    /// `POST /v6/forget`
    ///
    /// A transport failure is not retried: a second run would find nothing and its receipt would replace the first one's.
    /// Look for the receipt with `listDeletionReceipts` then.
    ///
    /// @returns the receipt's id and what was deleted
    /// @throws ClaivValidationError before anything is sent, also for a limit that is given as undefined, or a field that is not known: it would
    /// widen the deletion
    #[wasm_bindgen(js_name = forgetV6, unchecked_return_type = "Promise<V6ForgetResponse>")]
    pub fn forget_v6(
        &self,
        #[wasm_bindgen(unchecked_param_type = "V6ForgetRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call(&FORGET, request, options)
    }

    /// Reports which facts of a recall were of use. `POST /v6/recall/{recallId}/feedback`
    ///
    /// A transport failure is not retried: the same use could be counted twice.
    ///
    /// @param recallId - the recall's id, where the response has one; the contract of V6 does not promise it
    #[wasm_bindgen(js_name = feedbackV6, unchecked_return_type = "Promise<V6FeedbackResponse>")]
    pub fn feedback_v6(
        &self,
        #[wasm_bindgen(js_name = recallId, unchecked_param_type = "string")] recall_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "V6FeedbackRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&FEEDBACK, [recall_id, JsValue::UNDEFINED], request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v6.d.ts");
