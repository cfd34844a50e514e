// Nothing piles up: after many calls of every kind, wasm memory, the list of references, the JS heap, timers and listeners are
// where they were after the first thousand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CALLS = Number(process.env.CLAIV_LEAK_CALLS ?? 10_000);
// The collector leaves some hundred kilobytes lying about, and code is compiled late. Over the 9,000 calls of the short form this
// lets a leak of 100 bytes a call pass, over the 99,000 of the long one 10 bytes.
const HEAP = 1024 * 1024;
// Sockets have buffers and pools of their own.
const HEAP_HTTP = 4 * 1024 * 1024;

const FORMS = [
  { scenario: "stub", calls: CALLS, heap: HEAP, what: "calls that end in every way" },
  { scenario: "http", calls: Math.max(2000, CALLS / 10), heap: HEAP_HTTP, what: "calls over HTTP to a server that fails at random" },
  { scenario: "batches", calls: 1002, heap: HEAP, what: "batches, two of them of 30,000 events," },
  { scenario: "dropped", calls: Math.max(4000, CALLS / 4), heap: HEAP, what: "clients dropped without being closed" },
];

for (const { scenario, calls, heap, what } of FORMS) {
  test(`${calls} ${what} leave nothing behind`, async (t) => {
    const here = dirname(fileURLToPath(import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--no-warnings", "leaks-program.mjs", scenario, String(calls)], {
      cwd: here,
      env: { ...process.env, NODE_OPTIONS: "" },
      timeout: 30_000 + calls * 20,
    });
    const { before, after, ends } = JSON.parse(stdout);
    t.diagnostic(`${JSON.stringify(ends)}; heap ${before.heap} → ${after.heap}`);
    assert.ok(before.memory.length === 1 && before.lists.length === 1, "the package's module was not found");
    assert.deepEqual(after.memory, before.memory, "wasm memory");
    // The list is as long as it had to be at the most; it is chance how many calls hold how much at once.
    const [was, is] = [...before.lists, ...after.lists];
    assert.ok(is <= was + 500, `the list of references grew from ${was} to ${is}`);
    assert.equal(after.listeners, 0, "listeners");
    assert.ok(after.timers <= before.timers, `${after.timers} timers, ${before.timers} before`);
    assert.ok(after.heap - before.heap < heap, `the heap grew by ${after.heap - before.heap} bytes`);
    if (scenario === "stub" || scenario === "http") assert.ok(Object.keys(ends).length >= 5, `too few kinds of ends: ${Object.keys(ends)}`);
  });
}
