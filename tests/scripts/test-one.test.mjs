// scripts/test-one.mjs: which file a word means, and what ends on a failure. (That it runs what it finds, every use of it shows.)
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { testFile } from "../../scripts/lib/find-test.mjs";
import { at } from "../../scripts/lib/project.mjs";
import { TEST_FILE } from "../../scripts/suites/node.mjs";

const root = mkdtempSync(join(tmpdir(), "claiv-find-"));
test.after(() => rmSync(root, { recursive: true }));
for (const name of ["client/retries.test.mjs", "client/more-retries.test.mjs", "client/hostile.test.mjs", "wire/hostile.test.cjs",
  "wire/helpers.mjs", "node_modules/other/only-there.test.mjs"]) {
  mkdirSync(join(root, "tests", dirname(name)), { recursive: true });
  writeFileSync(join(root, "tests", name), "");
}
const find = (wanted) => testFile(wanted, root, TEST_FILE);

test("a test file is named by its path, or by a part of it that only one has", () => {
  assert.equal(find("tests/client/retries.test.mjs"), "tests/client/retries.test.mjs");
  assert.equal(find(join(root, "tests/client/retries.test.mjs")), "tests/client/retries.test.mjs");
  assert.equal(find("more"), "tests/client/more-retries.test.mjs");
  assert.equal(find("retries"), "tests/client/retries.test.mjs");
  assert.equal(find("wire/hostile"), "tests/wire/hostile.test.cjs");
});

test("what is no test file, or may be several, is refused with what there is", () => {
  assert.throws(() => find("hostile"), /may be any of tests\/client\/hostile\.test\.mjs, tests\/wire\/hostile\.test\.cjs/);
  for (const wanted of ["nothing", "tests/wire/helpers.mjs", "only-there"]) assert.throws(() => find(wanted), /no test file of tests\//);
});

test("without a file and without a word, and with both, it says what it wants and fails", () => {
  for (const args of [[], ["--file="], ["--file=retries", "--rust=retry"]]) {
    const { status, stderr } = spawnSync(process.execPath, [at("scripts/test-one.mjs"), ...args], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stderr, /FAILED: say which test: FILE=.* RUST=/);
  }
});

test("an entry that does not exist is refused with those that do", () => {
  const { status, stderr } = spawnSync(process.execPath, [at("scripts/build.mjs"), "clint"], { encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /no entry clint: .*client, emulator, debug/);
});
