// What this client refuses before anything is sent, and the Python client sends, or fails to send with an error of Python's.
import { EVENT, FORGET, RECALL, forget, ingest, recall, row, unchecked } from "./row.mjs";

const wrong = (make, name, args, paths, more = {}) => make(name, { args, paths, rules: ["requests-checked"], ...more });
const usage = (name, more) => row(name, "get_usage_summary", more);
const receipts = (name, more) => row(name, "list_deletion_receipts", more);

/** Each is also sent with the checks off, and must then be sent as Python sends it. */
const REFUSED = [
  wrong(recall, "a recall of nothing", [{}], ["task", "token_budget", "user_id"]),
  wrong(recall, "an empty user_id", [{ ...RECALL, user_id: "" }], ["user_id"]),
  wrong(recall, "a user_id that is a number", [{ ...RECALL, user_id: 7 }], ["user_id"]),
  wrong(recall, "a token_budget of 199", [{ ...RECALL, token_budget: 199 }], ["token_budget"]),
  wrong(recall, "a token_budget of 8001", [{ ...RECALL, token_budget: 8001 }], ["token_budget"]),
  wrong(recall, "a token_budget with a fraction", [{ ...RECALL, token_budget: 200.5 }], ["token_budget"]),
  wrong(recall, "a token_budget that is text", [{ ...RECALL, token_budget: "200" }], ["token_budget"]),
  wrong(recall, "a mode that nobody knows", [{ ...RECALL, mode: "guess" }], ["mode"]),
  wrong(recall, "a since that is no time", [{ ...RECALL, since: "yesterday" }], ["since"]),
  wrong(recall, "relations that are text", [{ ...RECALL, relations: "likes" }], ["relations"]),
  wrong(recall, "a relation that is a number", [{ ...RECALL, relations: ["likes", 1] }], ["relations[1]"]),
  wrong(recall, "a status that nobody knows", [{ ...RECALL, status: "done" }], ["status"]),
  wrong(forget, "a forget of nobody", [{}], ["user_id"]),
  wrong(forget, "a span that ends before it starts", [{ ...FORGET, from_time: "2026-02-01T00:00:00Z", to_time: "2026-01-01T00:00:00Z" }], ["to_time"]),
  wrong(ingest, "an event of a type that nobody knows", [{ ...EVENT, type: "note", idempotency_key: "k" }], ["type"]),
  wrong(ingest, "an event of a role that nobody knows", [{ ...EVENT, role: "robot", idempotency_key: "k" }], ["role"]),
  wrong(ingest, "an event without content", [{ ...EVENT, content: "", idempotency_key: "k" }], ["content"]),
  wrong(ingest, "metadata that is a list", [{ ...EVENT, metadata: [1], idempotency_key: "k" }], ["metadata"]),
  wrong(ingest, "an event_time that is a number", [{ ...EVENT, event_time: 1_700_000_000, idempotency_key: "k" }], ["event_time"]),
  wrong(usage, "a range that nobody knows", ["90d"], ["range"]),
  wrong(receipts, "a limit of 0", [], ["limit"], { kwargs: { limit: 0 } }),
  wrong(receipts, "a limit that is text", [], ["limit"], { kwargs: { limit: "5" } }),
  wrong(receipts, "an offset below 0", [], ["offset"], { kwargs: { offset: -1 } }),
  wrong(receipts, "an offset with a fraction", [], ["offset"], { kwargs: { offset: 1.5 } }),
];

/** Refused with the checks off, too. */
const ALWAYS = [
  wrong(recall, "a min_confidence of NaN", [{ ...RECALL, min_confidence: { $float: "nan" } }], ["min_confidence"],
    { pythonOutcome: { error: { kind: "leak", type: "ValueError" } } }),
  wrong(recall, "a min_confidence without end", [{ ...RECALL, min_confidence: { $float: "inf" } }], ["min_confidence"],
    { pythonOutcome: { error: { kind: "leak", type: "ValueError" } } }),
];

export const checks = [...REFUSED, ...REFUSED.map(unchecked), ...ALWAYS];
