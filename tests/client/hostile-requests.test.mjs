// Requests that are made to break the client: cycles, proxies, getters that throw. Each gives a ClaivError or the right result, and the
// client works afterwards.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivError, ClaivValidationError } from "claiv-memory";
import { connect, deepFreeze, paths, rejection } from "../support/client.mjs";
import { serveEmulator } from "../support/emulator.mjs";
import { serve } from "../support/server.mjs";

const EVENT = { user_id: "u", type: "message", content: "tea at five" };
const RECALL = { user_id: "u", task: "tea", token_budget: 2000 };
const trap = () => { throw new RangeError("trap"); };

/** Checks that a client, whatever it went through, still does its work. */
async function works(client) {
  const { event_id, deduped } = await client.ingest({ ...EVENT, user_id: "control" });
  assert.equal(deduped, false);
  const pack = await client.recall({ ...RECALL, user_id: "control" });
  assert.ok(pack.citations.includes(event_id));
}

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** `base` with itself somewhere inside. */
function cycle(base, hide) {
  const object = { ...base };
  return Object.assign(object, hide(object));
}

function deep(levels) {
  let object = {};
  for (let i = 0; i < levels; i++) object = { object };
  return object;
}

/** Each: what it is, the request, and the paths of its faults. */
const REFUSED = [
  ["a request of the wrong type", 5, ["request"]],
  ["fields of wrong types", { user_id: {}, type: [], content: 5 }, ["content", "type", "user_id"]],
  ["boxed strings", { user_id: new String("u"), type: new String("message"), content: new String("c") }, ["content", "type", "user_id"]],
  ["a getter that throws", { ...EVENT, get content() { return trap(); } }, ["content"]],
  ["a getter of an unknown field that throws", { ...EVENT, get later() { return trap(); } }, ["later"]],
  ["a getter that throws undefined", { ...EVENT, get thread_id() { throw undefined; } }, ["thread_id"]],
  ["a getter that throws what cannot be shown", { ...EVENT, get role() { throw revoked({}); } }, ["role"]],
  ["a getter deep inside that throws", { ...EVENT, metadata: { a: { get b() { return trap(); } } } }, ["metadata"]],
  ["a toJSON that throws", { ...EVENT, metadata: { toJSON: trap } }, ["metadata"]],
  ["a request whose toJSON throws", { ...EVENT, toJSON: trap }, undefined],
  ["a cycle", cycle(EVENT, (object) => ({ metadata: { inner: { back: object } } })), ["metadata"]],
  ["a request that holds itself", cycle(EVENT, (self) => ({ self })), ["self"]],
  ["a BigInt for a number", { ...RECALL, token_budget: 2000n }, ["token_budget"], "recall"],
  ["a BigInt in the metadata", { ...EVENT, metadata: { n: 5n } }, ["metadata"]],
  ["a BigInt in an unknown field", { ...EVENT, later: [5n] }, ["later"]],
  ["a revoked proxy", revoked({}), ["request"]],
  ["a revoked proxy inside", { ...EVENT, metadata: revoked({}) }, ["metadata"]],
  ["a revoked proxy deep inside", { ...EVENT, metadata: { a: revoked({}) } }, ["metadata"]],
  ["a revoked list", { ...RECALL, relations: revoked([]) }, ["relations"], "recallV2"],
  ["a list that throws", { ...RECALL, relations: new Proxy(["a"], { get: (list, key) => (key === "0" ? trap() : list[key]) }) }, ["relations[0]"], "recallV2"],
  ["a proxy that throws at every read", new Proxy({ ...EVENT }, { get: trap }), ["content", "event_time", "idempotency_key", "metadata", "role", "thread_id", "type", "user_id"]],
  ["a proxy that throws when it is listed", new Proxy({ ...EVENT }, { ownKeys: trap }), ["request"]],
  ["a proxy that throws when it is described", new Proxy({ ...EVENT }, { getOwnPropertyDescriptor: trap }), undefined],
  ["a symbol for a string", { ...EVENT, content: Symbol("c") }, ["content"]],
  ["a symbol for a time", { ...EVENT, event_time: Symbol("t") }, ["event_time"]],
  ["a function for a string", { ...EVENT, content: () => "c" }, ["content"]],
  ["a nesting too deep for JSON", { ...EVENT, metadata: deep(200_000) }, ["metadata"]],
  ["content that is empty", { ...EVENT, content: "" }, ["content"]],
  ["an array with the fields of a request", Object.assign([], EVENT), undefined],
];

for (const [what, request, expected, method = "ingest"] of REFUSED) {
  test(`${what} is refused with its path, unsent, and the client still works`, async (t) => {
    const server = await serveEmulator(t);
    const client = connect(server);
    const error = await rejection(client[method](request), ClaivValidationError);
    if (expected) assert.deepEqual(paths(error), expected);
    else assert.ok(error.issues.length > 0);
    assert.match(error.message, /^The request was not sent: /);
    assert.ok(error.message.length < 2000, error.message);
    assert.equal(server.emulator.requests.length, 0);
    await works(client);
  });
}

/** Each: what it is, the request, and what the server must have got. */
const SENT = [
  ["lone surrogates", { ...EVENT, content: "tea \ud83d and \ude00" }, { content: "tea \ud83d and \ude00" }],
  ["five megabytes of content", { ...EVENT, content: "tea ".repeat(1_250_000) }, { content: "tea ".repeat(1_250_000) }],
  ["five megabytes of what JSON escapes", { ...EVENT, content: "\u0001".repeat(1_000_000) }, { content: "\u0001".repeat(1_000_000) }],
  ["no prototype", Object.assign(Object.create(null), EVENT, { metadata: Object.assign(Object.create(null), { a: 1 }) }), { metadata: { a: 1 } }],
  ["symbols for names", { ...EVENT, [Symbol("s")]: 1, metadata: { [Symbol.iterator]: 1, a: 1 } }, { metadata: { a: 1 } }],
  ["symbols and functions among the metadata", { ...EVENT, metadata: { s: Symbol("s"), f() {}, u: undefined, list: [Symbol("x")] } }, { metadata: { list: [null] } }],
  ["a frozen request", deepFreeze({ ...EVENT, metadata: { a: [1] } }), { metadata: { a: [1] } }],
  ["a sealed request", Object.seal({ ...EVENT }), {}],
  ["getters that give values", { ...EVENT, get content() { return "from a getter"; } }, { content: "from a getter" }],
  ["a proxy that behaves", new Proxy({ ...EVENT }, {}), {}],
  ["a proxy that answers everything", new Proxy({ ...EVENT }, { get: (target, key) => target[key] }), {}],
  ["names of Object.prototype", { ...EVENT, constructor: 1, hasOwnProperty: 2, valueOf: 3, ["__proto__"]: 4 }, { constructor: 1, hasOwnProperty: 2, valueOf: 3 }],
  ["__proto__ among the metadata", { ...EVENT, metadata: JSON.parse('{"__proto__":{"polluted":true},"a":1}') }, {}],
  ["a request of a class", Object.assign(new (class Event { method() {} })(), EVENT), {}],
  ["an array with more properties than items", { ...EVENT, metadata: { list: Object.assign([1], { more: 2 }) } }, { metadata: { list: [1] } }],
  ["a sparse list", { ...EVENT, metadata: { list: [, 1] } }, { metadata: { list: [null, 1] } }], // eslint-disable-line no-sparse-arrays
  ["a thousand unknown fields", { ...EVENT, ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i])) }, { f0: 0, f999: 999 }],
];

for (const [what, request, expected] of SENT) {
  test(`a request with ${what} is sent as JSON has it, and the client still works`, async (t) => {
    const server = await serve(t, () => ({ body: { event_id: "e", deduped: false, citations: ["e"] } }));
    const client = connect(server);
    await client.ingest(request);
    const { json } = server.requests[0];
    for (const [name, value] of Object.entries({ ...EVENT, ...expected })) assert.deepEqual(json[name], value, name);
    assert.equal({}.polluted, undefined);
    await works(client);
  });
}

test("hostile requests among good ones, all at once, spoil none of these", async (t) => {
  const server = await serveEmulator(t);
  const client = connect(server);
  const mixed = REFUSED.flatMap(([, request, , method = "ingest"]) => [client[method](request), client.ingest(EVENT)]);
  const results = await Promise.allSettled(mixed);
  for (const [i, { status, reason }] of results.entries()) {
    assert.equal(status, i % 2 ? "fulfilled" : "rejected", String(i));
    if (reason) assert.ok(reason instanceof ClaivError, String(i));
  }
  await works(client);
});

test("a getter may use the client while it is read", async (t) => {
  const server = await serveEmulator(t);
  const client = connect(server);
  const inner = [];
  const request = { ...EVENT, get content() { inner.push(client.ingest(EVENT)); return "outer"; } };
  await client.ingest(request);
  assert.ok(inner.length > 0);
  for (const { deduped } of await Promise.all(inner)) assert.equal(deduped, false);
  await works(client);
});

test("a getter may close the client while it is read: that call goes on, the next does not", async (t) => {
  const server = await serveEmulator(t);
  const client = connect(server);
  await client.ingest({ ...EVENT, get content() { client.close(); return "last words"; } });
  await rejection(client.ingest(EVENT));
});

test("what throws without a stack to spare is refused like anything else", async (t) => {
  const server = await serveEmulator(t);
  const client = connect(server);
  const outcome = (function dive() {
    try {
      return dive();
    } catch {
      return client.healthCheck().then(() => "fine", (error) => error);
    }
  })();
  await outcome;
  await works(client);
  await works(new ClaivClient({ apiKey: "k", baseUrl: server.url }));
});
