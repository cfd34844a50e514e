// Each method of the Python clients: its wire, a request of it, and what it is called here.

const INGEST = { user_id: "user-123", type: "message", content: "User prefers dark mode" };
const EVENT = { role: "user", metadata: { source: "editor", nested: { list: [1, null, "x"] } }, event_time: "2026-01-31T12:00:00Z", idempotency_key: "key-1" };
const RECALL = { user_id: "user-123", task: "Configure the editor", token_budget: 2000 };
const QUERY = { user_id: "user-123", query: "Which editor?", conversation_id: "c-1" };
const SPAN = { from_time: "2026-01-01T00:00:00Z", to_time: "2026-02-01T00:00:00+02:00" };
const THREAD = { thread_id: "t-1" };
const USER = { user_id: "user-123" };

const post = (url, required, optional = {}, more = {}) => ({ wire: `POST ${url}`, required, optional, ...more });
const V6_INGEST = post("/v6/ingest", { ...INGEST, conversation_id: "c-1" },
  { ...EVENT, project_id: "p-1", scope: "project", document_id: "d-1", document_name: "Report" }, { deduped: true });
const V6_RECALL = post("/v6/recall", QUERY, {
  project_id: "p-1", document_id: "d-1", reference_time: "2026-01-31T12:00:00Z", mode_hint: "timeline",
  limits: { answer_facts: 3, supporting_facts: 2, background_facts: 1, max_list_items: 5, document_chunks: 4 },
  include: { pending_plan: true, debug: false },
}, { nullable: ["reference_time", "mode_hint"] });
const V6_FORGET = post("/v6/forget", { ...USER, conversation_id: "c-1" }, { project_id: "p-1", document_id: "d-1", ...SPAN, ...THREAD });
const V6_FEEDBACK = post("/v6/recall/rc-1/feedback", { selected_ids: ["f-1", "f-2"] }, { user_rating: 5 }, { ids: ["rc-1"] });

const OLD = {
  ingest: post("/v1/ingest", INGEST, { ...EVENT, ...THREAD }, { deduped: true }),
  recall: post("/v1/recall", RECALL, { ...THREAD, min_confidence: 0.5, scope: { team: "a" } }),
  forget: post("/v1/forget", USER, { ...THREAD, ...SPAN }),
};
const NEW = { ingest: V6_INGEST, recall: V6_RECALL, forget: V6_FORGET };

/** What has the same contract wherever it exists. `page` marks keywords that are one object here, `ids` positional arguments, `nullable` fields. */
const COMMON = {
  recall_v2: post("/v2/recall", RECALL,
    { ...THREAD, min_confidence: 1, mode: "delta", since: "2026-01-01", relations: ["prefers", "uses"], status: "open" }),
  forget_v2: post("/v2/forget", USER, { ...THREAD, ...SPAN }),
  list_deletion_receipts: { wire: "GET /v1/deletion-receipts", page: { ...USER, limit: 5, offset: 10 } },
  get_deletion_receipt: { wire: "GET /v1/deletion-receipts/r-1", ids: ["r-1"] },
  get_usage_summary: { wire: "GET /v1/usage/summary", choice: ["7d", "30d", "month", "today"] },
  get_usage_breakdown: { wire: "GET /v1/usage/breakdown", choice: ["7d", "30d", "month", "today"] },
  get_usage_limits: { wire: "GET /v1/usage/limits" },
  health_check: { wire: "GET /healthz" },
};
const LATER = {
  ingest_v3: post("/v3/ingest", INGEST, { ...EVENT, ...THREAD, retention_policy: "legal_hold" }, { deduped: true }),
  recall_v3: post("/v3/recall", RECALL, { ...THREAD, min_confidence: 0.25, entity_resolution: "merged" }),
  forget_v3: post("/v3/forget", USER, { ...THREAD, ...SPAN, immediate: true }),
  feedback_v3: post("/v3/recall/rc-1/feedback", { fact_ids_used: ["f-1"] }, {}, { ids: ["rc-1"] }),
  ingest_v6: V6_INGEST,
  recall_v6: V6_RECALL,
  feedback_v6: V6_FEEDBACK,
  ingest_v5: post("/v6/ingest", INGEST, { ...EVENT, ...THREAD }, { deduped: true }),
  recall_v5: post("/v6/recall", { ...USER, query: "Which editor?" },
    { ...THREAD, token_budget: 900, include_history: true, include_cold: false, raw_facts: true }),
  feedback_v5: V6_FEEDBACK,
  upload_document: post("/v6/documents", { ...USER, content: "# Report\n\nText", document_name: "Report", project_id: "p-1" },
    { document_id: "d-1", collection_id: "k-1", position: 2 }),
  list_documents: { wire: "GET /v6/documents", needed: USER, page: { project_id: "p-1", collection_id: "k-1", limit: 5, offset: 10 } },
  delete_document: { wire: "DELETE /v6/documents/d-1", ids: ["d-1"] },
  create_collection: post("/v6/collections", { ...USER, project_id: "p-1", name: "Reports" }, { ordered: true, collection_id: "k-1" }),
  list_collections: { wire: "GET /v6/collections", needed: USER, page: { project_id: "p-1", limit: 5, offset: 10 } },
  get_collection: { wire: "GET /v6/collections/k-1", ids: ["k-1"], needed: USER, positional: true },
  delete_collection: { wire: "DELETE /v6/collections/k-1", ids: ["k-1"], needed: USER, positional: true },
  add_document_to_collection: post("/v6/collections/k-1/documents", { ...USER, document_id: "d-1" }, { position: 3 }, { ids: ["k-1"] }),
  remove_document_from_collection: { wire: "DELETE /v6/collections/k-1/documents/d-1", ids: ["k-1", "d-1"] },
};

/** By version of the Python client. */
export const METHODS = { "0.2.1": { ...OLD, ...COMMON }, "0.6.4": { ...NEW, ...COMMON, ...LATER } };

/** The naming rule: camelCase; what moved from V1 to V6 under its old name carries a suffix here. */
export function nameHere(method, version) {
  const suffixed = version !== "0.2.1" && method in NEW ? `${method}_v6` : method;
  return suffixed.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/** The arguments here for those of a Python call. */
export function argumentsHere(method, version, { args, kwargs }) {
  const { positional } = METHODS[version][method] ?? {};
  const keywords = Object.keys(kwargs).length === 0 ? [] : positional ? Object.values(kwargs) : [kwargs];
  return [...args, ...keywords];
}

/**
 * Python methods whose counterpart this client does not have yet. Their cases run on the Python side only. Take a name away
 * when the method comes: a test fails as long as a method stands here that exists.
 */
export const OPEN = {
  "0.2.1": [],
  "0.6.4": [],
};
