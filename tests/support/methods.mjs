// Every method with a full request, and what must be on the wire for it.

const INGEST = {
  user_id: "user-123", type: "message", content: "User prefers dark mode", thread_id: "t-1", role: "user",
  metadata: { source: "editor", nested: { list: [1, null, "x"] } }, event_time: "2026-01-31T12:00:00Z", idempotency_key: "key-1",
};
const RECALL = {
  user_id: "user-123", task: "Configure the editor", token_budget: 2000, thread_id: "t-1", min_confidence: 0.5, scope: { team: "a" },
};
const RECALL_V2 = {
  user_id: "user-123", task: "Configure the editor", token_budget: 8000, thread_id: "t-1", min_confidence: 1,
  mode: "delta", since: "2026-01-01", relations: ["prefers", "uses"], status: "open",
};
const FORGET = { user_id: "user-123", thread_id: "t-1", from_time: "2026-01-01T00:00:00Z", to_time: "2026-02-01T00:00:00+02:00" };

const INGEST_V3 = { ...INGEST, retention_policy: "legal_hold" };
const RECALL_V3 = {
  user_id: "user-123", task: "Configure the editor", token_budget: 200, thread_id: "t-1", min_confidence: 0, entity_resolution: "raw",
};
const FORGET_V3 = { ...FORGET, immediate: true };
const FEEDBACK_V3 = { fact_ids_used: ["f-1", "f-2"] };
const INGEST_V6 = {
  user_id: "user-123", type: "message", content: "User prefers dark mode", conversation_id: "c-1", project_id: "p-1", scope: "project",
  document_id: "d-1", document_name: "Notes", role: "user", metadata: { source: "editor" }, event_time: "2026-01-31T12:00:00Z",
  idempotency_key: "key-1",
};
const RECALL_V6 = {
  user_id: "user-123", query: "Which theme?", conversation_id: "c-1", project_id: "p-1", document_id: "d-1",
  reference_time: "2026-01-31T12:00:00Z", mode_hint: "semantic",
  limits: { answer_facts: 5, supporting_facts: 0, background_facts: 2, max_list_items: 10, document_chunks: 3 },
  include: { pending_plan: true, debug: false },
};
const FORGET_V6 = { ...FORGET, conversation_id: "c-1", project_id: "p-1", document_id: "d-1" };
const FEEDBACK_V6 = { selected_ids: ["f-1"], user_rating: 5 };
const INGEST_V5 = { ...INGEST, event_time: 1769860800 };
const RECALL_V5 = {
  user_id: "user-123", query: "Which theme?", thread_id: "t-1", token_budget: 50, include_history: true, include_cold: false, raw_facts: true,
};
const DOCUMENT = {
  user_id: "user-123", content: "# Notes\n\nDark mode.", document_name: "Notes", project_id: "p-1", document_id: "d-1", collection_id: "k-1",
  position: 0,
};
const COLLECTION = { user_id: "user-123", project_id: "p-1", name: "Handbook", ordered: true, collection_id: "k-1" };
const MEMBER = { document_id: "d-1", user_id: "user-123", position: 2 };

/** Valid requests of the methods that take a body, by method. */
export const REQUESTS = {
  ingest: INGEST, recall: RECALL, forget: FORGET, ingestV1: INGEST, recallV1: RECALL, forgetV1: FORGET, recallV2: RECALL_V2, forgetV2: FORGET,
  ingestV3: INGEST_V3, recallV3: RECALL_V3, forgetV3: FORGET_V3, feedbackV3: FEEDBACK_V3,
  ingestV6: INGEST_V6, recallV6: RECALL_V6, forgetV6: FORGET_V6, feedbackV6: FEEDBACK_V6,
  ingestV5: INGEST_V5, recallV5: RECALL_V5, feedbackV5: FEEDBACK_V6,
  uploadDocument: DOCUMENT, createCollection: COLLECTION, addDocumentToCollection: MEMBER,
};

/** The ids that stand before the request, where a method takes any. */
const IDS = { feedbackV3: ["r-1"], feedbackV6: ["r-1"], feedbackV5: ["r-1"], addDocumentToCollection: ["k-1"] };

/** Calls a method that takes a body. */
export const send = (client, name, request, options) => client[name](...(IDS[name] ?? []), request, options);

/** A method of `REQUESTS`. */
const post = (name, url, more) => ({ name, method: "POST", url, body: REQUESTS[name], call: (c, o) => send(c, name, REQUESTS[name], o), ...more });
const once = { once: true };

/** `call(client, options)` calls the method; `body` is absent where none is sent; `once` is what is not sent again after a lost answer. */
export const METHODS = [
  post("ingest", "/v1/ingest"),
  post("recall", "/v1/recall"),
  post("forget", "/v1/forget", once),
  post("ingestV1", "/v1/ingest"),
  post("recallV1", "/v1/recall"),
  post("forgetV1", "/v1/forget", once),
  {
    name: "listDeletionReceipts", method: "GET", url: "/v1/deletion-receipts?limit=5&offset=10&user_id=user-123",
    call: (c, o) => c.listDeletionReceipts({ user_id: "user-123", limit: 5, offset: 10 }, o),
  },
  { name: "getDeletionReceipt", method: "GET", url: "/v1/deletion-receipts/r-1", call: (c, o) => c.getDeletionReceipt("r-1", o) },
  { name: "getUsageSummary", method: "GET", url: "/v1/usage/summary?range=30d", call: (c, o) => c.getUsageSummary("30d", o) },
  { name: "getUsageBreakdown", method: "GET", url: "/v1/usage/breakdown?range=month", call: (c, o) => c.getUsageBreakdown("month", o) },
  { name: "getUsageLimits", method: "GET", url: "/v1/usage/limits", call: (c, o) => c.getUsageLimits(o) },
  { name: "healthCheck", method: "GET", url: "/healthz", open: true, call: (c, o) => c.healthCheck(o) },
  post("recallV2", "/v2/recall"),
  post("forgetV2", "/v2/forget", once),
  post("ingestV3", "/v3/ingest"),
  post("recallV3", "/v3/recall"),
  post("forgetV3", "/v3/forget", once),
  post("feedbackV3", "/v3/recall/r-1/feedback", once),
  post("ingestV6", "/v6/ingest"),
  post("recallV6", "/v6/recall"),
  post("forgetV6", "/v6/forget", once),
  post("feedbackV6", "/v6/recall/r-1/feedback", once),
  post("ingestV5", "/v6/ingest"),
  post("recallV5", "/v6/recall"),
  post("feedbackV5", "/v6/recall/r-1/feedback", once),
  post("uploadDocument", "/v6/documents"),
  {
    name: "listDocuments", method: "GET", url: "/v6/documents?user_id=user-123&limit=5&offset=10&project_id=p-1&collection_id=k-1",
    call: (c, o) => c.listDocuments({ user_id: "user-123", project_id: "p-1", collection_id: "k-1", limit: 5, offset: 10 }, o),
  },
  { name: "deleteDocument", method: "DELETE", url: "/v6/documents/d-1", ...once, call: (c, o) => c.deleteDocument("d-1", o) },
  post("createCollection", "/v6/collections"),
  {
    name: "listCollections", method: "GET", url: "/v6/collections?user_id=user-123&limit=5&offset=10&project_id=p-1",
    call: (c, o) => c.listCollections({ user_id: "user-123", project_id: "p-1", limit: 5, offset: 10 }, o),
  },
  { name: "getCollection", method: "GET", url: "/v6/collections/k-1?user_id=user-123", call: (c, o) => c.getCollection("k-1", "user-123", o) },
  {
    name: "deleteCollection", method: "DELETE", url: "/v6/collections/k-1?user_id=user-123", ...once,
    call: (c, o) => c.deleteCollection("k-1", "user-123", o),
  },
  post("addDocumentToCollection", "/v6/collections/k-1/documents", once),
  {
    name: "removeDocumentFromCollection", method: "DELETE", url: "/v6/collections/k-1/documents/d-1", ...once,
    call: (c, o) => c.removeDocumentFromCollection("k-1", "d-1", o),
  },
];
