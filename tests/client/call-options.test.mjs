// The last argument of every method: what one call does differently.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivAbortError, ClaivRateLimitError, ClaivServerError, ClaivTimeoutError, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { METHODS } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

for (const { name, call } of METHODS) {
  test(`${name} takes headers, a timeout, a signal and a number of retries for one call`, async (t) => {
    const server = await serve(t, ({ headers }) => {
      if (headers["x-want"] === "hang") return "hang";
      return headers["x-want"] === "fail" ? { status: 503, headers: { "retry-after-ms": "1" } } : {};
    });
    const client = connect(server);
    const timeout = await rejection(call(client, { timeout: 20, headers: { "x-want": "hang" } }), ClaivTimeoutError);
    assert.equal(timeout.timeoutMs, 20);
    const total = await rejection(call(client, { totalTimeout: 21, headers: { "x-want": "hang" } }), ClaivTimeoutError);
    assert.deepEqual([total.timeoutMs, total.scope], [21, "total"]);
    // What was cut short may be seen by the server later, or never: only the other requests are counted.
    const count = (want) => server.requests.filter(({ headers }) => headers["x-want"] === want).length;
    await rejection(call(client, { maxRetries: 2, headers: { "x-want": "fail" } }), ClaivServerError);
    assert.equal(count("fail"), 3);
    await rejection(call(client, { signal: AbortSignal.abort(), headers: { "x-want": "nothing" } }), ClaivAbortError);
    await call(client, undefined);
    await call(client, {});
    assert.deepEqual([count("nothing"), count(undefined)], [0, 2], "an aborted signal lets nothing be sent");
  });

  test(`${name} refuses options that are wrong, all at once, and sends nothing`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    const wrong = { timeout: 0, totalTimeout: "1", maxRetries: -1, maxRetryDelay: NaN, signal: {}, headers: 5, onResponse: 1, signl: 1 };
    const error = await rejection(call(client, wrong), ClaivValidationError);
    assert.deepEqual(paths(error), Object.keys(wrong).map((option) => `options.${option}`).sort());
    for (const options of [null, 5, "x", true, [], () => {}, Symbol("o")]) {
      assert.deepEqual(paths(await rejection(call(client, options), ClaivValidationError)), ["options"], String(options));
    }
    assert.equal(server.requests.length, 0);
  });
}

test("an option of a call holds for that call alone", async (t) => {
  const server = await serve(t, () => ({ status: 503, headers: { "retry-after-ms": "1" } }));
  const client = connect(server, { maxRetries: 1 });
  for (const [options, attempts] of [[{ maxRetries: 3 }, 4], [undefined, 2], [{ maxRetries: 0 }, 1], [{ maxRetries: undefined }, 2]]) {
    const error = await rejection(client.getUsageLimits(options), ClaivServerError);
    assert.equal(error.attempts.length, attempts);
  }
});

test("maxRetryDelay of a call stands before the client's, both ways", async (t) => {
  const server = await serve(t, () => ({ status: 429, headers: { "retry-after-ms": "30" } }));
  const patient = connect(server, { maxRetries: 1, maxRetryDelay: 1000 });
  await rejection(patient.getUsageLimits({ maxRetryDelay: 29 }), ClaivRateLimitError);
  assert.equal(server.requests.length, 1);
  const hasty = connect(server, { maxRetries: 1, maxRetryDelay: 29 });
  await rejection(hasty.getUsageLimits({ maxRetryDelay: 30 }), ClaivRateLimitError);
  assert.equal(server.requests.length, 3);
});

const NO_SIGNALS = {
  null: null, "an AbortController": new AbortController(), "a boolean": true, "an EventTarget": new EventTarget(),
  "an object with aborted": { aborted: false }, "a string": "abort",
};
for (const [what, signal] of Object.entries(NO_SIGNALS)) {
  test(`${what} is no signal`, async (t) => {
    const server = await serve(t);
    assert.deepEqual(paths(await rejection(connect(server).healthCheck({ signal }), ClaivValidationError)), ["options.signal"]);
    assert.equal(server.requests.length, 0);
  });
}

test("options that throw when they are read are faults", async (t) => {
  const server = await serve(t);
  const options = { get timeout() { throw new Error("trap"); }, get signal() { throw new Error("trap"); }, get headers() { throw new Error("trap"); } };
  const error = await rejection(connect(server).healthCheck(options), ClaivValidationError);
  assert.deepEqual(paths(error), ["options.headers", "options.signal", "options.timeout"]);
  assert.equal(server.requests.length, 0);
});

test("faults of options and of the request are told together", async (t) => {
  const server = await serve(t);
  const error = await rejection(connect(server).recall({ user_id: "", token_budget: 1 }, { timeout: -1 }), ClaivValidationError);
  assert.deepEqual(paths(error), ["options.timeout", "task", "token_budget", "user_id"]);
});

test("options are checked with validate: false, too", async (t) => {
  const server = await serve(t);
  const error = await rejection(connect(server, { validate: false }).healthCheck({ timeout: -1 }), ClaivValidationError);
  assert.deepEqual(paths(error), ["options.timeout"]);
});
