//! The names that Rust uses in JavaScript: fields of requests and responses, options, the values of enumerations.
//!
//! A wasm-bindgen string enum: the strings live in the generated JavaScript and a name crosses as a number, so that reading a field
//! decodes no text. Adding a name is adding a line.

#![allow(clippy::enum_variant_names, reason = "a variant is named by its string")]

use js_sys::{JsString, Object};
use wasm_bindgen::prelude::*;

/// A name that crosses to JavaScript.
#[wasm_bindgen(skip_typescript)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Name {
    // Fields of requests.
    UserId = "user_id",
    ThreadId = "thread_id",
    ConversationId = "conversation_id",
    ProjectId = "project_id",
    DocumentId = "document_id",
    CollectionId = "collection_id",
    DocumentName = "document_name",
    IdempotencyKey = "idempotency_key",
    Type = "type",
    Content = "content",
    Role = "role",
    Metadata = "metadata",
    EventTime = "event_time",
    Task = "task",
    Query = "query",
    TokenBudget = "token_budget",
    MinConfidence = "min_confidence",
    Scope = "scope",
    FromTime = "from_time",
    ToTime = "to_time",
    ModeField = "mode",
    Since = "since",
    Relations = "relations",
    Status = "status",
    RetentionPolicy = "retention_policy",
    EntityResolution = "entity_resolution",
    Immediate = "immediate",
    FactIdsUsed = "fact_ids_used",
    ReferenceTime = "reference_time",
    ModeHint = "mode_hint",
    Limits = "limits",
    AnswerFacts = "answer_facts",
    SupportingFacts = "supporting_facts",
    BackgroundFacts = "background_facts",
    MaxListItems = "max_list_items",
    DocumentChunks = "document_chunks",
    Include = "include",
    PendingPlan = "pending_plan",
    Debug = "debug",
    SelectedIds = "selected_ids",
    UserRating = "user_rating",
    IncludeHistory = "include_history",
    IncludeCold = "include_cold",
    RawFacts = "raw_facts",
    Position = "position",
    NameField = "name",
    Ordered = "ordered",
    Limit = "limit",
    Offset = "offset",
    Range = "range",

    // Values of enumerations.
    Message = "message",
    ToolCall = "tool_call",
    AppEvent = "app_event",
    User = "user",
    Assistant = "assistant",
    System = "system",
    Tool = "tool",
    State = "state",
    Delta = "delta",
    Tasks = "tasks",
    Audit = "audit",
    Compose = "compose",
    Conversation = "conversation",
    Open = "open",
    Completed = "completed",
    All = "all",
    Standard = "standard",
    LegalHold = "legal_hold",
    Ephemeral = "ephemeral",
    Merged = "merged",
    Probabilistic = "probabilistic",
    Raw = "raw",
    Global = "global",
    Project = "project",
    Days7 = "7d",
    Days30 = "30d",
    Month = "month",
    Today = "today",

    // Options.
    ApiKey = "apiKey",
    BaseUrl = "baseUrl",
    ClientHeader = "clientHeader",
    Timeout = "timeout",
    TotalTimeout = "totalTimeout",
    MaxRetries = "maxRetries",
    MaxRetryDelay = "maxRetryDelay",
    MaxResponseBytes = "maxResponseBytes",
    Fetch = "fetch",
    DefaultHeaders = "defaultHeaders",
    OnCall = "onCall",
    OnRequest = "onRequest",
    OnResponse = "onResponse",
    OnRetry = "onRetry",
    OnError = "onError",
    AllowInsecureHttp = "allowInsecureHttp",
    Validate = "validate",
    AllowUnknownFields = "allowUnknownFields",
    AutoIdempotency = "autoIdempotency",
    Signal = "signal",
    Headers = "headers",
    Concurrency = "concurrency",
    OnProgress = "onProgress",
    XClaivClient = "x-claiv-client",
    Location = "location",
    Process = "process",
    Env = "env",
    EnvApiKey = "CLAIV_API_KEY",
    EnvBaseUrl = "CLAIV_BASE_URL",

    // Of fetch, its responses and other objects of the host.
    Url = "url",
    Body = "body",
    OpaqueRedirect = "opaqueredirect",
    Aborted = "aborted",
    Reason = "reason",
    AddEventListener = "addEventListener",
    GetReader = "getReader",
    Stream = "stream",
    Text = "text",
    Length = "length",

    // Of error bodies and of what is thrown.
    Error = "error",
    Code = "code",
    Detail = "detail",
    Details = "details",
    RequestIdField = "request_id",
    RetryAfter = "retry_after",
    Cause = "cause",
    HeadersTimeout = "UND_ERR_HEADERS_TIMEOUT",
    BodyTimeout = "UND_ERR_BODY_TIMEOUT",
    TimeoutError = "TimeoutError",
}

#[wasm_bindgen(raw_module = "./checks.js")]
extern "C" {
    /// What stands under `name` in an object or in one of its classes, but never on Object.prototype.
    #[wasm_bindgen(catch, js_name = fieldOf)]
    fn field_of(target: &JsValue, name: Name) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = set)]
    fn reflect_set(target: &Object, name: Name, value: &JsValue) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = has)]
    fn reflect_has(target: &JsValue, name: Name) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "propertyIsEnumerable"], js_name = call)]
    fn is_enumerable(value: &JsValue, name: Name) -> Result<bool, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = is)]
    fn object_is(value: &JsValue, name: Name) -> Result<bool, JsValue>;

    #[wasm_bindgen(js_name = String)]
    fn string_of(name: Name) -> JsString;
}

impl Name {
    /// The name as text, for messages.
    pub(crate) fn text(self) -> String {
        string_of(self).into()
    }

    /// True where `value` is this very string.
    #[inline(never)]
    pub(crate) fn is(self, value: &JsValue) -> bool {
        object_is(value, self).unwrap_or(false)
    }

    /// The field of this name in `target`, own or inherited. `Err` is what a getter or a proxy threw.
    #[inline(never)]
    pub(crate) fn try_get(self, target: &JsValue) -> Result<JsValue, JsValue> {
        field_of(target, self)
    }

    /// As [`Name::try_get`], but undefined for a value that is no object and for a field that cannot be read.
    #[inline(never)]
    pub(crate) fn get(self, target: &JsValue) -> JsValue {
        if target.is_undefined() { JsValue::UNDEFINED } else { field_of(target, self).unwrap_or_default() }
    }

    /// Sets this field of an object of our own.
    pub(crate) fn set(self, target: &Object, value: &JsValue) {
        // An object that we made takes every field. Where a page made even that fail, the field is left out.
        let _ = reflect_set(target, self, value);
    }

    /// True where `target` has this field, own or inherited, and where a proxy throws when it is asked.
    pub(crate) fn is_in(self, target: &JsValue) -> bool {
        reflect_has(target, self).unwrap_or(true)
    }

    /// True where this is an own, enumerable field of `target`; false where a proxy throws when it is asked.
    #[inline(never)]
    pub(crate) fn is_own(self, target: &JsValue) -> bool {
        is_enumerable(target, self).unwrap_or(false)
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
