// Limits of the host's own fetch, which end a call before `timeout` does: over real sockets, with undici's limits set low.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import * as undici7 from "undici";
import * as undici6 from "undici-6";
import { ClaivNetworkError, ClaivServerError, ClaivTimeoutError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";

const EVENT = { user_id: "u", type: "message", content: "c" };
const LIMIT = 150;

/** A server that begins an answer, or none, and never goes on. */
async function stalls(t, begin) {
  let requests = 0;
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    incoming.resume().on("end", () => begin(outgoing));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, count: () => requests };
}

const noHead = () => {};
const halfABody = (status) => (outgoing) => {
  outgoing.writeHead(status, { "content-type": "application/json", "content-length": 100 });
  outgoing.write('{"ok"');
};

/** A fetch of undici's whose limits are low; and Node's own with the same. */
function fetches(t) {
  const limits = { headersTimeout: LIMIT, bodyTimeout: LIMIT };
  const [agent7, agent6] = [new undici7.Agent(limits), new undici6.Agent(limits)];
  t.after(() => Promise.all([agent7.destroy(), agent6.destroy()]));
  return {
    "undici 7": (url, init) => undici7.fetch(url, { ...init, dispatcher: agent7 }),
    "undici 6": (url, init) => undici6.fetch(url, { ...init, dispatcher: agent6 }),
    "Node's own": (url, init) => fetch(url, { ...init, dispatcher: agent6 }),
  };
}

for (const [what, begin, code] of [["head", noHead, "UND_ERR_HEADERS_TIMEOUT"], ["body", halfABody(200), "UND_ERR_BODY_TIMEOUT"]]) {
  for (const whose of ["undici 7", "undici 6", "Node's own"]) {
    test(`${whose} limit for the ${what} is a timeout of the host, and final`, async (t) => {
      const server = await stalls(t, begin);
      const client = connect(server, { timeout: 600_000, maxRetries: 2, fetch: fetches(t)[whose] });
      const error = await rejection(client.ingest(EVENT), ClaivTimeoutError);
      assert.equal(error.scope, "host");
      assert.equal(error.attempt, 1);
      assert.equal(error.attempts.length, 1);
      assert.equal(error.mayHaveBeenApplied, true);
      assert.equal(typeof error.idempotencyKey, "string");
      assert.equal(error.cause.cause.code, code);
      assert.ok(error.timeoutMs >= LIMIT / 2 && error.timeoutMs <= error.elapsedMs, `${error.timeoutMs} of ${error.elapsedMs}`);
      assert.match(error.message, /limit of its own.*fetch option/);
      assert.equal(server.count(), 1);
    });
  }
}

test("of an error status enough is known, whatever limit its body meets", async (t) => {
  const server = await stalls(t, halfABody(500));
  const error = await rejection(connect(server, { fetch: fetches(t)["undici 7"] }).ingest(EVENT), ClaivServerError);
  assert.equal(error.status, 500);
});

/** How often a client with two retries calls a fetch that rejects with `thrown`, and what comes of it. */
async function failsWith(thrown, Class) {
  let calls = 0;
  const fetch = async () => {
    calls += 1;
    throw thrown;
  };
  const error = await rejection(connect({ url: "http://127.0.0.1:9" }, { fetch, maxRetries: 2, maxRetryDelay: 1 }).ingest(EVENT), Class);
  assert.equal(error.cause, thrown);
  return { error, calls };
}

test("a TimeoutError, as Bun's fetch rejects with, is one, however deep", async () => {
  const timeout = new DOMException("The operation timed out.", "TimeoutError");
  for (const thrown of [timeout, new TypeError("fetch failed", { cause: timeout }), new Error("a", { cause: new Error("b", { cause: timeout }) })]) {
    const { error, calls } = await failsWith(thrown, ClaivTimeoutError);
    assert.equal(error.scope, "host");
    assert.equal(calls, 1);
  }
});

test("a limit for connecting is a network failure and is tried again: nothing was sent", async () => {
  const thrown = new TypeError("fetch failed", { cause: Object.assign(new Error("Connect Timeout Error"), { code: "UND_ERR_CONNECT_TIMEOUT" }) });
  assert.equal((await failsWith(thrown, ClaivNetworkError)).calls, 3);
});

test("causes without end, and causes that cannot be read, are network failures", async () => {
  const endless = new Error("again");
  endless.cause = endless;
  const trap = { get code() { throw new Error("trap"); }, get cause() { throw new Error("trap"); } };
  for (const thrown of [endless, trap, new Proxy({}, { get() { throw new Error("trap"); } })]) assert.equal((await failsWith(thrown, ClaivNetworkError)).calls, 3);
});
