// Vitest without a configuration file.
import { join } from "node:path";
import { runTests, versionOf } from "../support/runner.mjs";

export const rows = [{
  id: "vitest",
  title: "Vitest",
  quick: true,
  async run(t) {
    const modules = await t.tools("tests/runtimes/vitest");
    const folder = t.workspace({}, { copy: ["tests/runtimes/vitest", "tests/runtimes/support", "tests/runtimes/fake-timers"], drop: /(hostile|services|report|runner)\.mjs$/, modules });
    const run = (spec, ...options) => runTests(t, folder, [join(folder, "node_modules/vitest/vitest.mjs"), "run", `${spec}.spec.mjs`, ...options], "vitest");
    const results = await run("conformance");
    // Only in threads does it fake process.nextTick.
    results.push(...await run("fake-timers", "--pool=threads"));
    return { version: versionOf(modules, "vitest"), results };
  },
}];
