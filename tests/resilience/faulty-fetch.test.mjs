// A custom fetch that fails, misbehaves or never answers, and hosts with odd timers: a ClaivError with a message that helps, or it works.
// How fetch is found and called: tests/client/fetch.test.mjs; hosts that lack a global: bare-hosts.test.mjs.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import { CALLS, TIMEOUT, clientWith, ending, failure, took } from "./support.mjs";

const answer = (body = '{"plan":"free"}', init) => new Response(body, init);

async function used() {
  const response = answer();
  await response.text();
  return response;
}

function locked() {
  const response = answer();
  response.body.getReader();
  return response;
}

/** Only what the client looks at. */
const like = (fields) => ({ status: 200, headers: new Headers(), text: () => Promise.resolve("{}"), ...fields });

const throwing = (what) => () => {
  throw what;
};

/** What fetch does, the class of the error, how often it is called for a get (replayable) and what the sentence says. */
const FAILURES = [
  ["throws at once", throwing(new Error("no network here")), claiv.ClaivNetworkError, 3, /no network here/],
  ["throws a string", throwing("just a text"), claiv.ClaivNetworkError, 3, /just a text/],
  ["throws undefined", throwing(undefined), claiv.ClaivNetworkError, 3],
  ["throws a symbol", throwing(Symbol("what")), claiv.ClaivNetworkError, 3],
  ["throws what cannot be printed", throwing({ toString: throwing(new Error("worse")) }), claiv.ClaivNetworkError, 3],
  ["throws an object without a prototype", throwing(Object.create(null)), claiv.ClaivNetworkError, 3],
  ["rejects", () => Promise.reject(new TypeError("fetch failed")), claiv.ClaivNetworkError, 3, /fetch failed/],
  ["rejects with null", () => Promise.reject(null), claiv.ClaivNetworkError, 3],
  ["is a thenable that fails", () => ({ then: (_, no) => no(new Error("then said no")) }), claiv.ClaivNetworkError, 3, /then said no/],
  ["is a thenable that throws", () => ({ then: throwing(new Error("then threw")) }), claiv.ClaivNetworkError, 3, /then threw/],
  ["has a then getter that throws", () => ({ get then() { throw new Error("no then"); } }), claiv.ClaivNetworkError, 3, /no then/],
  ["gives undefined", () => undefined, claiv.ClaivResponseError, 1, /not a Response/],
  ["gives null", async () => null, claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a number", async () => 200, claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a string", () => "{}", claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a symbol", () => Symbol("response"), claiv.ClaivResponseError, 1, /not a Response/],
  ["gives an empty object", async () => ({}), claiv.ClaivResponseError, 1, /not a Response/],
  ["gives parsed JSON", async () => ({ plan: "free" }), claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a status that is a text", async () => like({ status: "200" }), claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a status that throws", async () => ({ get status() { throw new Error("no"); } }), claiv.ClaivResponseError, 1, /not a Response/],
  ["gives a status of NaN", async () => like({ status: NaN }), claiv.ClaivResponseError, 1, /status/],
  ["gives a status of -1", async () => like({ status: -1 }), claiv.ClaivResponseError, 1, /status/],
  ["gives a status of 100", async () => like({ status: 100 }), claiv.ClaivResponseError, 1, /status/],
  ["gives a status of 1e9", async () => like({ status: 1e9 }), claiv.ClaivResponseError, 1, /status/],
  ["gives a body that was read", used, claiv.ClaivResponseError, 1, /already been read/],
  ["gives a body that is locked", async () => locked(), claiv.ClaivResponseError, 1, /locked/],
  ["gives the error response", async () => Response.error(), claiv.ClaivResponseError, 1, /status 0/],
  ["gives an opaque response", async () => like({ status: 0, type: "opaque" }), claiv.ClaivResponseError, 1, /CORS/],
  ["gives an opaque redirect", async () => like({ status: 0, type: "opaqueredirect" }), claiv.ClaivResponseError, 1, /redirect/],
  ["gives 204", async () => answer(null, { status: 204 }), claiv.ClaivResponseError, 1, /204/],
  ["gives 205", async () => answer(null, { status: 205 }), claiv.ClaivResponseError, 1, /205/],
  ["gives 304", async () => answer(null, { status: 304 }), claiv.ClaivResponseError, 1, /304/],
  ["gives a text that is no function", async () => like({ text: "{}" }), claiv.ClaivResponseError, 1],
  ["gives a text that throws", async () => like({ text: throwing(new Error("no text")) }), claiv.ClaivNetworkError, 3, /no text/],
  ["gives a text that rejects", async () => like({ text: () => Promise.reject(new Error("torn")) }), claiv.ClaivNetworkError, 3, /torn/],
  ["gives a text that is an object", async () => like({ text: async () => ({}) }), claiv.ClaivResponseError, 1, /no string/],
  ["gives a body that breaks", async () => answer(new ReadableStream({ pull: (it) => it.error(new Error("stream broke")) })),
    claiv.ClaivNetworkError, 3, /stream broke/],
];

for (const [name, fetch, Class, calls, sentence = /./] of FAILURES) {
  test(`a fetch that ${name}`, async () => {
    let called = 0;
    let broken = true;
    const client = clientWith((...args) => {
      called += 1;
      return broken ? fetch(...args) : answer();
    });
    const error = await failure(CALLS.get(client));
    assert.equal(error.constructor, Class, error.stack);
    assert.match(error.message, sentence);
    assert.equal(called, calls);
    assert.equal(error.attempts.length, calls);
    // Once fetch was called, nobody can know what it did.
    assert.equal(error.mayHaveBeenApplied, true);
    called = 0;
    await failure(CALLS.forget(client));
    assert.equal(called, 1, "forget");
    broken = false;
    assert.deepEqual(await CALLS.get(client), { plan: "free" });
  });
}

/** What is odd, but good enough. */
const ODD = [
  ["gives a Response, not a promise", () => answer()],
  ["gives a thenable", () => ({ then: (yes) => yes(answer()) })],
  ["gives a thenable of a thenable", () => ({ then: (yes) => yes({ then: (again) => again(answer()) }) })],
  ["gives a thenable that answers twice", () => ({ then: (yes, no) => { yes(answer()); no(new Error("late")); yes(answer("{}")); } })],
  ["gives something like a Response", async () => like({ text: async () => '{"plan":"free"}' })],
  ["gives a text that is no promise", async () => like({ text: () => '{"plan":"free"}' })],
  ["gives no headers", async () => like({ headers: undefined, text: async () => '{"plan":"free"}' })],
  ["gives headers that throw", async () => like({ headers: { get: throwing(new Error("no")) }, text: async () => '{"plan":"free"}' })],
  ["gives headers of a Map", async () => like({ headers: new Map(), text: async () => '{"plan":"free"}' })],
  ["gives a Response through a Proxy", async () => {
    const real = answer();
    return new Proxy(real, { get: (_, name) => (typeof real[name] === "function" ? real[name].bind(real) : real[name]) });
  }],
];

for (const [name, fetch] of ODD) {
  test(`a fetch that ${name} will do`, async () => assert.deepEqual(await CALLS.get(clientWith(fetch)), { plan: "free" }));
}

const NEVER = [
  ["a fetch that never settles and ignores the signal", () => new Promise(() => {})],
  ["a thenable that never calls back", () => ({ then() {} })],
  ["a text() that never settles", async () => like({ text: () => new Promise(() => {}) })],
  ["a body that never ends", async () => answer(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ["an error's body that never ends", async () => answer(new ReadableStream({ pull: () => new Promise(() => {}) }), { status: 500 })],
];

for (const [name, fetch] of NEVER) {
  test(`${name} is cut by timeout, totalTimeout and abort`, async () => {
    const client = clientWith(fetch);
    for (const [options, scope, limit] of [[{}, "attempt", TIMEOUT], [{ totalTimeout: 50 }, "total", 50]]) {
      const { error, ms } = await ending(CALLS.ingest(client, options));
      assert.ok(error instanceof claiv.ClaivTimeoutError);
      assert.equal(error.scope, scope);
      assert.equal(error.mayHaveBeenApplied, true);
      took(ms, limit - 2, limit + 1000);
    }
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const { error, ms } = await ending(CALLS.ingest(client, { signal: controller.signal }));
    assert.ok(error instanceof claiv.ClaivAbortError);
    took(ms, 10, TIMEOUT - 20);
  });
}

test("what settles after the call has settled is nobody's: no unhandled rejection, no second answer", async () => {
  const unhandled = [];
  const note = (error) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const late = [];
  const client = clientWith(() => new Promise((yes, no) => late.push(yes, no)), { timeout: 10 });
  await failure(CALLS.get(client));
  await failure(CALLS.get(client));
  late[0](answer());
  late[3](new Error("too late"));
  const stubborn = clientWith(async () => like({ text: () => new Promise((_, no) => setTimeout(no, 30, new Error("late"))) }), { timeout: 10 });
  await failure(CALLS.get(stubborn));
  await new Promise((resolve) => setTimeout(resolve, 80));
  process.off("unhandledRejection", note);
  assert.deepEqual(unhandled, []);
});

test("an unread body is let go: it holds its connection", async () => {
  for (const init of [{ status: 307, headers: { location: "https://example.com/" } }, { status: 302 }]) {
    let cancelled = 0;
    const body = () => new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => { cancelled += 1; return new Promise(() => {}); } });
    const { ms } = await ending(CALLS.get(clientWith(async () => answer(body(), init))));
    took(ms, 0, TIMEOUT);
    assert.equal(cancelled, 1, "cancelled, and not waited for");
  }
});

test("fetch is called with plain arguments and without a this", async () => {
  const seen = [];
  const client = clientWith(function (...args) {
    seen.push([this, args]);
    return answer();
  });
  await CALLS.ingest(client);
  const [[self, [url, init, ...rest]]] = seen;
  assert.equal(self, undefined);
  assert.equal(typeof url, "string");
  assert.deepEqual(rest, []);
  assert.deepEqual(Object.keys(init).sort(), ["body", "headers", "method", "redirect", "signal"]);
  assert.ok(init.signal instanceof AbortSignal);
  assert.equal(init.redirect, "manual");
  await CALLS.get(client);
  assert.deepEqual(Object.keys(seen[1][1][1]).sort(), ["cache", "headers", "method", "redirect", "signal"]);
  assert.equal(seen[1][1][1].cache, "no-store");
});

test("a host whose timers call at once: limits are over, pauses too, and all settles", async () => {
  const { setTimeout: later } = globalThis;
  const busy = () => answer('{"error":{"code":"rate_limited"}}', { status: 429, headers: { "retry-after": "20" } });
  const events = Array.from({ length: 10 }, (_, i) => ({ user_id: "u", type: "message", content: `${i}` }));
  const atOnce = (which) => (callback, ms, ...args) => (which(ms) ? callback(...args) : later(callback, ms, ...args));
  try {
    globalThis.setTimeout = atOnce(() => true);
    const error = await CALLS.get(clientWith(async () => answer())).catch((reason) => reason);
    assert.ok(error instanceof claiv.ClaivTimeoutError, `${error}`);
    // The pauses only: after a 429, and those of a batch, which is longer held back than any of its calls.
    globalThis.setTimeout = atOnce((ms) => ms > 15_000 && ms < 25_000);
    const results = await clientWith(async () => busy(), { timeout: 5000, maxRetries: 2, maxRetryDelay: 30_000 }).ingestMany(events);
    assert.deepEqual(results.map(({ reason }) => [reason.name, reason.attempts.length]), events.map(() => ["ClaivRateLimitError", 3]));
  } finally {
    globalThis.setTimeout = later;
  }
});
