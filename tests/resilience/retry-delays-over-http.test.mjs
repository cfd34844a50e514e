// How long the client waits before a retry, over real HTTP: what the server asks for is waited out in full, or the call fails at once. Waits
// are measured at the server, between the arrivals of the requests.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import { first, respondsWith } from "../hostile/scenarios.mjs";
import { json } from "../hostile/wire.mjs";
import { CALLS, clientOf, ending, failure, took, withServer } from "./support.mjs";

const httpDate = (ms) => new Date(ms).toUTCString();
const NOW = Date.UTC(2026, 0, 31, 12);
const body = (seconds) => ({ error: { code: "quota_exceeded", message: "Wait.", request_id: "r", details: { retry_after: seconds } } });

/** How long a wait may be more than was asked, on a busy machine. */
const LATE = 800;

// What the answer says, and the wait it asks for in ms.
const ASKS = [
  ["retry-after-ms", { "retry-after-ms": "150" }, {}, 150],
  ["retry-after-ms with a fraction", { "retry-after-ms": "120.7" }, {}, 120.7],
  ["retry-after-ms of 1", { "retry-after-ms": "1" }, {}, 1],
  ["Retry-After in seconds", { "retry-after": "1" }, {}, 1000],
  ["Retry-After with a fraction", { "retry-after": "0.2" }, {}, 200],
  ["Retry-After with spaces", { "retry-after": "  0.1  " }, {}, 100],
  ["Retry-After with leading zeros", { "retry-after": "0000.15" }, {}, 150],
  ["retry-after-ms and Retry-After: the exact one", { "retry-after-ms": "100", "retry-after": "25" }, {}, 100],
  ["a bad retry-after-ms and Retry-After", { "retry-after-ms": "soon", "retry-after": "0.1" }, {}, 100],
  ["an HTTP date, against the answer's own", { date: httpDate(NOW), "retry-after": httpDate(NOW + 1000) }, {}, 1000],
  ["an HTTP date of a clock that is years off", { date: httpDate(0), "retry-after": httpDate(1000) }, {}, 1000],
  ["an HTTP date in RFC 850's form", { date: "Saturday, 31-Jan-26 12:00:00 GMT", "retry-after": "Saturday, 31-Jan-26 12:00:01 GMT" }, {}, 1000],
  ["an HTTP date in asctime's form", { date: "Sat Jan 31 12:00:00 2026", "retry-after": "Sat Jan 31 12:00:01 2026" }, {}, 1000],
  ["the body's seconds", {}, body(0.15), 150],
  ["the body's seconds as a text", {}, body("0.15"), 150],
  ["body and header: the longer, the header", { "retry-after-ms": "200" }, body(0.05), 200],
  ["body and header: the longer, the body", { "retry-after-ms": "50" }, body(0.2), 200],
];

for (const [name, headers, content, asked] of ASKS) {
  test(`waits for ${name}`, () => withServer(first(respondsWith(json(429, content, headers)), respondsWith(json(503, content, headers))), async (server) => {
    const { value, error } = await ending(CALLS.ingest(clientOf(server, { timeout: 5000, maxRetryDelay: 20_000 })), 10_000);
    assert.ok(value, error?.stack);
    checkWaits(server, asked);
  }));

  test(`fails at once where less is allowed than ${name}`, () => withServer(respondsWith(json(429, content, headers)), async (server) => {
    for (const options of [{ maxRetryDelay: asked * 0.9 }, { maxRetryDelay: 20_000, totalTimeout: asked * 0.9 }]) {
      // A totalTimeout of a millisecond would be over before the answer.
      if (asked === 1 && options.totalTimeout) continue;
      const before = server.requests.length;
      const { error, ms } = await ending(CALLS.ingest(clientOf(server, { timeout: 5000, ...options })));
      assert.ok(error instanceof claiv.ClaivRateLimitError, error?.stack);
      assert.equal(error.retryAfterMs, asked);
      assert.equal(error.attempts.length, 1);
      assert.equal(server.requests.length, before + 1);
      took(ms, 0, Math.min(asked + LATE, 950));
    }
  }));
}

function checkWaits({ requests }, asked) {
  assert.equal(requests.length, 3);
  for (const [i, { at }] of requests.slice(1).entries()) {
    const waited = at - requests[i].at;
    assert.ok(waited >= asked, `came back after ${waited.toFixed(2)} ms, asked for ${asked}`);
    assert.ok(waited < asked + LATE, `came back after ${waited.toFixed(0)} ms, asked for ${asked}`);
  }
}

test("a wish of exactly maxRetryDelay is honoured", () => withServer(first(respondsWith(json(429, {}, { "retry-after-ms": "100" }))), async (server) => {
  await CALLS.ingest(clientOf(server, { maxRetryDelay: 100 }));
  assert.ok(server.requests[1].at - server.requests[0].at >= 100);
}));

// Asks for nothing: the backoff applies, here cut to 5 ms.
const NOTHING = [
  "0", "0.0", "-1", "-1000000", "+5", "NaN", "Infinity", "-Infinity", "1e12", "1,5", "1.2.3", ".", "", "soon", "0x10", "1 2", "\u00bd", "null", "undefined",
  httpDate(NOW - 1000), httpDate(NOW), "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Feb 2026 00:00:00 GMT", "31 Jan 2026 12:00:10 GMT",
];

for (const value of NOTHING) {
  test(`Retry-After: ${value || "(empty)"} asks for nothing`, () =>
    withServer(first(respondsWith(json(503, {}, { date: httpDate(NOW), "retry-after": value }))), async (server) => {
      const { value: answer, ms } = await ending(CALLS.ingest(clientOf(server)));
      assert.ok(answer);
      assert.equal(server.requests.length, 2);
      took(ms, 0, LATE);
    }));
}

for (const seconds of [0, -3, null, "", "soon", [], {}, true, "-1", "NaN"]) {
  test(`details.retry_after: ${JSON.stringify(seconds)} asks for nothing`, () =>
    withServer(first(respondsWith(json(429, body(seconds)))), async (server) => {
      const { value, ms } = await ending(CALLS.ingest(clientOf(server)));
      assert.ok(value);
      took(ms, 0, LATE);
    }));
}

// Asks for more than anyone waits: fails at once, never an early retry.
const ABSURD = [
  [{ "retry-after": "99999999" }, {}], [{ "retry-after": "1000000000000" }, {}], [{ "retry-after": "9".repeat(40) }, {}], [{ "retry-after": "9".repeat(400) }, {}],
  [{ "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" }, {}], [{ "retry-after-ms": "2147483648" }, {}], [{ "retry-after-ms": "1".repeat(50) }, {}],
  [{ "retry-after-ms": "1".repeat(5000) }, {}], [{}, body(1e12)], [{}, body(1e300)], [{}, body("9".repeat(40))], [{}, body("9".repeat(4000))],
  [{ "retry-after": ["120", "120"] }, {}],
];

for (const [headers, content] of ABSURD) {
  const [asked] = Object.values(headers).length ? Object.values(headers) : [content.error.details.retry_after];
  test(`fails at once when asked to wait ${String(asked).slice(0, 40)} (${String(asked).length} characters)`, () =>
    withServer(respondsWith(json(429, content, headers)), async (server) => {
      const { error, ms } = await ending(CALLS.ingest(clientOf(server, { maxRetryDelay: 60_000 })));
      assert.ok(error instanceof claiv.ClaivRateLimitError, error?.stack);
      assert.equal(server.requests.length, 1, "retried early");
      assert.ok(error.retryAfterMs > 60_000 && Number.isFinite(error.retryAfterMs), `${error.retryAfterMs}`);
      took(ms, 0, LATE);
    }));
}

test("x-should-retry overrides the table of statuses both ways, for every call", async () => {
  for (const [status, header, retried] of [
    [409, "true", true], [400, "true", true], [401, "true", true], [501, "true", true],
    [429, "false", false], [500, "false", false], [503, "false", false],
    [503, "maybe", true], [503, "", true], [503, "FALSE", true], [400, "1", false], [400, "TRUE", false],
  ]) {
    await withServer(respondsWith(json(status, {}, { "x-should-retry": header })), async (server) => {
      for (const call of Object.values(CALLS)) await failure(call(clientOf(server)));
      assert.equal(server.requests.length, retried ? 12 : 4, `${status} with x-should-retry: ${header}`);
    });
  }
});

test("x-should-retry: true does not go beyond maxRetries, nor over what is asked to wait", () =>
  withServer(respondsWith(json(409, {}, { "x-should-retry": "true", "retry-after": "30" })), async (server) => {
    assert.equal((await failure(CALLS.get(clientOf(server, { maxRetryDelay: 1000 })))).retryAfterMs, 30_000);
    assert.equal(server.requests.length, 1);
    server.scenario = respondsWith(json(409, {}, { "x-should-retry": "true" }));
    await failure(CALLS.get(clientOf(server, { maxRetries: 4 })));
    assert.equal(server.requests.length, 6);
  }));

test("the backoff without a wish follows the contract: 500 ms, then 1 s, each up to half as much again", () =>
  withServer(respondsWith(json(503, {})), async (server) => {
    const many = await Promise.all(Array.from({ length: 8 }, () => failure(CALLS.get(clientOf(server, { maxRetryDelay: 30_000 })), 10_000)));
    for (const { attempts } of many) assert.equal(attempts.length, 3);
    const at = server.requests.map((request) => request.at - server.requests[0].at);
    const waits = [at.slice(8, 16), at.slice(16)];
    assert.ok(waits[0].every((ms) => ms >= 500 && ms < 750 + LATE), `${waits[0]}`);
    assert.ok(waits[1].every((ms) => ms >= 1500 && ms < 2250 + LATE), `${waits[1]}`);
    assert.ok(Math.max(...waits[0]) - Math.min(...waits[0]) > 5, "there is no jitter");
  }));

test("maxRetries counts the attempts after the first", () => withServer(respondsWith(json(503, {})), async (server) => {
  for (const [maxRetries, sent] of [[0, 1], [1, 2], [7, 8]]) {
    const before = server.requests.length;
    const error = await failure(CALLS.forget(clientOf(server), { maxRetries }));
    assert.equal(error.attempts.length, sent);
    assert.equal(server.requests.length - before, sent);
  }
}));
