//! Every name that crosses between Rust and JavaScript on the way of a call.
//!
//! A `&'static str` is decoded whenever it is given to JavaScript, which takes longer than all else that is done with it. So the names
//! are made JavaScript strings once, when the module is started, and are told apart in Rust by a number of one byte: a field of an
//! endpoint's table takes five bytes then. The values have the first numbers of all, so that none has to be looked up.

use wasm_bindgen::prelude::*;

use super::value::Val;

macro_rules! names {
    ($($name:ident = $text:literal)*) => {
        /// A name, known by its place in the table.
        #[derive(Clone, Copy, PartialEq)]
        #[cfg_attr(test, derive(Debug))]
        #[repr(u8)]
        #[allow(clippy::enum_variant_names, reason = "they are named by what they say")]
        pub(crate) enum Name { $($name,)* }

        /// The names, each on a line of its own.
        const TABLE: &str = concat!($($text, "\n",)*);
        /// The number of the last of them.
        pub(crate) const LAST: i32 = [$(Name::$name),*].len() as i32;
    };
}

names! {
    // Of requests and their queries.
    Empty = ""
    UserId = "user_id"
    ThreadId = "thread_id"
    ConversationId = "conversation_id"
    ProjectId = "project_id"
    DocumentId = "document_id"
    CollectionId = "collection_id"
    DocumentName = "document_name"
    IdempotencyKey = "idempotency_key"
    Type = "type"
    Content = "content"
    Role = "role"
    Metadata = "metadata"
    EventTime = "event_time"
    Task = "task"
    Query = "query"
    TokenBudget = "token_budget"
    MinConfidence = "min_confidence"
    Scope = "scope"
    FromTime = "from_time"
    ToTime = "to_time"
    ModeField = "mode"
    Since = "since"
    Relations = "relations"
    Status = "status"
    RetentionPolicy = "retention_policy"
    EntityResolution = "entity_resolution"
    Immediate = "immediate"
    FactIdsUsed = "fact_ids_used"
    ReferenceTime = "reference_time"
    ModeHint = "mode_hint"
    Limits = "limits"
    AnswerFacts = "answer_facts"
    SupportingFacts = "supporting_facts"
    BackgroundFacts = "background_facts"
    MaxListItems = "max_list_items"
    DocumentChunks = "document_chunks"
    Include = "include"
    PendingPlan = "pending_plan"
    Debug = "debug"
    SelectedIds = "selected_ids"
    UserRating = "user_rating"
    IncludeHistory = "include_history"
    IncludeCold = "include_cold"
    RawFacts = "raw_facts"
    Position = "position"
    NameField = "name"
    Ordered = "ordered"
    Limit = "limit"
    Offset = "offset"
    Range = "range"
    N0 = "0"
    N20 = "20"
    N100 = "100"

    // Values of closed sets.
    Message = "message"
    ToolCall = "tool_call"
    AppEvent = "app_event"
    User = "user"
    Assistant = "assistant"
    System = "system"
    Tool = "tool"
    State = "state"
    Delta = "delta"
    Tasks = "tasks"
    Audit = "audit"
    Compose = "compose"
    Conversation = "conversation"
    Open = "open"
    Completed = "completed"
    All = "all"
    Standard = "standard"
    LegalHold = "legal_hold"
    Ephemeral = "ephemeral"
    Merged = "merged"
    Probabilistic = "probabilistic"
    Raw = "raw"
    Global = "global"
    Project = "project"
    Days7 = "7d"
    Days30 = "30d"
    Month = "month"
    Today = "today"

    // Methods and paths.
    Get = "GET"
    Post = "POST"
    Delete = "DELETE"
    Healthz = "/healthz"
    V1Ingest = "/v1/ingest"
    V1Recall = "/v1/recall"
    V1Forget = "/v1/forget"
    V1Receipts = "/v1/deletion-receipts"
    V1Receipt = "/v1/deletion-receipts/"
    V1UsageSummary = "/v1/usage/summary"
    V1UsageBreakdown = "/v1/usage/breakdown"
    V1UsageLimits = "/v1/usage/limits"
    V2Recall = "/v2/recall"
    V2Forget = "/v2/forget"
    V3Ingest = "/v3/ingest"
    V3Recall = "/v3/recall"
    V3RecallOf = "/v3/recall/"
    V3Forget = "/v3/forget"
    V6Ingest = "/v6/ingest"
    V6Recall = "/v6/recall"
    V6RecallOf = "/v6/recall/"
    V6Forget = "/v6/forget"
    V6Documents = "/v6/documents"
    V6Document = "/v6/documents/"
    V6Collections = "/v6/collections"
    V6Collection = "/v6/collections/"
    ToFeedback = "/feedback"
    ToDocuments = "/documents"
    ToDocument = "/documents/"

    // Positional arguments.
    RecallIdArg = "recallId"
    ReceiptIdArg = "receiptId"
    DocumentIdArg = "documentId"
    CollectionIdArg = "collectionId"
    UserIdArg = "userId"

    // Options.
    ApiKey = "apiKey"
    BaseUrl = "baseUrl"
    Timeout = "timeout"
    TotalTimeout = "totalTimeout"
    MaxRetries = "maxRetries"
    MaxRetryDelay = "maxRetryDelay"
    Fetch = "fetch"
    DefaultHeaders = "defaultHeaders"
    OnRequest = "onRequest"
    OnResponse = "onResponse"
    OnRetry = "onRetry"
    OnError = "onError"
    AllowInsecureHttp = "allowInsecureHttp"
    Validate = "validate"
    AutoIdempotency = "autoIdempotency"
    Signal = "signal"
    Headers = "headers"
    Concurrency = "concurrency"
    OnProgress = "onProgress"
    Options = "options"
    OfOptions = "options."
    Request = "request"
    Events = "events"
    Process = "process"
    Env = "env"
    EnvApiKey = "CLAIV_API_KEY"
    EnvBaseUrl = "CLAIV_BASE_URL"

    // Of fetch, its answers and other objects of the host.
    Method = "method"
    Body = "body"
    Accept = "accept"
    ContentType = "content-type"
    ContentLength = "content-length"
    Authorization = "authorization"
    RequestIdHeader = "x-request-id"
    RetryAfterMsHeader = "retry-after-ms"
    RetryAfterHeader = "retry-after"
    DateHeader = "date"
    ShouldRetryHeader = "x-should-retry"
    LocationHeader = "location"
    Url = "url"
    BodyUsed = "bodyUsed"
    Locked = "locked"
    OpaqueRedirect = "opaqueredirect"
    Aborted = "aborted"
    Reason = "reason"
    AddEventListener = "addEventListener"
    GetReader = "getReader"
    Stream = "stream"
    Length = "length"
    ToJson = "toJSON"
    Protocol = "protocol"
    Username = "username"
    Password = "password"
    Host = "host"
    Hostname = "hostname"
    Pathname = "pathname"
    Search = "search"
    Hash = "hash"
    Origin = "origin"

    // Pieces of JSON that are put into a body's text, before and after a value.
    KeyPiece = "\"idempotency_key\":\""
    KeyEnd = "\"}"
    ContentPiece = "\"content\":"
    ContentEnd = "}"
    Bearer = "Bearer "

    // Of errors, events and results.
    Error = "error"
    Code = "code"
    Detail = "detail"
    Details = "details"
    RequestIdField = "request_id"
    RetryAfter = "retry_after"
    Cause = "cause"
    Class = "class"
    Issues = "issues"
    Path = "path"
    Attempts = "attempts"
    Attempt = "attempt"
    MayHaveBeenApplied = "mayHaveBeenApplied"
    IdempotencyKeyUsed = "idempotencyKey"
    RequestId = "requestId"
    RetryAfterMs = "retryAfterMs"
    Excerpt = "excerpt"
    Location = "location"
    Number = "number"
    Boolean = "boolean"
    Function = "function"
    TextField = "text"
    Promise = "promise"
    TimeoutMs = "timeoutMs"
    ElapsedMs = "elapsedMs"
    DurationMs = "durationMs"
    WaitMs = "waitMs"
    Total = "total"
    Fulfilled = "fulfilled"
    Rejected = "rejected"
    Value = "value"
    Done = "done"
    Index = "index"
    ClaivError = "ClaivError"
    ApiError = "ClaivApiError"
    BadRequest = "ClaivBadRequestError"
    Authentication = "ClaivAuthenticationError"
    Permission = "ClaivPermissionError"
    NotFound = "ClaivNotFoundError"
    Conflict = "ClaivConflictError"
    RateLimit = "ClaivRateLimitError"
    Server = "ClaivServerError"
    TimeoutError = "ClaivTimeoutError"
    NetworkError = "ClaivNetworkError"
    AbortError = "ClaivAbortError"
    ValidationError = "ClaivValidationError"
    ResponseError = "ClaivResponseError"
}

#[wasm_bindgen(raw_module = "./values.js")]
extern "C" {
    /// Gives the names the first numbers.
    #[wasm_bindgen(js_name = name)]
    fn give_numbers(lines: &str);
}

/// Runs once, before any name is asked for.
#[cfg(feature = "lean-glue")]
pub(crate) fn load() {
    give_numbers(TABLE);
}

impl Name {
    /// The name as a JavaScript string.
    #[cfg(feature = "lean-glue")]
    #[inline]
    pub(crate) const fn js(self) -> Val {
        Val::lasting((self as i32).wrapping_add(1))
    }

    /// The same in wasm-bindgen's own glue, which gives the numbers.
    #[cfg(not(feature = "lean-glue"))]
    #[allow(clippy::indexing_slicing, reason = "there are as many strings as names")]
    pub(crate) fn js(self) -> Val {
        thread_local! {
            static NAMES: Vec<Val> = TABLE.split('\n').map(|line| JsValue::from_str(line).into()).collect();
        }
        NAMES.with(|names| names[self as usize])
    }

    /// True where `value` is this string.
    #[inline(never)]
    pub(crate) fn is(self, value: Val) -> bool {
        value == self.js()
    }
}
