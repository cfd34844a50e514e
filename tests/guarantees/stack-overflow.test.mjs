// Near the end of the stack any call can throw a RangeError. Calls of the client made there work or end in a ClaivError, and the client
// works afterwards. Where the engine has not even room to begin a call it throws its own RangeError, which nobody can change.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { program } from "./support.mjs";

const CALLS = 10_000;

function settled({ calls, notBegun, threwClaivError, threwOther, examples, outcome, stray, wrong, sent }) {
  assert.deepEqual(examples, [], "thrown");
  assert.deepEqual(outcome.examples, [], "rejected with");
  assert.deepEqual({ threwOther, other: outcome.other, pending: outcome.pending }, { threwOther: 0, other: 0, pending: 0 });
  assert.equal(calls, CALLS, "calls that were made");
  assert.ok(notBegun + threwClaivError + outcome.fulfilled + outcome.ClaivError <= calls);
  assert.deepEqual(stray, [], "what reached the process");
  assert.deepEqual(wrong, [], "clean calls afterwards");
  assert.ok(sent, "each clean call is sent once");
}

describe("near the end of the stack", { concurrency: 2 }, () => {
  for (const what of ["ingest", "recall", "invalid", "ingestMany"]) {
    test(`${CALLS} calls of ${what} at the end of the stack settle, reject only with ClaivErrors, and the client works afterwards`, async (t) => {
      const end = await program("overflow.mjs", [what, CALLS], { timeout: 60_000 });
      t.diagnostic(JSON.stringify({ ...end.outcome, notBegun: end.notBegun, dives: end.dives }));
      settled(end);
      assert.equal(end.threwClaivError, 0, "an async method rejects");
      // At the deepest few levels there is no room for the method itself; else it must be the client that runs out of stack.
      assert.deepEqual(end.begun, [], "a RangeError from within a method");
      assert.ok(end.notBegun <= end.dives * 16, `${end.notBegun} calls of ${end.dives} unwindings were not begun`);
      assert.ok(end.outcome.ClaivError > 0, "no call ran out of stack");
    });
  }

  test(`${CALLS} calls at all depths of an unwinding overflow settle, and the client works afterwards`, async () => {
    const end = await program("overflow.mjs", ["ingest", CALLS, "all"]);
    settled(end);
    assert.ok(end.outcome.fulfilled > CALLS / 2, `only ${end.outcome.fulfilled} worked`);
  });

  for (const what of ["constructor", "fromEnv", "close"]) {
    test(`${what} at the end of the stack, ${CALLS} times, works or throws a ClaivError, and clients work afterwards`, async () => {
      settled(await program("overflow.mjs", [what, CALLS]));
    });
  }

  test("800 calls aborted from the end of the stack all settle, by their timeout at the latest, and the client works afterwards", async (t) => {
    const { outcome, kinds, stray, left, after } = await program("deep-aborts.mjs", [800]);
    t.diagnostic(JSON.stringify(kinds));
    assert.equal(left, 0, "signals that were not aborted");
    assert.deepEqual(outcome.examples, []);
    assert.deepEqual([outcome.ClaivError, outcome.pending, outcome.fulfilled], [800, 0, 0]);
    assert.deepEqual(Object.keys(kinds).sort(), ["ClaivAbortError", "ClaivTimeoutError"]);
    assert.ok(kinds.ClaivAbortError > 400, `only ${kinds.ClaivAbortError} aborts were noticed`);
    assert.deepEqual(stray, []);
    assert.equal(after, "e");
  });

  // With little memory, so that what has no end ends soon.
  const flags = ["--max-old-space-size=256"];

  for (const what of ["fetch", "async fetch"]) {
    test(`a custom ${what} that calls ingest without end ends in a ClaivError, and does not take the process down`, async (t) => {
      const { depth, outcome, within, stray, after } = await program("endless.mjs", [what], { flags, timeout: 30_000 });
      t.diagnostic(`${depth} calls within calls`);
      // A client that calls fetch in a turn of its own never meets the end of the stack, and this program stops it.
      assert.ok(depth < 5000, "it had no end");
      assert.deepEqual([outcome.ClaivError, outcome.examples], [1, []]);
      assert.deepEqual([within.other, within.pending, within.fulfilled, within.examples], [0, 0, 0, []]);
      assert.deepEqual(stray, []);
      assert.equal(after, "e");
    });
  }

  test("a custom fetch that waits and then calls ingest without end is cut by the first call's timeout", async () => {
    const { outcome, within, stray, after } = await program("endless.mjs", ["patient fetch"], { flags, timeout: 30_000 });
    assert.deepEqual([outcome.ClaivError, within.pending, within.other, stray, after], [1, 0, 0, [], "e"]);
  });

  for (const [what, how] of [
    ["getter", "a getter of the request"], ["toJSON", "a toJSON in the request"], ["proxy", "a proxy as the request"], ["hook", "a hook"], ["apiKey", "an apiKey function"],
  ]) {
    test(`${how} that calls the client without end: every call settles, and the client works afterwards`, async (t) => {
      const { depth, outcome, within, stray, after } = await program("endless.mjs", [what], { flags, timeout: 30_000 });
      t.diagnostic(`${depth} calls within calls`);
      assert.deepEqual([outcome.pending, outcome.other, outcome.examples], [0, 0, []]);
      assert.deepEqual([within.pending, within.other, within.examples], [0, 0, []]);
      assert.deepEqual(stray, []);
      assert.equal(after, "e");
    });
  }
});
