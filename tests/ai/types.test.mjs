// One middleware object and one set of tools fit the types of both majors: specification v3 and v4.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { at } from "../../scripts/lib/project.mjs";
import { MAJORS, assert, modules } from "./support.mjs";

const installed = dirname(dirname(fileURLToPath(import.meta.resolve("claiv-memory"))));

for (const { major } of MAJORS) {
  for (const [compiler, strictest] of [["typescript", true], ["typescript", false], ["typescript-7", true]]) {
    test(`the SDK's majors lag (mem0#3126, mem0#3903): the program compiles with the types of ai ${major}, by ${compiler}${strictest ? ", strictest" : ""}`, (t) => {
      const folder = mkdtempSync(join(tmpdir(), "claiv-ai-types-"));
      t.after(() => rmSync(folder, { recursive: true }));
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(join(modules, `ai-${major}`), join(folder, "node_modules/ai"));
      symlinkSync(installed, join(folder, "node_modules/claiv-memory"));
      copyFileSync(at("tests/ai/types/program.ts"), join(folder, "program.ts"));
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
        compilerOptions: {
          module: "nodenext", target: "es2022", lib: ["es2022", "dom", "dom.iterable"], strict: true, noEmit: true, types: [],
          // The declarations of ai 6 need zod's, which a user has.
          skipLibCheck: true,
          ...(strictest && { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true }),
        },
        include: ["program.ts"],
      }));
      const { status, stdout } = spawnSync(process.execPath, [at("node_modules", compiler, "bin/tsc"), "-p", folder], { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });
  }
}
