// What scripts/size.mjs and the suite `size` make of figures: when they fail, and when they cannot tell.
import assert from "node:assert/strict";
import test from "node:test";
import { budgets, growth } from "../../scripts/lib/size.mjs";

const bytes = (brotli) => ({ raw: 4 * brotli, gzip: brotli, brotli });
const measured = (now, was, { guarded = true, current = "rustc 1.95.0", gone = [] } = {}) => ({
  compiler: { then: "rustc 1.95.0", now: current },
  figures: [{ entry: "client", name: "index.js", now: bytes(now), was: was && bytes(was), guarded }],
  gone,
  budgets: { "index.js": { what: "the default entry", goal: 20_000, accepted: 26_000 } },
});

test("an entry may grow by one per cent and 100 bytes before somebody has to write it down", () => {
  for (const [now, passes] of [[20_000, true], [18_000, true], [20_300, true], [20_301, false]]) {
    const [{ name, problem }] = growth(measured(now, 20_000));
    assert.equal(problem === undefined, passes, name);
  }
});

test("a figure that is missing, and one of a file that is gone, are problems", () => {
  assert.match(growth(measured(20_000, undefined))[0].problem, /no figure/);
  assert.match(growth(measured(20_000, 20_000, { gone: ["old.js"] }))[1].problem, /no such file/);
});

test("what another compiler made cannot be compared", () => {
  const [{ problem, unknown }] = growth(measured(30_000, 20_000, { current: "rustc 1.99.0" }));
  assert.equal(problem, undefined);
  assert.match(unknown, /1\.95\.0.*1\.99\.0/);
});

test("the development build may grow", () => {
  assert.deepEqual(growth(measured(90_000, 20_000, { guarded: false })), []);
});

test("a budget is met, accepted or over", () => {
  for (const [now, state] of [[20_000, "met"], [20_001, "accepted"], [26_000, "accepted"], [26_001, "over"]]) {
    assert.equal(budgets(measured(now, now, { current: "any" }))[0].state, state);
  }
});
