// Every V1 and V2 method with a full request, and what must be on the wire for it.

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

/** `call(client, options)` calls the method; `body` is absent for a GET. */
export const METHODS = [
  { name: "ingest", method: "POST", url: "/v1/ingest", body: INGEST, call: (c, o) => c.ingest(INGEST, o) },
  { name: "recall", method: "POST", url: "/v1/recall", body: RECALL, call: (c, o) => c.recall(RECALL, o) },
  { name: "forget", method: "POST", url: "/v1/forget", body: FORGET, call: (c, o) => c.forget(FORGET, o) },
  {
    name: "listDeletionReceipts", method: "GET", url: "/v1/deletion-receipts?limit=5&offset=10&user_id=user-123",
    call: (c, o) => c.listDeletionReceipts({ user_id: "user-123", limit: 5, offset: 10 }, o),
  },
  { name: "getDeletionReceipt", method: "GET", url: "/v1/deletion-receipts/r-1", call: (c, o) => c.getDeletionReceipt("r-1", o) },
  { name: "getUsageSummary", method: "GET", url: "/v1/usage/summary?range=30d", call: (c, o) => c.getUsageSummary("30d", o) },
  { name: "getUsageBreakdown", method: "GET", url: "/v1/usage/breakdown?range=month", call: (c, o) => c.getUsageBreakdown("month", o) },
  { name: "getUsageLimits", method: "GET", url: "/v1/usage/limits", call: (c, o) => c.getUsageLimits(o) },
  { name: "healthCheck", method: "GET", url: "/healthz", open: true, call: (c, o) => c.healthCheck(o) },
  { name: "recallV2", method: "POST", url: "/v2/recall", body: RECALL_V2, call: (c, o) => c.recallV2(RECALL_V2, o) },
  { name: "forgetV2", method: "POST", url: "/v2/forget", body: FORGET, call: (c, o) => c.forgetV2(FORGET, o) },
];

/** Valid requests of the methods that take a body, by method. */
export const REQUESTS = { ingest: INGEST, recall: RECALL, forget: FORGET, recallV2: RECALL_V2, forgetV2: FORGET };
