// Which answers and failures are retried, and how often.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivApiError, ClaivClient, ClaivNetworkError, ClaivRateLimitError, ClaivServerError, ClaivTimeoutError } from "claiv-memory";
import { KEY, connect, rejection } from "../support/client.mjs";
import { METHODS, REQUESTS } from "../support/methods.mjs";
import { errorBody, serve } from "../support/server.mjs";

const SOON = { "retry-after-ms": "1" };
const RETRIED = [429, 500, 502, 503, 504];
const FINAL = [400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 418, 422, 425, 501, 505, 529, 599];

for (const status of RETRIED) {
  test(`${status} is retried until it is over`, async (t) => {
    const server = await serve(t, (_, number) => (number <= 2 ? { status, headers: SOON } : { body: { number } }));
    assert.deepEqual(await connect(server, { maxRetries: 2 }).getUsageLimits(), { number: 3 });
  });

  for (const maxRetries of [0, 1, 3]) {
    test(`${status} is retried ${maxRetries} times at most`, async (t) => {
      const server = await serve(t, (_, number) => ({ status, headers: SOON, body: errorBody("c", "m", { request_id: `r-${number}` }) }));
      const error = await rejection(connect(server, { maxRetries }).getUsageLimits(), ClaivApiError);
      assert.equal(server.requests.length, maxRetries + 1);
      assert.equal(error.requestId, `r-${maxRetries + 1}`, "the error is the last attempt's");
      assert.deepEqual(error.attempts.map((one) => [one.status, one.requestId]), server.requests.map((_, i) => [status, `r-${i + 1}`]));
    });
  }
}

for (const status of FINAL) {
  test(`${status} is not retried`, async (t) => {
    const server = await serve(t, () => ({ status, headers: SOON }));
    await rejection(connect(server, { maxRetries: 2 }).getUsageLimits(), ClaivApiError);
    assert.equal(server.requests.length, 1);
  });
}

for (const { name, call } of METHODS) {
  test(`${name} is retried after a 503, and every attempt is the same request`, async (t) => {
    const server = await serve(t, (_, number) => (number === 1 ? { status: 503, headers: SOON } : {}));
    await call(connect(server, { maxRetries: 1 }), { headers: { "x-a": "1" } });
    const [first, second] = server.requests.map(({ method, url, text, headers }) => ({
      method, url, text, key: headers.authorization, type: headers["content-type"], accept: headers.accept, extra: headers["x-a"],
    }));
    assert.deepEqual(second, first);
    assert.equal(server.requests.length, 2);
  });
}

test("two retries are the default", async (t) => {
  const server = await serve(t, () => ({ status: 503, headers: SOON }));
  await rejection(new ClaivClient({ apiKey: KEY, baseUrl: server.url }).getUsageLimits(), ClaivServerError);
  assert.equal(server.requests.length, 3);
});

test("a retry is never early: the server sees at least the wait that it asked for", async (t) => {
  const times = [];
  const server = await serve(t, () => {
    times.push(performance.now());
    return times.length < 4 ? { status: 429, body: errorBody("quota_exceeded", "m", { details: { retry_after: 0.02 } }) } : {};
  });
  await connect(server, { maxRetries: 3 }).getUsageLimits();
  for (let i = 1; i < times.length; i++) assert.ok(times[i] - times[i - 1] >= 20, `${times[i] - times[i - 1]} ms`);
});

test("a wait that would outlast totalTimeout is not begun", async (t) => {
  const server = await serve(t, () => ({ status: 429, headers: { "retry-after": "20" } }));
  const error = await rejection(connect(server, { maxRetries: 2, totalTimeout: 10_000 }).getUsageLimits(), ClaivRateLimitError);
  assert.equal(error.retryAfterMs, 20_000);
  assert.equal(server.requests.length, 1);
});

test("x-should-retry is the server's own word, both ways", async (t) => {
  const no = await serve(t, () => ({ status: 503, headers: { ...SOON, "x-should-retry": "false" } }));
  await rejection(connect(no, { maxRetries: 2 }).getUsageLimits(), ClaivServerError);
  assert.equal(no.requests.length, 1);
  const yes = await serve(t, (_, number) => (number === 1 ? { status: 409, headers: { ...SOON, "x-should-retry": "true" } } : {}));
  await connect(yes, { maxRetries: 2 }).getUsageLimits();
  assert.equal(yes.requests.length, 2);
});

test("a timeout is not retried", async (t) => {
  const server = await serve(t, () => "hang");
  const error = await rejection(connect(server, { maxRetries: 2, timeout: 100 }).getUsageLimits(), ClaivTimeoutError);
  assert.equal(error.attempts.length, 1);
  assert.equal(server.requests.length, 1);
});

for (const { name, call, once } of METHODS) {
  const safe = !once;
  test(`a dropped connection ${safe ? "is" : "is not"} retried by ${name}`, async (t) => {
    const server = await serve(t, (_, number) => (number === 1 ? "drop" : {}));
    const promise = call(connect(server, { maxRetries: 1, maxRetryDelay: 1 }));
    if (safe) await promise;
    else await rejection(promise, ClaivNetworkError);
    assert.equal(server.requests.length, safe ? 2 : 1);
  });
}

for (const [name, field] of [["uploadDocument", "document_id"], ["createCollection", "collection_id"]]) {
  const { [field]: id, ...unnamed } = REQUESTS[name];
  const CASES = {
    "none": [unnamed, 1],
    "its own": [{ ...unnamed, [field]: id }, 2],
    "one that JSON leaves out": [Object.assign(Object.create({ [field]: id }), unnamed), 1],
    "one that toJSON adds": [Object.assign(Object.create({ toJSON() { return { ...unnamed, [field]: id }; } }), unnamed), 2],
    "one that toJSON drops": [Object.assign(Object.create({ toJSON: () => unnamed }), REQUESTS[name]), 1],
  };
  for (const [what, [request, attempts]] of Object.entries(CASES)) {
    test(`a dropped ${name} with ${what} as ${field} is sent ${attempts === 1 ? "once" : "again"}`, async (t) => {
      const server = await serve(t, () => "drop");
      await rejection(connect(server, { maxRetries: 1, maxRetryDelay: 1 })[name](request), ClaivNetworkError);
      assert.equal(server.requests.length, attempts);
    });
  }
}
