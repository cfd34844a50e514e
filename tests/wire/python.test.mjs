// The Python client of the same API, made by others, against this one.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { casesOf } from "./cases/index.mjs";
import { OPEN } from "./methods.mjs";
import { emulatorTests } from "./emulator.mjs";
import { inspectionTests } from "./inspection.mjs";
import { compare } from "./support/compare.mjs";
import { VERSIONS, preparePython } from "./support/python.mjs";
import { typeTests } from "./types.mjs";

const AT_ONCE = 12;

let start;
try {
  start = await preparePython();
} catch (error) {
  for (const version of VERSIONS) test(`against claiv-memory ${version} of PyPI`, { skip: error.message });
}

const counts = { agreed: 0, byRule: new Map(), differ: 0, open: 0 };

function count(row, open) {
  if (open) counts.open++;
  else if (row.rules.length === 0) counts.agreed++;
  else counts.byRule.set(row.rules.join(" + "), (counts.byRule.get(row.rules.join(" + ")) ?? 0) + 1);
}

for (const version of start ? VERSIONS : []) {
  const python = start(version);
  after(() => python.end());

  describe(`against claiv-memory ${version} of PyPI`, { concurrency: AT_ONCE }, () => {
    for (const row of casesOf(version)) {
      const open = OPEN[version].includes(row.method);
      test(`${version}: ${row.name}`, async () => {
        counts.differ++;
        await compare(row, python, { open });
        counts.differ--;
        count(row, open);
      });
    }
  });

  inspectionTests(python);
  typeTests(python);
  emulatorTests(python);
}

if (start) {
  test("at least 150 cases were compared, and none differs but by a rule", () => {
    const byRule = [...counts.byRule.values()].reduce((sum, one) => sum + one, 0);
    console.log(`wire: ${counts.agreed} cases agree, ${byRule} differ by a named rule, ${counts.differ} otherwise; ${counts.open} wait for methods to come`);
    for (const [rule, number] of [...counts.byRule].sort()) console.log(`wire:   ${String(number).padStart(4)} by ${rule}`);
    assert.equal(counts.differ, 0);
    assert.ok(counts.agreed + byRule >= 150);
  });
}
