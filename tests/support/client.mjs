// Clients for tests, and helpers that many tests use.
import assert from "node:assert/strict";
import { ClaivClient, ClaivError } from "claiv-memory";

/** A key that is easily found wherever it does not belong. */
export const KEY = "sk-test-4f9d2c7e81b05a36";

/** A client of a server made by `serve` or `serveEmulator`. It does not retry unless `maxRetries` is given. */
export const connect = (server, options = {}) =>
  new ClaivClient({ apiKey: KEY, baseUrl: server.url, maxRetries: 0, ...options });

/** What a promise rejects with; a ClaivError unless the test is about something else. */
export async function rejection(promise, expected = ClaivError) {
  const error = await promise.then(
    (value) => assert.fail(`resolved to ${JSON.stringify(value)}, should have rejected`),
    (reason) => reason,
  );
  assert.ok(error instanceof expected, `rejected with ${error?.stack ?? String(error)}`);
  return error;
}

/** What a function throws. */
export function thrown(work, expected = ClaivError) {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof expected, `threw ${error?.stack ?? String(error)}`);
    return error;
  }
  return assert.fail("did not throw");
}

/** The paths of all faults, sorted. */
export const paths = (error) => error.issues.map(({ path }) => path).sort();

/** Freezes an object and all that is in it. */
export function deepFreeze(value) {
  if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
