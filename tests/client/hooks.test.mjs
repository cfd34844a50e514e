// Hooks: which events they get, and that they cannot change a call.
import assert from "node:assert/strict";
import test from "node:test";
import { connect, KEY, rejection } from "../support/client.mjs";
import { errorBody, serve } from "../support/server.mjs";

const EVENT = { user_id: "user-of-the-secret", type: "message", content: "content-that-is-nobody's-business" };
const NAMES = ["onRequest", "onResponse", "onRetry", "onError"];
const INGEST = { method: "POST", path: "/v1/ingest", route: "/v1/ingest" };

/** Hooks that record their events, and the list of `[hook, event]` that they fill. */
function recorder() {
  const recorded = [];
  return [Object.fromEntries(NAMES.map((name) => [name, (event) => recorded.push([name, event])])), recorded];
}

/** The recorded events, without what differs from run to run. */
const plain = (recorded) => recorded.map(([name, { durationMs, ...event }]) => {
  assert.ok(durationMs === undefined || (Number.isFinite(durationMs) && durationMs >= 0), `durationMs is ${durationMs}`);
  return [name, event];
});

const busy = { status: 503, headers: { "retry-after-ms": "7", "x-request-id": "req-busy" }, body: errorBody("unavailable", "busy", { request_id: "req-busy" }) };

test("a call with a retry is told attempt by attempt", async (t) => {
  const server = await serve(t, () => (server.requests.length === 1 ? busy : { headers: { "x-request-id": "req-ok" }, body: { event_id: "e", deduped: false } }));
  const [hooks, recorded] = recorder();
  await connect(server, { maxRetries: 1, ...hooks }).ingest(EVENT);
  const call = INGEST;
  assert.deepEqual(plain(recorded), [
    ["onRequest", { ...call, attempt: 1 }],
    ["onResponse", { ...call, attempt: 1, status: 503, requestId: "req-busy", ok: false }],
    ["onRetry", { ...call, attempt: 1, status: 503, requestId: "req-busy", error: "ClaivServerError", waitMs: 7 }],
    ["onRequest", { ...call, attempt: 2 }],
    ["onResponse", { ...call, attempt: 2, status: 200, requestId: "req-ok", ok: true }],
  ]);
  assert.ok(recorded.every(([name, event]) => (name === "onResponse") === ("durationMs" in event)));
});

test("a call that fails is told once more at its end; ids stand in the path as they are sent", async (t) => {
  const server = await serve(t, () => ({ status: 404, body: errorBody("not_found", "There is none.", { request_id: "req-9" }) }));
  const [hooks, recorded] = recorder();
  await rejection(connect(server, hooks).getDeletionReceipt("a/b ü"));
  const call = { method: "GET", path: "/v1/deletion-receipts/a%2Fb%20%C3%BC", route: "/v1/deletion-receipts/{receiptId}", attempt: 1 };
  assert.deepEqual(plain(recorded), [
    ["onRequest", call],
    ["onResponse", { ...call, status: 404, requestId: "req-9", ok: false }],
    ["onError", { ...call, status: 404, requestId: "req-9", error: "ClaivNotFoundError" }],
  ]);
});

test("a call without an answer has no onResponse; one that is not sent has only onError", async () => {
  const [hooks, recorded] = recorder();
  const client = connect({ url: "http://127.0.0.1:1" }, { fetch: async () => { throw new TypeError("gone"); }, ...hooks });
  await rejection(client.healthCheck());
  const call = { method: "GET", path: "/healthz", route: "/healthz" };
  assert.deepEqual(plain(recorded.splice(0)), [
    ["onRequest", { ...call, attempt: 1 }],
    ["onError", { ...call, attempt: 1, error: "ClaivNetworkError" }],
  ]);
  await rejection(client.healthCheck({ signal: AbortSignal.abort() }));
  assert.deepEqual(plain(recorded.splice(0)), [["onError", { ...call, attempt: 0, error: "ClaivAbortError" }]]);
  await rejection(client.ingest({}));
  assert.deepEqual(recorded, [], "what breaks the rules never became a call");
});

test("hooks are told neither the key nor content nor users", async (t) => {
  const server = await serve(t, () => busy);
  const [hooks, recorded] = recorder();
  await rejection(connect(server, { maxRetries: 1, ...hooks }).ingest(EVENT));
  assert.equal(recorded.length, 6);
  const text = JSON.stringify(recorded);
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
    const hooks = Object.fromEntries(["onCall", ...NAMES].map((name) => [name, hook]));
    const client = connect(server, { maxRetries: 1, ...hooks });
    assert.deepEqual(await client.ingest(EVENT, { onResponse: hook }), { event_id: "e", deduped: false });
    const error = await rejection(client.ingest(EVENT, { maxRetries: 0, onResponse: hook }));
    assert.equal(error.status, 503);
    // Unhandled rejections are reported at the end of the turn.
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
  const recorded = [];
  await connect(server, { maxRetries: 1 }).ingest(EVENT, { onResponse: (response) => recorded.push(response) });
  assert.equal(recorded.length, 1);
  const [{ headers, durationMs, attempts, idempotencyKey, ...rest }] = recorded;
  assert.deepEqual(rest, { ...INGEST, attempt: 2, status: 200, requestId: "req-ok" });
  assert.equal(headers.get("x-region"), "eu");
  assert.ok(durationMs >= 7);
  assert.deepEqual(attempts.map(({ status, requestId, error }) => [status, requestId, typeof error]), [[503, "req-busy", "string"], [200, "req-ok", "undefined"]]);
  assert.equal(idempotencyKey, server.requests[1].json.idempotency_key);
});

test("a call's own onResponse is not told of a failure", async (t) => {
  const server = await serve(t, () => busy);
  const recorded = [];
  await rejection(connect(server).recall({ user_id: "u", task: "t", token_budget: 200 }, { onResponse: (response) => recorded.push(response) }));
  assert.deepEqual(recorded, []);
});

test("onCall is told while the method runs, before anything else, and what it returns goes to the other hooks of this call alone", async (t) => {
  const server = await serve(t, () => (server.requests.length === 1 ? busy : { body: { event_id: "e", deduped: false } }));
  const [hooks, recorded] = recorder();
  const calls = [];
  const onCall = (event) => { calls.push(event); return { number: calls.length }; };
  const client = connect(server, { maxRetries: 1, ...hooks, onCall });
  const ingest = client.ingest(EVENT);
  assert.deepEqual(calls, [{ ...INGEST, attempt: 0, baseUrl: server.url }]);
  await ingest;
  const contexts = recorded.splice(0).map(([, { context }]) => context);
  assert.equal(contexts.length, 5);
  for (const context of contexts) assert.equal(context, contexts[0]);
  assert.deepEqual(contexts[0], { number: 1 });
  await rejection(client.healthCheck({ signal: AbortSignal.abort() }));
  assert.deepEqual(recorded.map(([name, { context }]) => [name, context]), [["onError", { number: 2 }]]);
});

test("a batch is told while the method runs, and each of its events when it is sent, with what was returned for the batch; what breaks the rules is none", async (t) => {
  const server = await serve(t, () => ({ body: { event_id: "e", deduped: false } }));
  const seen = new Map();
  const calls = [];
  const onCall = (event) => calls.push(event);
  const client = connect(server, { onCall, onResponse: ({ context, ok }) => seen.set(context, ok) });
  const results = client.ingestMany([EVENT, {}, EVENT, EVENT], { concurrency: 1 });
  assert.deepEqual(calls, [{ ...INGEST, attempt: 0, baseUrl: server.url, events: 4 }]);
  await results;
  assert.deepEqual(calls.slice(1), Array(3).fill({ ...INGEST, attempt: 0, baseUrl: server.url, context: 1 }));
  assert.deepEqual([...seen], [[2, true], [3, true], [4, true]]);
  await rejection(client.ingest({}));
  assert.equal(calls.length, 4);
});

test("events of a batch that an abort keeps from being sent are told to onError with what onCall returned for the batch", async (t) => {
  const server = await serve(t);
  const recorded = [];
  const client = connect(server, { onCall: ({ events }) => events && "the batch", onError: ({ attempt, context }) => recorded.push([attempt, context]) });
  await client.ingestMany([EVENT, EVENT], { signal: AbortSignal.abort() });
  assert.deepEqual(recorded, [[0, "the batch"], [0, "the batch"]]);
});

test("an answer of 200 that cannot be used is not ok", async (t) => {
  const server = await serve(t, () => ({ body: "<html>" }));
  const [hooks, recorded] = recorder();
  await rejection(connect(server, hooks).healthCheck());
  assert.deepEqual(recorded.map(([name, { status, ok }]) => [name, status, ok]), [["onRequest", undefined, undefined], ["onResponse", 200, false], ["onError", 200, undefined]]);
});

test("without onCall, and where it returns undefined or throws, there is no context", async (t) => {
  const server = await serve(t);
  const [hooks, recorded] = recorder();
  for (const onCall of [undefined, () => {}, () => { throw new Error("from a hook"); }]) await connect(server, { ...hooks, onCall }).healthCheck();
  assert.equal(recorded.length, 6);
  for (const [, event] of recorded) assert.ok(!("context" in event));
});

test("onCall may call the client: such a chain ends", async (t) => {
  const server = await serve(t);
  let deepest = 0;
  const inner = [];
  const client = connect(server, { onCall: () => { deepest += 1; inner.push(client.healthCheck().catch((error) => error)); } });
  await client.healthCheck();
  const results = await Promise.all(inner);
  assert.equal(deepest, 50);
  assert.match(results.find((one) => one instanceof Error).message, /again and again/);
});
