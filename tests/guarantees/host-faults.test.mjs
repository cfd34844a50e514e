// An exception at every function of the host that the package calls and a program can replace: once at each call, in a process of its
// own for each scenario. What is thrown there must not leave a promise pending, nor come out as anything but a ClaivError, nor reach
// the process; and the client works afterwards.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { program } from "./support.mjs";

const SCENARIOS = [
  "ingest", "ingest, 503 then right", "recall with everything", "a refusal", "a lost connection", "an invalid request", "an upload from a Blob", "ingestMany",
  "an abort in flight", "an abort of a fetch that does not listen", "a timeout", "a loop over documents", "a new client", "fromEnv", "clients that are collected meanwhile",
];
// What the package took hold of when it was imported meets the fault only where that was replaced before.
const WHEN = { early: "before the package is imported", late: "after the package was imported" };
const ROWS = [...SCENARIOS.map((scenario) => [scenario, "early"]), ["ingest", "late"], ["an abort in flight", "late"], ["a new client", "late"]];

describe("host functions that throw", { concurrency: 2 }, () => {
  for (const [scenario, when] of ROWS) {
    test(`${scenario}: whichever function of the host throws (replaced ${WHEN[when]}), the call settles, with a ClaivError if it fails, and the next call works`, async (t) => {
      const { points, functions, seconds, broken } = await program("host-faults.mjs", [scenario, when], { flags: ["--expose-gc"], timeout: 90_000 });
      t.diagnostic(`${points} points in ${functions.length} functions, ${seconds.toFixed(1)} s`);
      assert.deepEqual(broken, []);
      // Fewer would mean that functions were not replaced, or calls not attributed to the package.
      assert.ok(points >= 3, `only ${points} points: ${functions.join(", ")}`);
    });
  }
});
