// Every method on the wire: method, path, query, headers and body, and the answer as it came.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient } from "claiv-memory";
import { KEY, connect, deepFreeze } from "../support/client.mjs";
import { METHODS } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

const STRANGE_ANSWER = {
  ok: true, event_id: "e-1", memory_blocks: [{ type: "a kind of tomorrow", score: 1e-9, extra: { deep: [null, false] } }],
  "": 0, constructor: "c", toString: 1, unknown: "\u0000\ud83d\ude00", big: 1e300, nothing: null,
};

for (const { name, method, url, body, open, call } of METHODS) {
  test(`${name} is ${method} ${url.split("?")[0]}, exactly`, async (t) => {
    const server = await serve(t);
    await call(connect(server));
    assert.equal(server.requests.length, 1);
    const [request] = server.requests;
    assert.equal(request.method, method);
    assert.equal(request.url, url);
    assert.equal(request.text, body ? JSON.stringify(body) : "");
    assert.equal(request.headers.accept, "application/json");
    assert.equal(request.headers.authorization, open ? undefined : `Bearer ${KEY}`);
    assert.equal(request.headers["content-type"], body ? "application/json" : undefined);
  });

  test(`${name} gives the answer as it came, unknown fields included`, async (t) => {
    const server = await serve(t, () => ({ body: STRANGE_ANSWER }));
    const answer = await call(connect(server));
    assert.deepEqual(answer, STRANGE_ANSWER);
    assert.equal(Object.getPrototypeOf(answer), Object.prototype);
  });

  test(`${name} returns a promise`, async (t) => {
    const server = await serve(t);
    const promise = call(connect(server));
    assert.ok(promise instanceof Promise);
    await promise;
  });
}

test("every method of the client is in this table, but those of no endpoint of their own", () => {
  const others = ["check", "close", "constructor", "ingestMany", "ingestManyV1", "ingestManyV3", "ingestManyV6", "documents", "collections", "deletionReceipts"];
  const names = Object.getOwnPropertyNames(ClaivClient.prototype).filter((name) => !name.startsWith("__"));
  assert.deepEqual(names.sort(), [...others, ...METHODS.map(({ name }) => name)].sort());
});

test("nothing is followed but the contract: redirects are manual and the signal is the client's own", async (t) => {
  const server = await serve(t);
  let seen;
  await connect(server, { fetch: (url, init) => { seen = init; return fetch(url, init); } }).healthCheck();
  assert.deepEqual(Object.keys(seen).sort(), ["cache", "headers", "method", "redirect", "signal"]);
  assert.equal(seen.redirect, "manual");
  assert.ok(seen.signal instanceof AbortSignal && !seen.signal.aborted);
});

for (const { name, method, call } of METHODS) {
  test(`${name} is ${method === "GET" ? "never answered out of a cache" : "sent without a word on caches"}`, async () => {
    let seen;
    await call(connect({ url: "http://127.0.0.1:9" }, { fetch: async (_, init) => { seen = init; return new Response("{}"); } }));
    assert.equal(seen.cache, method === "GET" ? "no-store" : undefined);
    assert.equal("cache" in seen, method === "GET");
  });
}

const DEFAULTS = [
  ["listDeletionReceipts", [], "/v1/deletion-receipts?limit=20&offset=0"],
  ["listDeletionReceipts", [undefined], "/v1/deletion-receipts?limit=20&offset=0"],
  ["listDeletionReceipts", [{}], "/v1/deletion-receipts?limit=20&offset=0"],
  ["listDeletionReceipts", [{ user_id: undefined, limit: undefined, offset: undefined }], "/v1/deletion-receipts?limit=20&offset=0"],
  ["listDeletionReceipts", [{ limit: 1 }], "/v1/deletion-receipts?limit=1&offset=0"],
  ["listDeletionReceipts", [{ offset: 7, user_id: "u" }], "/v1/deletion-receipts?limit=20&offset=7&user_id=u"],
  ["listDeletionReceipts", [{ limit: 9007199254740991, offset: -0 }], "/v1/deletion-receipts?limit=9007199254740991&offset=0"],
  ["listDocuments", [{ user_id: "u" }], "/v6/documents?user_id=u&limit=20&offset=0"],
  ["listDocuments", [{ collection_id: "k", user_id: "u", limit: undefined }], "/v6/documents?user_id=u&limit=20&offset=0&collection_id=k"],
  ["listCollections", [{ user_id: "u" }], "/v6/collections?user_id=u&limit=100&offset=0"],
  ["getCollection", ["a/b?c", "u&v=ü"], "/v6/collections/a%2Fb%3Fc?user_id=u%26v%3D%C3%BC"],
  ["deleteCollection", ["k 1", "#"], "/v6/collections/k%201?user_id=%23"],
  ["removeDocumentFromCollection", ["a/b", "c/d"], "/v6/collections/a%2Fb/documents/c%2Fd"],
  ["feedbackV3", ["../x", { fact_ids_used: [] }], "/v3/recall/..%2Fx/feedback"],
  ["getUsageSummary", [], "/v1/usage/summary?range=7d"],
  ["getUsageSummary", [undefined], "/v1/usage/summary?range=7d"],
  ["getUsageSummary", ["today"], "/v1/usage/summary?range=today"],
  ["getUsageBreakdown", [], "/v1/usage/breakdown?range=7d"],
  ["getUsageBreakdown", ["30d"], "/v1/usage/breakdown?range=30d"],
];

for (const [name, args, url] of DEFAULTS) {
  test(`${name}(${args.map((arg) => JSON.stringify(arg) ?? "undefined").join()}) asks for ${url}`, async (t) => {
    const server = await serve(t);
    await connect(server)[name](...args);
    assert.equal(server.requests[0].url, url);
  });
}

test("fields that are not known yet are sent as they are, in bodies and queries", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  const request = { user_id: "u", task: "t", token_budget: 200, rerank: { by: ["x"] }, "": 1, "späť": null };
  await client.recall(request);
  assert.equal(server.requests[0].text, JSON.stringify(request));
  await client.listDeletionReceipts({ after: "c=1&d", limit: 2, flag: true, "ü b": 0, none: undefined });
  assert.equal(server.requests[1].url, "/v1/deletion-receipts?limit=2&offset=0&after=c%3D1%26d&flag=true&%C3%BC%20b=0");
});

test("requests may be frozen to the core and are not changed", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  const request = deepFreeze({ user_id: "u", type: "message", content: "c", metadata: { list: [{ a: 1 }] } });
  await client.ingest(request, Object.freeze({ headers: Object.freeze({ "x-a": "1" }) }));
  assert.deepEqual(request, { user_id: "u", type: "message", content: "c", metadata: { list: [{ a: 1 }] } });
  const open = { user_id: "u", type: "message", content: "c" };
  await client.ingest(open);
  assert.deepEqual(Reflect.ownKeys(open), ["user_id", "type", "content"], "the idempotency key is not put into the caller's object");
  await client.listDeletionReceipts(deepFreeze({ limit: 1 }));
  assert.equal(server.requests.length, 3);
});

test("what is sent is what was given at the time of the call", async (t) => {
  const server = await serve(t, (_, number) => (number === 1 ? { status: 503, headers: { "retry-after-ms": "1" } } : {}));
  const request = { user_id: "u", type: "message", content: "before", metadata: { list: [1] } };
  const options = { headers: { "x-a": "before" }, maxRetries: 1 };
  const promise = connect(server).ingest(request, options);
  request.content = "after";
  request.metadata.list.push(2);
  options.headers["x-a"] = "after";
  options.maxRetries = 0;
  await promise;
  assert.equal(server.requests.length, 2);
  for (const { json, headers } of server.requests) {
    assert.equal(json.content, "before");
    assert.deepEqual(json.metadata, { list: [1] });
    assert.equal(headers["x-a"], "before");
  }
});

test("many calls at once each get their own answer", async (t) => {
  const server = await serve(t, async ({ json }) => {
    await new Promise(setImmediate);
    return { body: { system_context: json.task } };
  });
  const client = connect(server);
  const tasks = Array.from({ length: 100 }, (_, i) => `task ${i}`);
  const answers = await Promise.all(tasks.map((task) => client.recall({ user_id: "u", task, token_budget: 200 })));
  assert.deepEqual(answers.map(({ system_context }) => system_context), tasks);
});
