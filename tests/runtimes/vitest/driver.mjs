// Vitest without a configuration file.
import { join } from "node:path";
import { runTests, versionOf } from "../support/runner.mjs";

export const rows = [{
  id: "vitest",
  title: "Vitest",
  quick: true,
  async run(t) {
    const modules = await t.tools("tests/runtimes/vitest");
    const folder = t.workspace({}, { copy: ["tests/runtimes/vitest", "tests/runtimes/support"], drop: /(hostile|services|report|runner)\.mjs$/, modules });
    const results = await runTests(t, folder, [join(folder, "node_modules/vitest/vitest.mjs"), "run"], "vitest");
    return { version: versionOf(modules, "vitest"), results };
  },
}];
