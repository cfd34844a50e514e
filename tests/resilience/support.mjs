// What the tests of this folder share: a client of a hostile server, the calls they make, and how a call ends.
import assert from "node:assert/strict";
import { ClaivClient, ClaivError } from "claiv-memory";
import { startHostile } from "../hostile/server.mjs";

// Node loads its fetch at the first use, for some 50 ms, within the call that happens to be first.
await (await fetch("data:,")).text();

export const KEY = "ck_test_5f2a9c71e0b84d36";
/** Of an attempt, in milliseconds. */
export const TIMEOUT = 300;

/** One call for each kind of replay safety: what changes nothing, what carries a key, what must not run twice. */
export const CALLS = {
  get: (client, options) => client.getUsageLimits(options),
  recall: (client, options) => client.recall({ user_id: "u", task: "Plan a trip", token_budget: 2000 }, options),
  ingest: (client, options) => client.ingest({ user_id: "u", type: "message", content: "I moved to Lisbon" }, options),
  forget: (client, options) => client.forget({ user_id: "u" }, options),
};

export const PATHS = { get: "/v1/usage/limits", recall: "/v1/recall", ingest: "/v1/ingest", forget: "/v1/forget" };

/** A client with little patience: its backoff is at most 5 ms. */
export function clientOf({ url }, options = {}) {
  return new ClaivClient({ apiKey: KEY, baseUrl: url, timeout: TIMEOUT, maxRetries: 2, maxRetryDelay: 5, ...options });
}

/** A client whose fetch is `fetch`. */
export const clientWith = (fetch, options = {}) => clientOf({ url: "http://127.0.0.1:9" }, { fetch, ...options });

/** Runs a test against a server that is closed afterwards, whatever happens. */
export async function withServer(scenario, test) {
  const server = await startHostile(scenario);
  try {
    return await test(server);
  } finally {
    server.close();
  }
}

/**
 * How a call ends: {value, ms} or {error, ms}. A call that is still pending after `within` milliseconds fails the test; so does
 * one that fails with anything but a ClaivError.
 */
export async function ending(promise, within = 5000) {
  const started = performance.now();
  let timer;
  const pending = new Promise((resolve) => {
    timer = setTimeout(resolve, within, { pending: true });
  });
  const end = await Promise.race([promise.then((value) => ({ value }), (error) => ({ error })), pending]);
  clearTimeout(timer);
  assert.ok(!end.pending, `the call is still pending after ${within} ms`);
  if ("error" in end) checkError(end.error);
  return { ...end, ms: performance.now() - started };
}

/** The error of a call that has to fail. */
export async function failure(promise, within) {
  const { error, value } = await ending(promise, within);
  assert.ok(error, `the call succeeded: ${JSON.stringify(value)}`);
  return error;
}

/** What every error of a call has, whatever went wrong. */
export function checkError(error) {
  assert.ok(error instanceof ClaivError, `not a ClaivError: ${error?.stack ?? String(error)}`);
  assert.match(error.message, /^[A-Z].{15,1500}[.)]$/s, "the message is a sentence");
  assert.ok(Array.isArray(error.attempts), "attempts");
  assert.equal(typeof error.mayHaveBeenApplied, "boolean");
  for (const attempt of error.attempts) {
    assert.ok(attempt.durationMs >= 0 && Number.isFinite(attempt.durationMs));
    assert.equal(typeof attempt.error, "string");
  }
}

/**
 * Promises that something takes about as long as it should; timing on a busy machine is only an order of magnitude. Not even the lower
 * bound is exact: Node counts a timer from the beginning of the event loop's turn, and a call has begun before it is measured.
 */
export function took(ms, least, most) {
  assert.ok(ms >= least / 2 && ms < most, `took ${ms.toFixed(0)} ms, not ${least} to ${most}`);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
