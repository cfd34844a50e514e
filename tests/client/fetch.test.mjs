// Which fetch is called, when, and how: the host's or the caller's. What a faulty one does to a call: tests/resilience/faulty-fetch.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivError, ClaivNetworkError, ClaivResponseError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const NOWHERE = { url: "http://127.0.0.1:1" };

/** Puts something else in the place of the host's fetch for one test. */
function replaceFetch(t, value) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, "fetch");
  t.after(() => Object.defineProperty(globalThis, "fetch", descriptor));
  Object.defineProperty(globalThis, "fetch", { value, configurable: true, writable: true });
}

test("a given fetch is called with no this, the URL and the request", async () => {
  const calls = [];
  // A module is strict: this is what the caller made it.
  const given = function (...args) {
    calls.push({ self: this, args });
    return Promise.resolve(new Response("{}"));
  };
  await connect(NOWHERE, { fetch: given }).getUsageLimits();
  assert.equal(calls.length, 1);
  assert.equal(calls[0].self, undefined);
  assert.equal(calls[0].args.length, 2);
  assert.equal(calls[0].args[0], "http://127.0.0.1:1/v1/usage/limits");
  assert.equal(calls[0].args[1].method, "GET");
});

test("the host's fetch is called with no this of the client's", async (t) => {
  const selves = [];
  replaceFetch(t, function () {
    selves.push(this);
    return Promise.resolve(new Response("{}"));
  });
  await connect(NOWHERE).getUsageLimits();
  assert.equal(selves.length, 1);
  assert.ok(selves[0] === undefined || selves[0] === globalThis);
});

test("the host's fetch is looked up at each call, so that mocks and polyfills that come later count", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  await client.healthCheck();
  const mock = t.mock.fn(async () => new Response('{"ok":"mocked"}'));
  replaceFetch(t, mock);
  assert.deepEqual(await client.healthCheck(), { ok: "mocked" });
  assert.equal(mock.mock.callCount(), 1);
  assert.equal(server.requests.length, 1);
});

test("a given fetch stands, whatever becomes of the host's", async (t) => {
  const client = connect(NOWHERE, { fetch: async () => new Response('{"ok":"given"}') });
  replaceFetch(t, undefined);
  assert.deepEqual(await client.healthCheck(), { ok: "given" });
});

test("a host without fetch is told what to do about it", async (t) => {
  const client = connect(NOWHERE);
  replaceFetch(t, undefined);
  const error = await rejection(client.healthCheck());
  assert.equal(error.constructor, ClaivError);
  assert.match(error.message, /needs fetch.*fetch option/);
  assert.equal(error.mayHaveBeenApplied, false);
});

const FAILURES = {
  "throws at once": () => { throw new RangeError("boom"); },
  rejects: async () => { throw new RangeError("boom"); },
};
for (const [how, failing] of Object.entries(FAILURES)) {
  for (const [whose, prepare] of Object.entries({ given: (_t, fetch) => ({ fetch }), "host's": (t, fetch) => { replaceFetch(t, fetch); return {}; } })) {
    test(`a ${whose} fetch that ${how} is a ClaivNetworkError with its error as the cause`, async (t) => {
      const client = connect(NOWHERE, prepare(t, failing));
      const error = await rejection(client.getUsageLimits(), ClaivNetworkError);
      assert.ok(error.cause instanceof RangeError);
      assert.match(error.message, /boom/);
    });
  }
}

for (const reason of [undefined, null, 0, "text", Symbol("s"), Object.create(null), { toString() { throw new Error("trap"); } }]) {
  test(`a fetch that rejects with ${typeof reason} ${reason === null ? "null" : ""} is a ClaivNetworkError all the same`, async () => {
    const error = await rejection(connect(NOWHERE, { fetch: () => Promise.reject(reason) }).getUsageLimits(), ClaivNetworkError);
    assert.ok("cause" in error);
    assert.equal(error.cause, reason);
  });
}

const NO_RESPONSES = {
  undefined, null: null, "a string": "{}", "a number": 200, "an empty object": {}, "a status in text": { status: "200" },
  "status 99": { status: 99 }, "status NaN": { status: NaN }, "an opaque response": Response.error(),
  "no text()": { status: 200, headers: new Headers() },
  "text() that is no string": { status: 200, text: async () => 5 },
};
for (const [what, value] of Object.entries(NO_RESPONSES)) {
  test(`a fetch that gives ${what} makes a ClaivError, not a crash`, async () => {
    const client = connect(NOWHERE, { fetch: async () => value });
    const error = await rejection(client.getUsageLimits());
    assert.ok(error instanceof ClaivResponseError || error instanceof ClaivNetworkError, error.stack);
  });
}

test("a body that has been read already is told as such", async () => {
  const used = new Response("{}");
  await used.text();
  const error = await rejection(connect(NOWHERE, { fetch: async () => used }).getUsageLimits(), ClaivResponseError);
  assert.match(error.message, /already been read/);
});

test("a fetch of one's own may answer with no more than status and text()", async () => {
  const bare = { status: 200, text: () => '{"ok":true}' };
  assert.deepEqual(await connect(NOWHERE, { fetch: () => bare }).healthCheck(), { ok: true });
});

test("a fetch may answer with a thenable", async () => {
  const client = connect(NOWHERE, { fetch: () => ({ then: (done) => done(new Response('{"ok":true}')) }) });
  assert.deepEqual(await client.healthCheck(), { ok: true });
});

test("a fetch may use the client again while it runs", async () => {
  const urls = [];
  const client = connect(NOWHERE, {
    fetch: async (url) => {
      urls.push(new URL(url).pathname);
      if (url.endsWith("/limits")) await client.healthCheck();
      return new Response("{}");
    },
  });
  await client.getUsageLimits();
  assert.deepEqual(urls, ["/v1/usage/limits", "/healthz"]);
});

test("a fetch may close the client while it runs", async () => {
  const client = connect(NOWHERE, { fetch: () => { client.close(); return new Response("{}"); } });
  assert.deepEqual(await client.getUsageLimits(), {});
  await rejection(client.getUsageLimits());
});

for (const [name, load] of [["node-fetch 2", () => import("node-fetch-2")], ["node-fetch 3", () => import("node-fetch-3")]]) {
  test(`${name} as the fetch: answers, errors, retries, timeouts and aborts are those of the host's`, async (t) => {
    const { default: given } = await load();
    const server = await serve(t, ({ url }) => (url.startsWith("/v1/usage/limits") ? { status: 503, headers: { "retry-after-ms": "1" } } : url === "/healthz" ? "hang" : { body: { event_id: "e", deduped: false } }));
    const client = connect(server, { fetch: given, maxRetries: 1 });
    assert.deepEqual(await client.ingest({ user_id: "u", type: "message", content: "ключ" }), { event_id: "e", deduped: false });
    const error = await rejection(client.getUsageLimits());
    assert.deepEqual([error.name, error.status, error.attempts.length], ["ClaivServerError", 503, 2]);
    assert.equal((await rejection(client.healthCheck({ timeout: 50 }))).name, "ClaivTimeoutError");
    assert.equal((await rejection(client.healthCheck({ signal: AbortSignal.timeout(50) }))).name, "AbortError");
    assert.equal((await rejection(connect(NOWHERE, { fetch: given, maxRetries: 0 }).healthCheck())).name, "ClaivNetworkError");
  });
}
