// When the module's memory cannot grow, what is pending in it rejects, and the next call of the same client starts a fresh instance: same key,
// same URL, same headers, and a closed client stays closed.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { program } from "./support.mjs";

let flags;
before(async () => {
  const { pages, sent } = await program("full-memory.mjs", ["pages"]);
  assert.equal(sent, 1);
  // Just enough to begin with.
  flags = [`--wasm-max-mem-pages=${pages + 2}`];
});

function works({ counts, examples, stray, after, sent, stillClosed }) {
  assert.deepEqual(examples, []);
  assert.deepEqual({ other: counts.other, threw: counts.threw, pending: counts.pending }, { other: 0, threw: 0, pending: 0 });
  assert.deepEqual(stray, []);
  assert.deepEqual(after, ["e", "e", "e"], "calls afterwards");
  assert.deepEqual(sent, ["a", "b", "new"].map((name) => [`https://${name}.example.com/v1/ingest`, `Bearer key-of-${name}`, name]));
  assert.match(stillClosed, /^ClaivError: .*closed/);
}

for (const [what, calls, events] of [["20,000 pending calls", 20_000, 0], ["an ingestMany of 100,000 events beside 2,000 pending calls", 2000, 100_000]]) {
  test(`${what} in a memory that cannot grow: each settles, rejecting only with ClaivErrors, and the next calls of the same clients work, with their own keys and URLs`, async (t) => {
    const end = await program("full-memory.mjs", [calls, events], { flags, timeout: 60_000 });
    t.diagnostic(JSON.stringify({ ...end.counts, instances: end.instances, messages: end.messages }));
    works(end);
    assert.equal(end.counts.fulfilled + end.counts.ClaivError, calls + (events ? 1 : 0));
    // Each call either found memory or was rejected.
    if (end.counts.ClaivError > 0) assert.ok(end.messages.every(([message]) => /memory|instance|WebAssembly/i.test(message)), JSON.stringify(end.messages));
  });
}

test("with all the memory there is, the same calls all fulfil", async () => {
  const end = await program("full-memory.mjs", [5000, 0], { timeout: 60_000 });
  works(end);
  assert.equal(end.counts.fulfilled, 5000);
});
