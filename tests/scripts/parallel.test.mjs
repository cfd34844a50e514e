// scripts/lib/parallel.mjs: how many pieces of work run at once, and in which order their results come.
import assert from "node:assert/strict";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inParallel } from "../../scripts/lib/parallel.mjs";

test("results stand in the order of the items, whichever ends first, and no more than `most` run at once", async () => {
  let running = 0;
  let largest = 0;
  const results = await inParallel([30, 1, 20, 1, 1], 2, async (ms) => {
    running += 1;
    largest = Math.max(largest, running);
    await sleep(ms);
    running -= 1;
    return `${ms} ms`;
  });
  assert.deepEqual(results, ["30 ms", "1 ms", "20 ms", "1 ms", "1 ms"]);
  assert.equal(largest, 2);
});

test("no items give no results", async () => {
  assert.deepEqual(await inParallel([], 2, () => assert.fail("called")), []);
});

test("the first error rejects", async () => {
  await assert.rejects(inParallel([1, 2, 3], 2, async (n) => { if (n === 2) throw new Error("the second"); }), /the second/);
});
