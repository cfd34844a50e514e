// Prototypes that somebody else on the page has changed: calls work or end in a ClaivError, and none stays pending.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { program } from "./support.mjs";

function unharmed({ broken, after }) {
  assert.deepEqual(broken, []);
  assert.equal(after, "e", "a call once all is as it was");
}

describe("a polluted world", { concurrency: 2 }, () => {
  test("whatever is on Object.prototype, with or without a setter: no call hangs, and each fails with nothing but a ClaivError", async (t) => {
    const end = await program("pollution.mjs", ["late"], { timeout: 120_000 });
    t.diagnostic(`${end.cases} pollutions, 7 calls in each`);
    unharmed(end);
    assert.ok(end.cases > 400);
  });

  for (const when of ["early", "late"]) {
    for (const world of ["frozen prototypes", "something enumerable on Array.prototype and Object.prototype", "patched methods of Array.prototype",
      "a Promise that is somebody's subclass", "a patched then", "an Error.stackTraceLimit that cannot be written"]) {
      test(`${world}, ${when === "early" ? "before the package is imported" : "after the import"}: all calls do what they always do`, async () => {
        unharmed(await program("pollution.mjs", [when, world]));
      });
    }
  }

  for (const world of ["methods of Array.prototype that throw", "a then that throws", "a Promise that cannot be made", "an instanceof that throws", "an Error.prepareStackTrace that throws"]) {
    test(`${world}: no call hangs, each fails with nothing but a ClaivError, and the client works when all is as it was`, async () => {
      unharmed(await program("pollution.mjs", ["late", world]));
    });
  }
});
