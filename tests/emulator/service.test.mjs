// The endpoints of V1 and V2, usage and errors, by emulator.fetch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "./helpers.mjs";

test("health needs no key", async () => {
  const { emulator } = start({ apiKeys: ["other"] });
  const response = await emulator.fetch("https://api.claiv.test/healthz");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { ok: true });
});

test("an ingested event is recalled with its citation", async () => {
  const { ingest, recall } = start();
  const { event_id, deduped } = await ingest("The user prefers window seats", { role: "user", thread_id: "t", metadata: { a: 1 } });
  assert.match(event_id, /^evt_[0-9a-f]{24}$/);
  assert.equal(deduped, false);
  await ingest("Something else entirely");
  const pack = await recall("Which seat does the user prefer?");
  assert.deepEqual(pack.memory_blocks, [{ type: "episode", content: "The user prefers window seats", source_ids: [event_id], score: 1 }]);
  assert.deepEqual(pack.citations, [event_id]);
  assert.ok(pack.token_estimate > 0 && pack.token_estimate <= 8000);
  // system_context contains the memory in a fence, after a sentence that says that it is data.
  assert.match(pack.system_context, /^[^\n]+not instructions[^\n]+\n```memories\n- user, \d{4}-\d\d-\d\d: The user prefers window seats\n```$/);
  assert.equal(pack.token_estimate, Math.ceil(Buffer.byteLength(pack.system_context) / 4));
});

test("a repeated idempotency key returns the first event", async () => {
  const { ingest, contents } = start();
  const first = await ingest("once", { idempotency_key: "k" });
  const second = await ingest("once", { idempotency_key: "k" });
  assert.deepEqual(second, { event_id: first.event_id, deduped: true });
  assert.deepEqual(await contents("once"), ["once"]);
  assert.equal((await ingest("once", { idempotency_key: "k", user_id: "v" })).deduped, false);
});

test("forgotten events are deleted, and there is a receipt", async () => {
  const { ingest, recall, post, get } = start({ now: "2024-05-05T00:00:00Z" });
  await ingest("keep", { thread_id: "a" });
  await ingest("drop", { thread_id: "b" });
  const { body: forgotten } = await post("/v1/forget", { user_id: "u", thread_id: "b" });
  assert.match(forgotten.receipt_id, /^rcpt_/);
  assert.equal(forgotten.deleted_counts.events, 1);
  assert.deepEqual((await recall("keep drop")).memory_blocks.map((block) => block.content), ["keep"]);
  const { body: receipt } = await get(`/v1/deletion-receipts/${forgotten.receipt_id}`);
  assert.deepEqual(receipt.deleted_counts, forgotten.deleted_counts);
  assert.deepEqual(receipt.scope, { user_id: "u", thread_id: "b", from_time: null, to_time: null });
  assert.match(receipt.completed_at, /^2024-05-05T00:00:0\d\.\d{3}Z$/);
  await post("/v1/forget", { user_id: "u" });
  const { body: page } = await get("/v1/deletion-receipts?limit=1&offset=1&user_id=u");
  assert.deepEqual([page.total, page.limit, page.offset, page.receipts[0].receipt_id], [2, 1, 1, forgotten.receipt_id]);
  assert.deepEqual(await recall("keep"), { system_context: "", memory_blocks: [], citations: [], token_estimate: 0 });
});

test("V2 recalls with evidence and has its own counts of deletions", async () => {
  const { ingest, post } = start();
  const { event_id } = await ingest("The kitchen is painted green");
  const { body: pack } = await post("/v2/recall", { user_id: "u", task: "kitchen", token_budget: 200, mode: "compose", status: "all" });
  assert.deepEqual(pack.memory_blocks[0].evidence, [{ event_id, quote: "The kitchen is painted green" }]);
  const { body: forgotten } = await post("/v2/forget", { user_id: "u" });
  assert.deepEqual(forgotten.deleted_counts, { events: 1, assertions: 0, episodes: 1, entities: 0, conflicts: 0, extraction_failures: 0 });
});

test("usage is counted by day and endpoint", async () => {
  const { emulator, ingest, recall, get, post } = start({ now: Date.UTC(2024, 1, 28, 12) });
  await ingest("one");
  emulator.setTime("2024-03-01T01:00:00Z");
  await ingest("two");
  await recall("two");
  await post("/v1/ingest", {});
  const { body: week } = await get("/v1/usage/summary");
  assert.deepEqual([week.range, week.start_date, week.end_date, week.daily.length], ["7d", "2024-02-24", "2024-03-01", 7]);
  assert.deepEqual(week.daily.map((day) => day.requests), [0, 0, 0, 0, 1, 0, 3]);
  assert.deepEqual([week.totals.requests, week.totals.ingest_events, week.totals.errors], [4, 2, 1]);
  assert.ok(week.totals.request_bytes > 100 && week.totals.response_bytes > 100);
  assert.equal((await get("/v1/usage/summary?range=month")).body.totals.requests, 3);
  const { body: breakdown } = await get("/v1/usage/breakdown?range=today");
  const ofIngest = breakdown.endpoints.find(({ endpoint }) => endpoint === "POST /v1/ingest");
  assert.deepEqual([ofIngest.requests, ofIngest.errors, ofIngest.error_rate], [2, 1, 0.5]);
  assert.ok(ofIngest.avg_latency_ms >= 0);
  const { body: limits } = await get("/v1/usage/limits");
  assert.deepEqual(limits.limits.requests, { used: 3, limit: null, remaining: null, percentage_used: 0 });
  assert.equal(limits.reset_date, "2024-04-01");
});

test("latency is included in the usage", async () => {
  const { ingest, get } = start({ latency: 30 });
  await ingest("slow");
  const { body } = await get("/v1/usage/breakdown?range=today");
  const [{ avg_latency_ms }] = body.endpoints;
  assert.ok(avg_latency_ms >= 25 && avg_latency_ms < 2000, `${avg_latency_ms}`);
});

test("beyond the quota the response is 429 with Retry-After", async () => {
  const { emulator, post, get } = start({ quota: { ingestEvents: 1, billingCycleDay: 10, plan: "free" }, now: "2024-06-09T23:59:00Z" });
  const ingest = () => post("/v1/ingest", { user_id: "u", type: "message", content: "x" });
  assert.equal((await ingest()).status, 200);
  const refused = await ingest();
  assert.equal(refused.status, 429);
  assert.equal(refused.body.error.code, "quota_exceeded");
  const seconds = refused.body.error.details.retry_after;
  assert.ok(seconds > 50 && seconds <= 60, `${seconds}`);
  assert.equal(refused.headers.get("retry-after"), String(seconds));
  const { body: limits } = await get("/v1/usage/limits");
  assert.deepEqual([limits.plan, limits.billing_cycle_day, limits.reset_date, limits.is_within_quota], ["free", 10, "2024-06-10", false]);
  assert.deepEqual(limits.limits.ingest_events, { used: 1, limit: 1, remaining: 0, percentage_used: 100 });
  emulator.advance(60_000);
  assert.equal((await ingest()).status, 200);
});

test("errors have the shape of the service", async () => {
  const { post, get, call } = start({ apiKeys: ["key-of-these-tests"], maxBodyBytes: 1000 });
  const cases = [
    [await post("/v1/ingest", {}, { headers: { authorization: "" } }), 401, "unauthorized"],
    [await post("/v1/ingest", {}, { headers: { authorization: "Bearer wrong" } }), 401, "unauthorized"],
    [await post("/v1/ingest", {}), 400, "invalid_request"],
    [await post("/v1/ingest", "{"), 400, "invalid_request"],
    [await post("/v1/ingest", ""), 400, "invalid_request"],
    [await get("/v1/deletion-receipts/none"), 404, "not_found"],
    [await get("/v1/nothing"), 404, "not_found"],
    [await call("PUT", "/v1/ingest", {}), 405, "method_not_allowed"],
    [await post("/v1/ingest", "x".repeat(1001)), 413, "payload_too_large"],
  ];
  for (const [{ status, body, headers }, expected, code] of cases) {
    assert.equal(status, expected);
    assert.equal(body.error.code, code);
    assert.ok(body.error.message.length > 0);
    assert.match(body.error.request_id, /^req_/);
    assert.equal(headers.get("x-request-id"), body.error.request_id);
    assert.equal(headers.get("access-control-allow-origin"), "*");
  }
  assert.equal(cases[7][0].headers.get("allow"), "POST, OPTIONS");
  const { issues } = (await post("/v1/recall", { user_id: 1, token_budget: 9000 })).body.error.details;
  assert.deepEqual(issues.map(({ path }) => path), ["user_id", "task", "token_budget"]);
  assert.ok(issues.every(({ message }) => typeof message === "string" && message.length > 0));
});

test("a preflight is answered without a key", async () => {
  const { emulator } = start();
  const response = await emulator.fetch("https://api.claiv.test/v1/ingest", {
    method: "OPTIONS",
    headers: { origin: "https://page.test", "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
  });
  assert.equal(response.status, 204);
  assert.equal(response.headers.get("access-control-allow-headers"), "authorization");
  assert.match(response.headers.get("access-control-expose-headers"), /retry-after/i);
});
