// The table of methods for tests: those of docs/api-contract.md, with a good value of each field.
import { CONTRACT } from "./contract.mjs";

/** A good value of each field. */
const VALUES = {
  user_id: "user-123",
  thread_id: "t-1",
  conversation_id: "c-1",
  project_id: "p-1",
  document_id: "d-1",
  collection_id: "k-1",
  type: "message",
  content: "User prefers dark mode",
  role: "user",
  metadata: { source: "editor", nested: { list: [1, null, "x"] } },
  event_time: "2026-01-31T12:00:00Z",
  idempotency_key: "key-1",
  task: "Configure the editor",
  token_budget: 2000,
  min_confidence: 0.5,
  mode: "delta",
  since: "2026-01-01",
  relations: ["prefers", "uses"],
  status: "open",
  from_time: "2026-01-01T00:00:00Z",
  to_time: "2026-02-01T00:00:00+02:00",
  limit: 5,
  offset: 10,
  range: "30d",
  retention_policy: "legal_hold",
  entity_resolution: "raw",
  immediate: true,
  fact_ids_used: ["f-1", "f-2"],
  query: "Which editor?",
  reference_time: "2026-01-31T12:00:00Z",
  mode_hint: "timeline",
  limits: { answer_facts: 5, supporting_facts: 0, background_facts: 2, max_list_items: 10, document_chunks: 3 },
  include: { pending_plan: true, debug: false },
  selected_ids: ["f-1", "f-2"],
  user_rating: 5,
  include_history: true,
  include_cold: false,
  raw_facts: true,
  document_name: "Notes",
  position: 2,
  name: "Handbook",
  ordered: true,
};

/** Where a field means something else in a method, or its limits are worth sending. */
const OTHERWISE = {
  recall: { scope: { team: "a" } },
  recallV1: { scope: { team: "a" } },
  recallV2: { token_budget: 8000, min_confidence: 1 },
  recallV3: { token_budget: 200, min_confidence: 0 },
  ingestV6: { scope: "project" },
  ingestV5: { event_time: 1_769_860_800 },
  recallV5: { token_budget: 50 },
  uploadDocument: { content: "# Notes\n\nDark mode.", position: 0 },
  getUsageBreakdown: { range: "month" },
};

/** The id that stands for a placeholder of a path. */
const IDS = { receiptId: "r-1", recallId: "rc-1", documentId: "d-1", collectionId: "k-1" };

function valueFor(method, field) {
  const value = OTHERWISE[method]?.[field] ?? VALUES[field];
  if (value === undefined) throw new Error(`tests/support/methods.mjs has no value for ${field}, which ${method} takes`);
  return value;
}

/**
 * A method: `ids` stand in its path, `required` and `optional` are its fields, `positional` where each is an argument of its own. `once` is
 * what must not be sent again after a lost answer, `open` what goes without a key.
 */
function rowOf([name, { method, path, ids: idNames, required, optional, nullable, twice, since }]) {
  const examples = (fields) => Object.fromEntries(fields.map((field) => [field, valueFor(name, field)]));
  const ids = idNames.map((one) => IDS[one] ?? `${one}-1`);
  const hasBody = method === "POST";
  return {
    name, method, since, ids, idNames, nullable, hasBody,
    required: examples(required),
    optional: examples(optional),
    positional: !hasBody && (ids.length > 0 || optional.includes("range")),
    path: path.replace(/\{(\w+)\}/g, (_, one) => encodeURIComponent(ids[idNames.indexOf(one)])),
    once: twice === "other",
    open: path === "/healthz",
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
