// Idempotency keys: an event is stored once, however often it is sent.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivAbortError, ClaivError, ClaivNetworkError, ClaivServerError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { serveEmulator } from "../support/emulator.mjs";
import { errorBody, serve } from "../support/server.mjs";

const EVENT = { user_id: "u", type: "message", content: "c" };
const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("an ingest without a key gets a UUIDv4, another for each call", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  for (let i = 0; i < 50; i++) await client.ingest(EVENT);
  const keys = server.requests.map(({ json }) => json.idempotency_key);
  for (const key of keys) assert.match(key, UUID_V4);
  assert.equal(new Set(keys).size, 50);
  for (const { json } of server.requests) assert.deepEqual({ ...json, idempotency_key: undefined }, { ...EVENT, idempotency_key: undefined });
});

test("a key that is undefined counts as none", async (t) => {
  const server = await serve(t);
  await connect(server).ingest({ ...EVENT, idempotency_key: undefined });
  assert.match(server.requests[0].json.idempotency_key, UUID_V4);
});

test("all attempts of a call carry the same key", async (t) => {
  const server = await serve(t, (_, number) => (number < 4 ? { status: 503, headers: { "retry-after-ms": "1" } } : {}));
  await connect(server, { maxRetries: 3 }).ingest(EVENT);
  assert.equal(server.requests.length, 4);
  assert.match(server.requests[0].json.idempotency_key, UUID_V4);
  assert.equal(new Set(server.requests.map(({ text }) => text)).size, 1);
});

test("a key that is given is kept", async (t) => {
  const server = await serve(t);
  for (const autoIdempotency of [true, false]) await connect(server, { autoIdempotency }).ingest({ ...EVENT, idempotency_key: "mine" });
  assert.deepEqual(server.requests.map(({ text }) => text), Array(2).fill(JSON.stringify({ ...EVENT, idempotency_key: "mine" })));
});

test("autoIdempotency: false sends none", async (t) => {
  const server = await serve(t);
  await connect(server, { autoIdempotency: false }).ingest(EVENT);
  assert.equal(server.requests[0].text, JSON.stringify(EVENT));
});

test("only ingest gets a key", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  await client.recall({ user_id: "u", task: "t", token_budget: 200 });
  await client.forget({ user_id: "u" });
  await client.forgetV2({ user_id: "u" });
  for (const { text } of server.requests) assert.ok(!text.includes("idempotency"), text);
});

test("a key is added to whatever JSON makes of the request, once", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  class Event {
    constructor() { Object.assign(this, EVENT); }
    toJSON() { return { ...EVENT, shaped: true }; }
  }
  await client.ingest(new Event());
  assert.match(server.requests[0].json.idempotency_key, UUID_V4);
  assert.equal(server.requests[0].json.shaped, true);
  await connect(server, { validate: false }).ingest({});
  assert.deepEqual(Object.keys(server.requests[1].json), ["idempotency_key"]);
  await connect(server, { validate: false }).ingest([1]);
  assert.equal(server.requests[2].text, "[1]");
});

test("a key that only toJSON gives is kept", async (t) => {
  const server = await serve(t);
  await connect(server).ingest(Object.assign(Object.create({ toJSON() { return { ...EVENT, idempotency_key: "from-json" }; } }), EVENT));
  assert.equal(server.requests[0].text.match(/idempotency_key/g).length, 1);
  assert.equal(server.requests[0].json.idempotency_key, "from-json");
});

// JSON.stringify writes own enumerable fields only.
const UNSENT = {
  "inherited": () => Object.assign(Object.create({ idempotency_key: "unsent" }), EVENT),
  "not enumerable": () => Object.defineProperty({ ...EVENT }, "idempotency_key", { value: "unsent" }),
};
for (const [what, make] of Object.entries(UNSENT)) {
  test(`the key that an error tells is the key that was sent, also where the request's own is ${what}`, async (t) => {
    const server = await serve(t, () => "drop");
    const error = await rejection(connect(server, { maxRetries: 1, maxRetryDelay: 1 }).ingest(make()), ClaivError);
    for (const { json } of server.requests) assert.equal(json.idempotency_key, error.idempotencyKey);
    assert.ok(server.requests.length <= 1 || error.idempotencyKey !== undefined, "what carries no key is not sent twice");
  });
}

const FAILURES = {
  "a 503": [() => ({ status: 503, body: errorBody("down", "m") }), {}, ClaivServerError],
  "a dropped connection": [() => "drop", {}, ClaivNetworkError],
  "an abort before the call": [() => "hang", { signal: AbortSignal.abort() }, ClaivAbortError],
  "a timeout": [() => "hang", { timeout: 30 }, ClaivError],
};
for (const [what, [answer, options, expected]] of Object.entries(FAILURES)) {
  test(`the error of ${what} carries the key that was used`, async (t) => {
    const server = await serve(t, answer);
    const error = await rejection(connect(server).ingest(EVENT, options), expected);
    assert.match(error.idempotencyKey, UUID_V4);
    for (const { json } of server.requests) assert.equal(json.idempotency_key, error.idempotencyKey);
    const own = await rejection(connect(server).ingest({ ...EVENT, idempotency_key: "mine" }, options), expected);
    assert.equal(own.idempotencyKey, "mine");
    const none = await rejection(connect(server, { autoIdempotency: false }).ingest(EVENT, options), expected);
    assert.ok(!("idempotencyKey" in none));
  });
}

test("without a key a dropped ingest is not sent twice; with one it is", async (t) => {
  for (const [options, request, attempts] of [
    [{ autoIdempotency: false }, EVENT, 1], [{ autoIdempotency: false }, { ...EVENT, idempotency_key: "k" }, 2], [{}, EVENT, 2],
  ]) {
    const server = await serve(t, () => "drop");
    const error = await rejection(connect(server, { maxRetries: 1, maxRetryDelay: 1, ...options }).ingest(request), ClaivNetworkError);
    assert.equal(server.requests.length, attempts);
    assert.equal(error.attempts.length, attempts);
  }
});

test("an event whose answer was lost is stored once, and the retry says so", async (t) => {
  const server = await serveEmulator(t);
  server.emulator.addFault({ path: "/v1/ingest", after: true, status: 503 });
  const answer = await connect(server, { maxRetries: 1, maxRetryDelay: 1 }).ingest(EVENT);
  assert.equal(answer.deduped, true);
  const pack = await connect(server).recall({ user_id: "u", task: "c", token_budget: 200 });
  assert.deepEqual(pack.citations, [answer.event_id]);
});

test("an ingest that failed for good can be taken up again with the error's key", async (t) => {
  const server = await serveEmulator(t);
  server.emulator.addFault({ path: "/v1/ingest", after: true, status: 503 });
  const client = connect(server);
  const error = await rejection(client.ingest(EVENT), ClaivServerError);
  assert.equal(error.mayHaveBeenApplied, true);
  const again = await client.ingest({ ...EVENT, idempotency_key: error.idempotencyKey });
  assert.equal(again.deduped, true);
});

test("a key that a getter gives is read once for the request: what was sent is what the error tells", async (t) => {
  const server = await serve(t, () => ({ status: 400, body: errorBody("invalid_request", "no") }));
  const make = {
    "a getter": (next) => Object.defineProperty({ ...EVENT }, "idempotency_key", { get: next, enumerable: true }),
    "a toJSON": (next) => ({ ...EVENT, idempotency_key: "mine", toJSON() { return { ...EVENT, idempotency_key: next() }; } }),
  };
  for (const [what, of] of Object.entries(make)) {
    let count = 0;
    const error = await rejection(connect(server).ingest(of(() => `key-${++count}`)));
    assert.equal(error.idempotencyKey, server.requests.at(-1).json.idempotency_key, what);
  }
});

test("a document_id that a getter gives once only is the one by which a lost upload is sent again", async (t) => {
  const server = await serve(t, (_, number) => (number === 1 ? "drop" : { body: {} }));
  let count = 0;
  const document = { user_id: "u", content: "c", document_name: "n", project_id: "p", get document_id() { count += 1; return count > 2 ? undefined : "d"; } };
  await connect(server, { maxRetries: 1 }).uploadDocument(document);
  assert.deepEqual(server.requests.map(({ json }) => json.document_id), ["d", "d"]);
});
