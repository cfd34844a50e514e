// Hooks: what they are told, and that they cannot change a call.
import assert from "node:assert/strict";
import test from "node:test";
import { connect, KEY, rejection } from "../support/client.mjs";
import { errorBody, serve } from "../support/server.mjs";

const EVENT = { user_id: "user-of-the-secret", type: "message", content: "content-that-is-nobody's-business" };
const NAMES = ["onRequest", "onResponse", "onRetry", "onError"];

/** Hooks that write down what they are told, and the list that they write. */
function recorder() {
  const told = [];
  return [Object.fromEntries(NAMES.map((name) => [name, (event) => told.push([name, event])])), told];
}

/** What was told, without what differs from run to run. */
const plain = (told) => told.map(([name, { durationMs, ...event }]) => {
  assert.ok(durationMs === undefined || (Number.isFinite(durationMs) && durationMs >= 0), `durationMs is ${durationMs}`);
  return [name, event];
});

const busy = { status: 503, headers: { "retry-after-ms": "7", "x-request-id": "req-busy" }, body: errorBody("unavailable", "busy", { request_id: "req-busy" }) };

test("a call with a retry is told attempt by attempt", async (t) => {
  const server = await serve(t, () => (server.requests.length === 1 ? busy : { headers: { "x-request-id": "req-ok" }, body: { event_id: "e", deduped: false } }));
  const [hooks, told] = recorder();
  await connect(server, { maxRetries: 1, ...hooks }).ingest(EVENT);
  const call = { method: "POST", path: "/v1/ingest" };
  assert.deepEqual(plain(told), [
    ["onRequest", { ...call, attempt: 1 }],
    ["onResponse", { ...call, attempt: 1, status: 503, requestId: "req-busy" }],
    ["onRetry", { ...call, attempt: 1, status: 503, requestId: "req-busy", error: "ClaivServerError", waitMs: 7 }],
    ["onRequest", { ...call, attempt: 2 }],
    ["onResponse", { ...call, attempt: 2, status: 200, requestId: "req-ok" }],
  ]);
  assert.ok(told.every(([name, event]) => (name === "onResponse") === ("durationMs" in event)));
});

test("a call that fails is told once more at its end; ids stand in the path as they are sent", async (t) => {
  const server = await serve(t, () => ({ status: 404, body: errorBody("not_found", "There is none.", { request_id: "req-9" }) }));
  const [hooks, told] = recorder();
  await rejection(connect(server, hooks).getDeletionReceipt("a/b ü"));
  const call = { method: "GET", path: "/v1/deletion-receipts/a%2Fb%20%C3%BC", attempt: 1 };
  assert.deepEqual(plain(told), [
    ["onRequest", call],
    ["onResponse", { ...call, status: 404, requestId: "req-9" }],
    ["onError", { ...call, status: 404, requestId: "req-9", error: "ClaivNotFoundError" }],
  ]);
});

test("a call without an answer has no onResponse; one that is not sent has only onError", async () => {
  const [hooks, told] = recorder();
  const client = connect({ url: "http://127.0.0.1:1" }, { fetch: async () => { throw new TypeError("gone"); }, ...hooks });
  await rejection(client.healthCheck());
  const call = { method: "GET", path: "/healthz" };
  assert.deepEqual(plain(told.splice(0)), [
    ["onRequest", { ...call, attempt: 1 }],
    ["onError", { ...call, attempt: 1, error: "ClaivNetworkError" }],
  ]);
  await rejection(client.healthCheck({ signal: AbortSignal.abort() }));
  assert.deepEqual(plain(told.splice(0)), [["onError", { ...call, attempt: 0, error: "ClaivAbortError" }]]);
  await rejection(client.ingest({}));
  assert.deepEqual(told, [], "what breaks the rules never became a call");
});

test("hooks are told neither the key nor content nor users", async (t) => {
  const server = await serve(t, () => busy);
  const [hooks, told] = recorder();
  await rejection(connect(server, { maxRetries: 1, ...hooks }).ingest(EVENT));
  assert.equal(told.length, 6);
  const text = JSON.stringify(told);
  for (const secret of [KEY, EVENT.content, EVENT.user_id]) assert.ok(!text.includes(secret), secret);
});

const bad = {
  throws: () => { throw new Error("from a hook"); },
  "throws nothing of sense": () => { throw undefined; },
  rejects: () => Promise.reject(new Error("from a hook")),
  "never settles": () => new Promise(() => {}),
  "returns a thenable that throws": () => ({ then() { throw new Error("from a hook"); } }),
  "spoils what it is given": (event) => { for (const name of Object.keys(event)) delete event[name]; },
  "freezes what it is given": (event) => Object.freeze(event),
};

for (const [what, hook] of Object.entries(bad)) {
  test(`a hook that ${what} changes nothing`, async (t) => {
    const unhandled = [];
    const note = (reason) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    t.after(() => process.off("unhandledRejection", note));
    const server = await serve(t, () => (server.requests.length % 2 === 1 ? busy : { body: { event_id: "e", deduped: false } }));
    const hooks = Object.fromEntries(NAMES.map((name) => [name, hook]));
    const client = connect(server, { maxRetries: 1, ...hooks });
    assert.deepEqual(await client.ingest(EVENT, { onResponse: hook }), { event_id: "e", deduped: false });
    const error = await rejection(client.ingest(EVENT, { maxRetries: 0, onResponse: hook }));
    assert.equal(error.status, 503);
    // Unhandled rejections are told when the turn is over.
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(unhandled, []);
    assert.equal(server.requests.length, 3);
  });
}

test("a hook may use the client itself", async (t) => {
  const server = await serve(t, () => ({ body: { ok: true } }));
  const calls = [];
  const client = connect(server, { onRequest: ({ path }) => { if (path !== "/healthz") calls.push(client.healthCheck()); } });
  await client.getUsageLimits();
  assert.deepEqual(await Promise.all(calls), [{ ok: true }]);
});

test("a call's own onResponse gives status, headers, request id and attempts of its success", async (t) => {
  const server = await serve(t, () => (server.requests.length === 1 ? busy : { headers: { "x-request-id": "req-ok", "x-region": "eu" }, body: { event_id: "e", deduped: false } }));
  const told = [];
  await connect(server, { maxRetries: 1 }).ingest(EVENT, { onResponse: (response) => told.push(response) });
  assert.equal(told.length, 1);
  const [{ headers, durationMs, attempts, idempotencyKey, ...rest }] = told;
  assert.deepEqual(rest, { method: "POST", path: "/v1/ingest", attempt: 2, status: 200, requestId: "req-ok" });
  assert.equal(headers.get("x-region"), "eu");
  assert.ok(durationMs >= 7);
  assert.deepEqual(attempts.map(({ status, requestId, error }) => [status, requestId, typeof error]), [[503, "req-busy", "string"], [200, "req-ok", "undefined"]]);
  assert.equal(idempotencyKey, server.requests[1].json.idempotency_key);
});

test("a call's own onResponse is not told of a failure", async (t) => {
  const server = await serve(t, () => busy);
  const told = [];
  await rejection(connect(server).recall({ user_id: "u", task: "t", token_budget: 200 }, { onResponse: (response) => told.push(response) }));
  assert.deepEqual(told, []);
});
