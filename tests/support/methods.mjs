// The one table of methods for tests: an example of every field of each. Paths and names of fields are those of docs/api-contract.md.
import { CONTRACT } from "./contract.mjs";

const USER = { user_id: "user-123" };
const THREAD = { thread_id: "t-1" };
const EVENT = { ...USER, type: "message", content: "User prefers dark mode" };
const DETAILS = {
  role: "user", metadata: { source: "editor", nested: { list: [1, null, "x"] } }, event_time: "2026-01-31T12:00:00Z", idempotency_key: "key-1",
};
const TASK = { ...USER, task: "Configure the editor", token_budget: 2000 };
const SPAN = { from_time: "2026-01-01T00:00:00Z", to_time: "2026-02-01T00:00:00+02:00" };
const SCOPE = { ...USER, ...THREAD, ...SPAN };
const V6 = { ...USER, conversation_id: "c-1", project_id: "p-1", document_id: "d-1" };
const PAGE = { ...USER, limit: 5, offset: 10 };
const FEEDBACK = { selected_ids: ["f-1", "f-2"], user_rating: 5 };
const IDS = { receiptId: "r-1", recallId: "rc-1", documentId: "d-1", collectionId: "k-1" };

/** What is not sent again after a lost answer. */
const once = { once: true };

/** An example of each field, by method; a method without fields has none. `once` is said of those that must not be sent twice. */
const EXAMPLES = {
  ingest: { ...EVENT, ...THREAD, ...DETAILS },
  recall: { ...TASK, ...THREAD, min_confidence: 0.5, scope: { team: "a" } },
  forget: [SCOPE, once],
  listDeletionReceipts: PAGE,
  getDeletionReceipt: {},
  getUsageSummary: { range: "30d" },
  getUsageBreakdown: { range: "month" },
  getUsageLimits: {},
  healthCheck: [{}, { open: true }],
  recallV2: {
    ...TASK, token_budget: 8000, ...THREAD, min_confidence: 1, mode: "delta", since: "2026-01-01", relations: ["prefers", "uses"], status: "open",
  },
  forgetV2: [SCOPE, once],
  ingestV3: { ...EVENT, ...THREAD, ...DETAILS, retention_policy: "legal_hold" },
  recallV3: { ...TASK, token_budget: 200, ...THREAD, min_confidence: 0, entity_resolution: "raw" },
  forgetV3: [{ ...SCOPE, immediate: true }, once],
  feedbackV3: [{ fact_ids_used: ["f-1", "f-2"] }, once],
  ingestV6: { ...EVENT, ...V6, scope: "project", document_name: "Notes", ...DETAILS },
  recallV6: {
    ...V6, query: "Which editor?", reference_time: "2026-01-31T12:00:00Z", mode_hint: "timeline",
    limits: { answer_facts: 5, supporting_facts: 0, background_facts: 2, max_list_items: 10, document_chunks: 3 },
    include: { pending_plan: true, debug: false },
  },
  forgetV6: [{ ...SCOPE, ...V6 }, once],
  feedbackV6: [FEEDBACK, once],
  ingestV5: { ...EVENT, ...THREAD, ...DETAILS, event_time: 1_769_860_800 },
  recallV5: { ...USER, query: "Which editor?", ...THREAD, token_budget: 50, include_history: true, include_cold: false, raw_facts: true },
  feedbackV5: [FEEDBACK, once],
  uploadDocument: {
    ...USER, content: "# Notes\n\nDark mode.", document_name: "Notes", project_id: "p-1", document_id: "d-1", collection_id: "k-1", position: 0,
  },
  listDocuments: { ...PAGE, project_id: "p-1", collection_id: "k-1" },
  deleteDocument: [{}, once],
  createCollection: { ...USER, project_id: "p-1", name: "Handbook", ordered: true, collection_id: "k-1" },
  listCollections: { ...PAGE, project_id: "p-1" },
  getCollection: USER,
  deleteCollection: [USER, once],
  addDocumentToCollection: [{ ...USER, document_id: "d-1", position: 2 }, once],
  removeDocumentFromCollection: [{}, once],
};

const pick = (fields, names) => Object.fromEntries(names.map((name) => [name, fields[name]]));

/**
 * A method: `ids` stand in its path, `required` and `optional` are its fields, `payload` says where they go. `positional` fields are arguments
 * of their own; others are one object.
 */
function rowOf([name, { method, path, ids: idNames, required, optional, nullable, since }]) {
  const [fields, more] = [EXAMPLES[name]].flat();
  const missing = [...required, ...optional].filter((field) => fields?.[field] === undefined);
  if (missing.length > 0) throw new Error(`tests/support/methods.mjs has no example of ${missing.join(", ")} for ${name}`);
  const ids = idNames.map((one) => IDS[one]);
  return {
    name, method, since, ids, idNames, nullable,
    required: pick(fields, required),
    optional: pick(fields, optional),
    hasBody: method === "POST",
    positional: method !== "POST" && (ids.length > 0 || "range" in fields),
    path: path.replace(/\{(\w+)\}/g, (_, one) => encodeURIComponent(IDS[one])),
    ...more,
  };
}

/** Every row by its method's name. */
export const ROWS = Object.fromEntries(Object.entries(CONTRACT).map((entry) => [entry[0], rowOf(entry)]));

/** Valid requests of the methods that take a body, with every field, by method. */
export const REQUESTS = Object.fromEntries(
  Object.values(ROWS).filter(({ hasBody }) => hasBody).map(({ name, required, optional }) => [name, { ...required, ...optional }]),
);

/** Calls a method that takes a body. */
export const send = (client, name, request, options) => client[name](...ROWS[name].ids, request, options);

function callOf({ name, ids, hasBody, positional, required, optional, path, method, open, once }) {
  const fields = { ...required, ...optional };
  const query = hasBody ? "" : new URLSearchParams(fields).toString();
  const args = [...ids, ...(positional ? Object.values(fields) : Object.keys(fields).length > 0 ? [fields] : [])];
  return {
    name, method, open, once,
    url: query ? `${path}?${query}` : path,
    ...(hasBody && { body: fields }),
    call: (client, options) => client[name](...args, options),
  };
}

/** `call(client, options)` calls the method; `body` is absent where none is sent; `once` is what is not sent again after a lost answer. */
export const METHODS = Object.values(ROWS).map(callOf);
