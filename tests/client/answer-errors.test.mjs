// Answers that cannot be used: a 2xx without JSON, redirects, broken connections, silence; and the caller's own signal.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivAbortError, ClaivNetworkError, ClaivResponseError, ClaivTimeoutError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { closedPort, serve } from "../support/server.mjs";

const NOT_JSON = {
  "HTML": ["<!doctype html><title>Log in</title>", "<!doctype html><title>Log in</title>"],
  "empty": ["", ""],
  "text": ["OK", "OK"],
  "an array": ["[]", "[]"],
  "null": ["null", "null"],
  "a string": ['"fine"', '"fine"'],
  "a number": ["42", "42"],
  "JSON with something after it": ['{"ok":true} and more', '{"ok":true} and more'],
  "long": ["x".repeat(5000), "x".repeat(200)],
};

for (const [what, [body, excerpt]] of Object.entries(NOT_JSON)) {
  for (const status of [200, 201]) {
    test(`a ${status} whose body is ${what} is a ClaivResponseError with an excerpt`, async (t) => {
      const server = await serve(t, () => ({ status, headers: { "x-request-id": "r-9", "x-a": "1" }, body }));
      const error = await rejection(connect(server).getUsageLimits(), ClaivResponseError);
      assert.equal(error.constructor, ClaivResponseError);
      assert.equal(error.name, "ClaivResponseError");
      assert.equal(error.status, status);
      assert.equal(error.excerpt, excerpt);
      assert.equal(error.requestId, "r-9");
      assert.equal(error.headers.get("x-a"), "1");
      assert.match(error.message, /^GET \/v1\/usage\/limits was answered with status 20/);
      assert.equal(error.mayHaveBeenApplied, true);
      assert.equal(server.requests.length, 1);
    });
  }
}

test("a 204 has no JSON, and none was promised to be missing", async (t) => {
  const server = await serve(t, () => ({ status: 204, headers: { "content-length": undefined }, body: "" }));
  const client = connect(server, { fetch: async () => new Response(null, { status: 204 }) });
  const error = await rejection(client.getUsageLimits(), ClaivResponseError);
  assert.deepEqual([error.status, error.excerpt], [204, ""]);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a ${status} is not followed: the key stays with the server it is for`, async (t) => {
    const other = await serve(t);
    const server = await serve(t, () => ({ status, headers: { location: `${other.url}/v1/usage/limits?token=hidden` } }));
    const error = await rejection(connect(server).getUsageLimits(), ClaivResponseError);
    assert.equal(error.status, status);
    assert.equal(error.location, other.url);
    assert.ok(error.message.includes(other.url) && !error.message.includes("hidden"), error.message);
    assert.equal(other.requests.length, 0);
    assert.equal(server.requests.length, 1);
  });
}

test("a refused connection is a ClaivNetworkError with fetch's own error as its cause", async () => {
  const client = connect({ url: `http://127.0.0.1:${await closedPort()}` });
  const error = await rejection(client.getUsageLimits(), ClaivNetworkError);
  assert.equal(error.constructor, ClaivNetworkError);
  assert.equal(error.name, "ClaivNetworkError");
  assert.ok(error.cause instanceof TypeError);
  assert.equal(error.cause.cause.code, "ECONNREFUSED");
  assert.match(error.message, /^GET \/v1\/usage\/limits did not get through/);
  assert.equal(error.attempts.length, 1);
  assert.equal(error.attempts[0].status, undefined);
});

test("a dropped connection is a ClaivNetworkError, and nobody knows what the server did", async (t) => {
  const server = await serve(t, () => "drop");
  const error = await rejection(connect(server).forget({ user_id: "u" }), ClaivNetworkError);
  assert.equal(error.mayHaveBeenApplied, true);
});

test("a 200 whose body breaks off is a ClaivNetworkError", async (t) => {
  const server = await serve(t, () => ({ body: '{"ok":tr', truncate: true }));
  await rejection(connect(server).healthCheck(), ClaivNetworkError);
});

test("silence is a ClaivTimeoutError that says which limit was passed", async (t) => {
  const server = await serve(t, () => "hang");
  const error = await rejection(connect(server, { timeout: 25 }).getUsageLimits(), ClaivTimeoutError);
  assert.equal(error.constructor, ClaivTimeoutError);
  assert.equal(error.name, "ClaivTimeoutError");
  assert.deepEqual([error.timeoutMs, error.scope, error.attempt], [25, "attempt", 1]);
  assert.ok(error.elapsedMs >= 24, String(error.elapsedMs));
  assert.match(error.message, /25 ms \(timeout, attempt 1\)/);
  assert.equal(error.mayHaveBeenApplied, true);
});

test("a body that never ends is under the same timeout", async (t) => {
  const server = await serve(t);
  const endless = new Response(new ReadableStream({ start(controller) { controller.enqueue(new TextEncoder().encode("{")); } }));
  const error = await rejection(connect(server, { timeout: 25, fetch: async () => endless }).healthCheck(), ClaivTimeoutError);
  assert.equal(error.timeoutMs, 25);
});

test("the total timeout covers attempts and waits", async (t) => {
  const server = await serve(t, (_, number) => (number === 1 ? { status: 503, headers: { "retry-after-ms": "1" } } : "hang"));
  const error = await rejection(connect(server, { totalTimeout: 120, maxRetries: 1 }).getUsageLimits(), ClaivTimeoutError);
  assert.deepEqual([error.timeoutMs, error.scope, error.attempt], [120, "total", 2]);
  assert.deepEqual(error.attempts.map(({ status }) => status), [503, undefined]);
});

const REASONS = { "an Error": new RangeError("enough"), "a string": "enough", null: null, "an object": { why: 1 }, zero: 0 };
for (const [what, reason] of Object.entries(REASONS)) {
  test(`an abort with ${what} is a ClaivAbortError with that as its cause`, async (t) => {
    const controller = new AbortController();
    const server = await serve(t, () => { controller.abort(reason); return "hang"; });
    const error = await rejection(connect(server).getUsageLimits({ signal: controller.signal }), ClaivAbortError);
    assert.equal(error.constructor, ClaivAbortError);
    assert.equal(error.name, "AbortError", "the name that the web's own code asks for");
    assert.ok("cause" in error);
    assert.equal(error.cause, reason);
    assert.equal(error.mayHaveBeenApplied, true);
  });

  test(`a signal that fired before the call, with ${what}, lets nothing be sent`, async (t) => {
    const server = await serve(t);
    const error = await rejection(connect(server).getUsageLimits({ signal: AbortSignal.abort(reason) }), ClaivAbortError);
    assert.equal(error.cause, reason);
    assert.equal(error.mayHaveBeenApplied, false);
    assert.deepEqual(error.attempts, []);
    assert.equal(server.requests.length, 0);
  });
}

test("AbortSignal.timeout is an abort whose cause is a TimeoutError", async (t) => {
  const server = await serve(t, () => "hang");
  const error = await rejection(connect(server).getUsageLimits({ signal: AbortSignal.timeout(20) }), ClaivAbortError);
  assert.equal(error.cause.name, "TimeoutError");
});

test("an abort after the answer changes nothing", async (t) => {
  const controller = new AbortController();
  const server = await serve(t);
  const answer = await connect(server).healthCheck({ signal: controller.signal });
  controller.abort();
  assert.deepEqual(answer, { ok: true });
});
