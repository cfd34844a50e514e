// The API key, as a string and as a function.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { ClaivAbortError, ClaivClient, ClaivError, ClaivTimeoutError, ClaivValidationError } from "claiv-memory";
import { KEY, connect, paths, rejection, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const BAD_STRINGS = {
  "ends with a newline": "sk-hidden\n",
  "has a carriage return": "sk-\r\nhidden",
  "has a space": "sk hidden",
  "has a tab": "sk\thidden",
  "has a NUL": "sk\0hidden",
  "is not ASCII": "sk-hidden-ключ",
  "has an emoji": "sk-hidden-🔑",
  "has a lone surrogate": "sk-hidden-\ud83d",
  "has a Latin-1 letter": "sk-hidden-é",
  "has a DEL": "sk-hidden-\x7f",
  "has a quote, which JSON escapes where a server echoes it": 'sk"hidden',
  "has a backslash, which JSON escapes where a server echoes it": "sk\\hidden",
};
const NO_STRINGS = { null: null, "a number": 5, true: true, "an array": [KEY], "an object": { key: KEY }, "a String object": new String(KEY), "a symbol": Symbol("k"), "a BigInt": 5n };

for (const [what, apiKey] of Object.entries(BAD_STRINGS)) {
  test(`a key that ${what} is refused without being shown`, () => {
    const error = thrown(() => new ClaivClient({ apiKey }), ClaivValidationError);
    assert.deepEqual(paths(error), ["apiKey"]);
    assert.ok(!inspect(error, { showHidden: true, depth: 9 }).includes("hidden"));
  });

  test(`a function whose key ${what} fails the call before anything is sent, without showing it`, async (t) => {
    const server = await serve(t);
    const error = await rejection(connect(server, { apiKey: async () => apiKey }).getUsageLimits(), ClaivValidationError);
    assert.deepEqual(paths(error), ["apiKey"]);
    assert.ok(!inspect(error, { showHidden: true, depth: 9 }).includes("hidden"));
    assert.equal(server.requests.length, 0);
  });
}

for (const [what, apiKey] of Object.entries({ "left out": undefined, empty: "", ...NO_STRINGS })) {
  test(`a key that is ${what} is refused`, () => {
    const error = thrown(() => new ClaivClient({ apiKey }), ClaivValidationError);
    assert.deepEqual(paths(error), ["apiKey"]);
    assert.ok(!inspect(error, { depth: 9 }).includes(KEY));
  });
}

for (const [what, given] of Object.entries({ nothing: undefined, "an empty string": "", ...NO_STRINGS })) {
  test(`a function that gives ${what} for a key fails the call before anything is sent`, async (t) => {
    const server = await serve(t);
    const error = await rejection(connect(server, { apiKey: () => given }).getUsageLimits(), ClaivValidationError);
    assert.deepEqual(paths(error), ["apiKey"]);
    assert.equal(error.mayHaveBeenApplied, false);
    assert.equal(server.requests.length, 0);
  });
}

const SOURCES = {
  "a string": KEY,
  "a function": () => KEY,
  "an async function": async () => KEY,
  "a function that gives a promise later": () => new Promise((resolve) => setImmediate(resolve, KEY)),
  "a function that gives a thenable": () => ({ then: (done) => done(KEY) }),
};

for (const [what, apiKey] of Object.entries(SOURCES)) {
  test(`the key of ${what} is sent as a bearer token`, async (t) => {
    const server = await serve(t);
    await connect(server, { apiKey }).getUsageLimits();
    assert.equal(server.requests[0].headers.authorization, `Bearer ${KEY}`);
  });
}

test("a function is asked once for each call, however often it is retried, with no this and no argument", async (t) => {
  const server = await serve(t, (_, number) => (number % 3 === 0 ? { body: {} } : { status: 503, headers: { "retry-after-ms": "1" } }));
  const asked = [];
  const apiKey = function (...args) {
    asked.push({ self: this, args });
    return `key-${asked.length}`;
  };
  const client = connect(server, { apiKey, maxRetries: 2 });
  await client.getUsageLimits();
  await client.getUsageLimits();
  assert.deepEqual(asked, [{ self: undefined, args: [] }, { self: undefined, args: [] }]);
  assert.deepEqual(server.requests.map(({ headers }) => headers.authorization), [
    ...Array(3).fill("Bearer key-1"), ...Array(3).fill("Bearer key-2"),
  ]);
});

test("health needs no key, so nobody is asked for one", async (t) => {
  const server = await serve(t);
  const asked = t.mock.fn(() => KEY);
  await connect(server, { apiKey: asked }).healthCheck();
  assert.equal(asked.mock.callCount(), 0);
  assert.equal(server.requests[0].headers.authorization, undefined);
});

test("a request that breaks the rules asks for no key", async (t) => {
  const server = await serve(t);
  const asked = t.mock.fn(() => KEY);
  await rejection(connect(server, { apiKey: asked }).ingest({}), ClaivValidationError);
  assert.equal(asked.mock.callCount(), 0);
});

for (const [how, apiKey] of Object.entries({
  throws: () => { throw new RangeError("vault is shut"); },
  rejects: async () => { throw new RangeError("vault is shut"); },
})) {
  test(`a function that ${how} fails the call with its error as the cause, and the next call asks again`, async (t) => {
    const server = await serve(t);
    let shut = true;
    const client = connect(server, { apiKey: () => (shut ? apiKey() : KEY) });
    const error = await rejection(client.getUsageLimits(), ClaivError);
    assert.match(error.message, /apiKey function failed/);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(error.mayHaveBeenApplied, false);
    assert.equal(server.requests.length, 0);
    shut = false;
    await client.getUsageLimits();
    assert.equal(server.requests.length, 1);
  });
}

test("a function that never answers is under the timeout", async (t) => {
  const server = await serve(t);
  const error = await rejection(connect(server, { apiKey: () => new Promise(() => {}), timeout: 20 }).getUsageLimits(), ClaivTimeoutError);
  assert.equal(error.timeoutMs, 20);
  assert.equal(error.mayHaveBeenApplied, false);
  assert.equal(server.requests.length, 0);
});

test("a function that never answers can be cut short by the signal", async (t) => {
  const server = await serve(t);
  const controller = new AbortController();
  const client = connect(server, { apiKey: () => { setImmediate(() => controller.abort("enough")); return new Promise(() => {}); } });
  const error = await rejection(client.getUsageLimits({ signal: controller.signal }), ClaivAbortError);
  assert.equal(error.cause, "enough");
  assert.equal(server.requests.length, 0);
});
