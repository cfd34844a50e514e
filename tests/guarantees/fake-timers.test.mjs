// Under the timers of @sinonjs/fake-timers, which Jest, Vitest and sinon fake theirs with: a call ends as soon as the test moves its clock,
// needs no clock where nothing is due, and the client works after real timers are back. tests/runtimes/jest and vitest run the same cases.
import assert from "node:assert/strict";
import test from "node:test";
import { NAMES } from "../runtimes/fake-timers/cases.mjs";
import { program } from "./support.mjs";

const TIMERS = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"];
const SETS = {
  "timers and Date": TIMERS,
  "all there is, microtasks and performance too,": [...TIMERS, "setImmediate", "clearImmediate", "queueMicrotask", "nextTick", "performance", "hrtime"],
  "queueMicrotask alone": ["queueMicrotask"],
};

for (const [what, toFake] of Object.entries(SETS)) {
  for (const [when, title] of [["later", "after the import"], ["first", "before the package is imported"]]) {
    test(`${what} faked ${title}`, async (t) => {
      const results = await program("faked.mjs", [when, JSON.stringify(toFake)], { timeout: 30_000 });
      assert.deepEqual(results.map(({ name }) => name), NAMES);
      for (const { name, outcome, reason, message } of results) {
        await t.test(name, { skip: outcome === "not-run" && reason }, () => assert.equal(outcome, "passed", message));
      }
    });
  }
}
