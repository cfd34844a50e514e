//! V6: memory of facts, within a conversation, a project or everywhere.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::{COUNT, EVENT_ROLE, EVENT_TYPE};
use crate::client::ClaivClient;
use crate::endpoint::{Arg, Endpoint, Replay};
use crate::rules::{Field, Kind, Span};

static INGEST: Endpoint = Endpoint::post(
    &["/v6/ingest"],
    Replay::ByKey,
    &[
        Field::required("user_id", Kind::Text),
        Field::required("type", EVENT_TYPE),
        Field::required("content", Kind::Text),
        Field::required("conversation_id", Kind::Text),
        Field::optional("project_id", Kind::Text),
        Field::optional("scope", Kind::OneOf(&["global", "project", "conversation"])),
        Field::optional("document_id", Kind::Text),
        Field::optional("document_name", Kind::Text),
        Field::optional("role", EVENT_ROLE),
        Field::optional("metadata", Kind::Record),
        Field::optional("event_time", Kind::Time),
        Field::optional("idempotency_key", Kind::Text),
    ],
);

static RECALL: Endpoint = Endpoint::post(
    &["/v6/recall"],
    Replay::Safe,
    &[
        Field::required("user_id", Kind::Text),
        Field::required("query", Kind::Text),
        Field::required("conversation_id", Kind::Text),
        Field::optional("project_id", Kind::Text),
        Field::optional("document_id", Kind::Text),
        Field::nullable("reference_time", Kind::Time),
        Field::nullable("mode_hint", Kind::Text),
        Field::optional(
            "limits",
            Kind::Group(&[
                Field::optional("answer_facts", COUNT),
                Field::optional("supporting_facts", COUNT),
                Field::optional("background_facts", COUNT),
                Field::optional("max_list_items", COUNT),
                Field::optional("document_chunks", COUNT),
            ]),
        ),
        Field::optional(
            "include",
            Kind::Group(&[Field::optional("pending_plan", Kind::Flag), Field::optional("debug", Kind::Flag)]),
        ),
    ],
);

// As in V1: a second run would lose the first one's receipt.
static FORGET: Endpoint = Endpoint::post(
    &["/v6/forget"],
    Replay::Never,
    &[
        Field::required("user_id", Kind::Text),
        Field::required("conversation_id", Kind::Text),
        Field::narrowing("project_id", Kind::Text),
        Field::narrowing("document_id", Kind::Text),
        Field::narrowing("from_time", Kind::Time),
        Field::narrowing("to_time", Kind::TimeFrom("from_time")),
        Field::narrowing("thread_id", Kind::Text),
    ],
);

// As in V3: a use that is reported twice could count twice.
pub(super) static FEEDBACK: Endpoint = Endpoint::post(
    &["/v6/recall/", "/feedback"],
    Replay::Never,
    &[
        Field::required("selected_ids", Kind::Texts),
        Field::optional(
            "user_rating",
            Kind::Integer(&Span { least: 1.0, most: 5.0, said: "a whole number from 1 to 5" }),
        ),
    ],
)
.args(&[Arg::id("recallId")]);

#[wasm_bindgen]
impl ClaivClient {
    /// Stores what happened in a conversation. `POST /v6/ingest`
    ///
    /// Checked and retried as `ingest` is, with an idempotency key of the client's where there is none.
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

    /// Deletes the memory of a conversation, or a part of it. `POST /v6/forget`
    ///
    /// Retried and checked as `forget` is: a limit that is present but undefined is refused.
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
    /// @param recallId - the recall's id, where the service tells one; the contract of V6 does not promise it
    #[wasm_bindgen(js_name = feedbackV6, unchecked_return_type = "Promise<V6FeedbackResponse>")]
    pub fn feedback_v6(
        &self,
        #[wasm_bindgen(js_name = recallId, unchecked_param_type = "string")] recall_id: JsValue,
        #[wasm_bindgen(unchecked_param_type = "V6FeedbackRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "CallOptions")] options: JsValue,
    ) -> Promise {
        self.call_with(&FEEDBACK, recall_id, JsValue::UNDEFINED, request, options)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("v6.d.ts");
