// Requests that the host cannot even make, as where AbortController is of another realm than fetch (jsdom): final, and nothing was sent.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivError, ClaivNetworkError } from "claiv-memory";
import { KEY, connect, rejection } from "../support/client.mjs";
import { closedPort, serve } from "../support/server.mjs";

const EVENT = { user_id: "u", type: "message", content: "c" };

/** An AbortController whose signal no fetch takes. (Some take whatever can be listened to, others only those of their own realm.) */
class ForeignController {
  signal = { aborted: false };
  abort() {
    this.signal.aborted = true;
  }
}

function replace(t, name, value) {
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
  t.after(() => Object.defineProperty(globalThis, name, descriptor));
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

const RETRIES = { maxRetries: 2, maxRetryDelay: 1 };

function counted(fetch) {
  const counting = (...args) => {
    counting.calls += 1;
    return fetch(...args);
  };
  counting.calls = 0;
  return counting;
}

for (const [whose, options] of [["the host's fetch", () => ({})], ["a given fetch over it", () => ({ fetch: counted((url, init) => fetch(url, { ...init })) })]]) {
  test(`a signal that ${whose} does not take is told at once, and nothing is sent`, async (t) => {
    const server = await serve(t);
    replace(t, "AbortController", ForeignController);
    const given = options();
    for (const call of [(client) => client.ingest(EVENT), (client) => client.getUsageLimits()]) {
      const error = await rejection(call(connect(server, { ...RETRIES, ...given })));
      assert.equal(error.constructor, ClaivError, error.stack);
      assert.equal(error.cause.name, "TypeError");
      assert.match(error.message, /was not sent: fetch cannot make this request: .*signal/i);
      assert.equal(error.attempts.length, 1);
      assert.equal(error.mayHaveBeenApplied, false);
    }
    if (given.fetch) assert.equal(given.fetch.calls, 2);
    assert.equal(server.requests.length, 0);
  });
}

test("a header that a given fetch spoils in the request it was handed is told at once, without the key", async (t) => {
  const server = await serve(t);
  const given = counted((url, init) => {
    init.headers.authorization += "\n\u20ac";
    return fetch(url, init);
  });
  const error = await rejection(connect(server, { ...RETRIES, fetch: given }).ingest(EVENT));
  assert.equal(error.constructor, ClaivError, error.stack);
  assert.equal(error.mayHaveBeenApplied, false);
  assert.ok(!error.message.includes(KEY), error.message);
  assert.equal(given.calls, 1);
});

test("a failure of the network stays one, also where Request would refuse what a given fetch or a mock has no need of", async (t) => {
  const port = await closedPort();
  replace(t, "AbortController", ForeignController);
  const own = counted((url, init) => fetch(`http://127.0.0.1:${port}/`, { ...init, signal: undefined }));
  const mock = counted(async () => { throw new TypeError("fetch failed"); });
  for (const given of [own, mock]) {
    const error = await rejection(connect({ url: "http://127.0.0.1:9" }, { ...RETRIES, fetch: given }).ingest(EVENT), ClaivNetworkError);
    assert.equal(error.mayHaveBeenApplied, true);
    assert.equal(given.calls, 3);
  }
});

test("where the host has no Request, or one that throws for all, a failure is one of the network", async (t) => {
  for (const value of [undefined, class { constructor() { throw new TypeError("no"); } }]) {
    replace(t, "Request", value);
    const given = counted(async () => { throw new TypeError("fetch failed"); });
    await rejection(connect({ url: "http://127.0.0.1:9" }, { ...RETRIES, fetch: given }).ingest(EVENT), ClaivNetworkError);
    assert.equal(given.calls, 3);
  }
});
