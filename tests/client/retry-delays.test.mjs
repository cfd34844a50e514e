// How long the client waits before a retry, by a fake clock. No sockets, which have timers of their own; over real HTTP:
// tests/resilience/retry-delays-over-http.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivRateLimitError } from "claiv-memory";
import { KEY, rejection } from "../support/client.mjs";
import { errorBody } from "../support/server.mjs";

/** Runs a call under a fake clock, and gives how long each wait would have been. */
async function waits(t, random, options, answer) {
  const asked = [];
  const real = globalThis.setTimeout;
  t.mock.method(Math, "random", () => random);
  t.mock.method(globalThis, "setTimeout", (callback, ms, ...args) => {
    // The limits of the attempts are set far off, the waits between them are all below.
    if (ms >= 1e6) return real(() => {}, 0);
    asked.push(ms);
    return real(callback, 0, ...args);
  });
  const client = new ClaivClient({ apiKey: KEY, timeout: 1e7, fetch: async () => answer(), ...options });
  const error = await rejection(client.getUsageLimits());
  return { asked, error };
}

for (const random of [0, 0.5, 1 - Number.EPSILON]) {
  test(`the waits double from 500 ms to 30 s, with at most half as much again (random is ${random.toFixed(2)})`, async (t) => {
    const { asked } = await waits(t, random, { maxRetries: 8 }, () => new Response("{}", { status: 503 }));
    const expected = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => Math.min(500 * 2 ** (n - 1) * (1 + 0.5 * random), 30_000));
    assert.equal(asked.length, expected.length);
    // Hosts may be early by a part of a millisecond, which the client makes up for.
    for (const [i, ms] of asked.entries()) assert.ok(ms >= expected[i] && ms <= expected[i] + 2, `wait ${i + 1}: ${ms}, not ${expected[i]}`);
  });
}

test("maxRetryDelay caps the client's own waits, too", async (t) => {
  const { asked } = await waits(t, 0, { maxRetries: 3, maxRetryDelay: 700 }, () => new Response("{}", { status: 503 }));
  assert.deepEqual(asked.map((ms) => Math.floor(ms / 100)), [5, 7, 7]);
});

const WISHES = [
  ["details.retry_after", () => Response.json(errorBody("quota_exceeded", "m", { details: { retry_after: 7.25 } }), { status: 429 }), 7250],
  ["Retry-After", () => new Response("{}", { status: 429, headers: { "retry-after": "3" } }), 3000],
  ["Retry-After of a date", () => new Response("{}", { status: 503, headers: { date: "Mon, 01 Jan 2024 00:00:00 GMT", "retry-after": "Mon, 01 Jan 2024 00:00:09 GMT" } }), 9000],
  ["retry-after-ms", () => new Response("{}", { status: 500, headers: { "retry-after-ms": "42" } }), 42],
  ["the longest wait there is", () => new Response("{}", { status: 429, headers: { "retry-after": "30" } }), 30_000],
];
for (const [what, answer, expected] of WISHES) {
  test(`${what} is honoured exactly`, async (t) => {
    const { asked, error } = await waits(t, 0.9, { maxRetries: 2 }, answer);
    assert.equal(asked.length, 2);
    for (const ms of asked) assert.ok(ms >= expected && ms <= expected + 2, `${ms}, not ${expected}`);
    assert.equal(error.retryAfterMs, expected);
  });
}

const BEYOND = [
  ["details.retry_after", () => Response.json(errorBody("quota_exceeded", "m", { details: { retry_after: 31 } }), { status: 429 }), 31_000],
  ["Retry-After", () => new Response("{}", { status: 429, headers: { "retry-after": "99999999" } }), 99_999_999_000],
  ["retry-after-ms", () => new Response("{}", { status: 429, headers: { "retry-after-ms": "30000.1" } }), 30_000.1],
];
for (const [what, answer, expected] of BEYOND) {
  test(`${what} beyond maxRetryDelay fails at once and says how long to wait`, async (t) => {
    const { asked, error } = await waits(t, 0, { maxRetries: 2 }, answer);
    assert.deepEqual(asked, []);
    assert.ok(error instanceof ClaivRateLimitError);
    assert.ok(Math.abs(error.retryAfterMs - expected) < 1e-6, String(error.retryAfterMs));
    assert.equal(error.attempts.length, 1);
  });
}
