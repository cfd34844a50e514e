// `timeout` bounds an attempt from the call of fetch to the body's last byte; `totalTimeout` is one deadline over everything.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import * as hostile from "../hostile/scenarios.mjs";
import { json } from "../hostile/wire.mjs";
import { CALLS, KEY, clientOf, clientWith, ending, failure, sleep, took, withServer } from "./support.mjs";

const LATE = 1500;

/** Checks a timeout's error: which limit it was, how long it took by its own account and by the clock. */
function check({ error, ms }, { limit, scope, attempt = 1, attempts = 1, applied = true, least = limit }) {
  assert.ok(error instanceof claiv.ClaivTimeoutError, error?.stack);
  const { timeoutMs, mayHaveBeenApplied } = error;
  assert.deepEqual({ timeoutMs, scope: error.scope, attempt: error.attempt, mayHaveBeenApplied },
    { timeoutMs: limit, scope, attempt, mayHaveBeenApplied: applied });
  assert.equal(error.attempts.length, attempts);
  took(error.elapsedMs, least - 2, least + LATE);
  took(ms, least - 3, least + LATE);
  assert.match(error.message, new RegExp(`within ${limit} ms \\(${scope === "total" ? "totalTimeout" : "timeout"}, attempt ${attempt}\\)`));
}

test("the timeout is the call's, else the client's", () => withServer(hostile.neverAnswers, async (server) => {
  const client = clientOf(server, { timeout: 60 });
  check(await ending(CALLS.get(client)), { limit: 60, scope: "attempt" });
  check(await ending(CALLS.get(client, { timeout: 120 })), { limit: 120, scope: "attempt" });
  check(await ending(CALLS.get(client, { totalTimeout: 30 })), { limit: 30, scope: "total" });
  // The tighter of the two fires, and says so.
  check(await ending(CALLS.get(client, { timeout: 50, totalTimeout: 500 })), { limit: 50, scope: "attempt" });
  check(await ending(CALLS.get(client, { timeout: 500, totalTimeout: 50 })), { limit: 50, scope: "total" });
}));

for (const [name, scenario] of [
  ["the headers", hostile.neverAnswers], ["a body that stalls", hostile.stallsAfterHead], ["a body that drips", hostile.drips(10)],
  ["an error's body", hostile.stallsAfterErrorHead],
]) {
  test(`both limits cut ${name}`, () => withServer(scenario, async (server) => {
    const client = clientOf(server);
    check(await ending(CALLS.ingest(client, { timeout: 80 })), { limit: 80, scope: "attempt" });
    check(await ending(CALLS.ingest(client, { totalTimeout: 80 })), { limit: 80, scope: "total" });
    assert.equal(server.requests.length, 2, "a timeout is not retried");
  }));
}

test("each attempt has its own timeout", () => withServer(
  hostile.first(slow(120, 503), slow(120, 503), slow(120, 200)),
  async (server) => {
    const { value, ms } = await ending(CALLS.ingest(clientOf(server), { timeout: 250 }));
    assert.equal(value.ok, true);
    took(ms, 355, 360 + LATE);
    assert.equal(server.requests.length, 3);
  },
));

/** Answers after a while. */
function slow(ms, status) {
  return ({ write }) => setTimeout(() => write(json(status, { ok: true })), ms);
}

test("totalTimeout cuts a later attempt short", () => withServer(slow(120, 503), async (server) => {
  const end = await ending(CALLS.ingest(clientOf(server), { totalTimeout: 300, maxRetries: 9 }));
  check(end, { limit: 300, scope: "total", attempt: end.error.attempt, attempts: end.error.attempts.length });
  assert.ok(end.error.attempt >= 2 && end.error.attempt <= 3, `attempt ${end.error.attempt}`);
  assert.ok(server.requests.length === end.error.attempts.length);
}));

test("totalTimeout counts the waits: what would outlast it is not waited for", () =>
  withServer(hostile.respondsWith(json(503, {}, { "retry-after-ms": 200 })), async (server) => {
    const { error, ms } = await ending(CALLS.ingest(clientOf(server), { totalTimeout: 500, maxRetryDelay: 60_000, maxRetries: 9 }));
    // Two waits of 200 ms fit, a third does not.
    assert.ok(error instanceof claiv.ClaivServerError, error.stack);
    assert.equal(error.retryAfterMs, 200);
    assert.ok([2, 3].includes(error.attempts.length), `${error.attempts.length} attempts`);
    took(ms, 200, 500 + LATE);
    assert.ok(ms < 500 || error.attempts.length < 3, "it waited beyond the deadline");
  }));

test("a backoff that would outlast totalTimeout is not begun", () => withServer(hostile.respondsWith(json(503, {})), async (server) => {
  const { error, ms } = await ending(CALLS.ingest(clientOf(server, { maxRetryDelay: 30_000 }), { totalTimeout: 400 }));
  assert.ok(error instanceof claiv.ClaivServerError);
  assert.equal(error.attempts.length, 1);
  took(ms, 0, 350);
}));

test("both limits cut the apiKey function; nothing is sent then", () => withServer(undefined, async (server) => {
  const client = clientOf(server, { apiKey: () => new Promise(() => {}) });
  check(await ending(CALLS.ingest(client, { timeout: 50 })), { limit: 50, scope: "attempt", attempt: 0, attempts: 0, applied: false });
  check(await ending(CALLS.ingest(client, { totalTimeout: 50 })), { limit: 50, scope: "total", attempt: 0, attempts: 0, applied: false });
  await sleep(30);
  assert.equal(server.requests.length, 0);
}));

test("a slow apiKey function takes its time from totalTimeout", () => withServer(hostile.neverAnswers, async (server) => {
  const client = clientOf(server, { apiKey: async () => { await sleep(100); return KEY; } });
  check(await ending(CALLS.ingest(client, { totalTimeout: 200, timeout: 190 })), { limit: 200, scope: "total" });
}));

test("a fetch that blocks beyond totalTimeout ends the call before another attempt", async () => {
  let called = 0;
  const client = clientWith(() => {
    called += 1;
    const until = performance.now() + 60;
    while (performance.now() < until);
    throw new Error("no network");
  }, { totalTimeout: 50 });
  const error = await failure(CALLS.get(client));
  assert.equal(called, 1);
  assert.ok(error instanceof claiv.ClaivError);
  assert.equal(error.attempts.length, 1);
});

test("very long limits are limits, not immediate timeouts", () => withServer(undefined, async (server) => {
  for (const ms of [2 ** 31 - 1, 2 ** 31, 2 ** 32, 1e15, Number.MAX_VALUE]) {
    const { error } = await ending(CALLS.get(clientOf(server), { timeout: ms, totalTimeout: ms, maxRetryDelay: ms }));
    assert.equal(error, undefined, `${ms}`);
  }
}));

test("very short limits are limits", () => withServer(hostile.neverAnswers, async (server) => {
  for (const ms of [Number.MIN_VALUE, 1e-9, 0.5, 1]) {
    const attempt = await failure(CALLS.get(clientOf(server), { timeout: ms }));
    assert.ok(attempt instanceof claiv.ClaivTimeoutError, `${ms}: ${attempt.stack}`);
    const total = await failure(CALLS.get(clientOf(server), { totalTimeout: ms }));
    assert.ok(total instanceof claiv.ClaivTimeoutError, `${ms}: ${total.stack}`);
    assert.equal(total.scope, "total");
  }
}));

test("limits that are none are refused, and nothing is sent", () => withServer(undefined, async (server) => {
  for (const name of ["timeout", "totalTimeout", "maxRetryDelay"]) {
    for (const value of [0, -1, NaN, Infinity, -Infinity, "100", null, true, 10n, {}, Symbol("s")]) {
      const error = await failure(CALLS.get(clientOf(server), { [name]: value }));
      assert.ok(error instanceof claiv.ClaivValidationError);
      assert.deepEqual(error.issues.map(({ path }) => path), [`options.${name}`]);
      assert.throws(() => clientOf(server, { [name]: value }), claiv.ClaivValidationError);
    }
  }
  assert.equal(server.requests.length, 0);
}));

test("what is cut short is over for the host, too: its connection closes", async () => {
  for (const scenario of [hostile.neverAnswers, hostile.stallsInHead, hostile.stallsAfterHead, hostile.drips(10), hostile.stallsAfterErrorHead]) {
    await withServer(scenario, async (server) => {
      const client = clientOf(server, { timeout: 10_000 });
      await failure(CALLS.ingest(client, { timeout: 60 }));
      await failure(CALLS.ingest(client, { totalTimeout: 60 }));
      await failure(CALLS.ingest(client, { signal: AbortSignal.timeout(60) }));
      assert.equal(server.requests.length, 3);
      const open = () => server.requests.filter(({ connection }) => server.isOpen(connection)).length;
      for (let i = 0; i < 100 && open() > 0; i++) await sleep(10);
      assert.equal(open(), 0, "connections are still open");
    });
  }
});

test("no timer is left when calls have ended", () => withServer(undefined, async (server) => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const client = clientOf(server, { timeout: 60_000, totalTimeout: 90_000 });
  await CALLS.get(client);
  await sleep(20);
  const before = timers();
  for (let i = 0; i < 50; i++) await CALLS.ingest(client);
  server.scenario = hostile.respondsWith(json(400, {}));
  for (let i = 0; i < 50; i++) await failure(CALLS.ingest(client));
  await sleep(20);
  assert.ok(timers() <= before, `${timers()} timers, ${before} before`);
}));
