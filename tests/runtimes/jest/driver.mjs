// Jest without a configuration file, in its two environments: jsdom has no fetch, so once more with Node's.
import { join } from "node:path";
import { build } from "esbuild";
import { runTests, versionOf } from "../support/runner.mjs";

const row = (id, title, environment = id) => ({
  id: `jest-${id}`,
  title: `Jest, ${title}`,
  quick: id !== "node",
  async run(t) {
    const modules = await t.tools("tests/runtimes/jest");
    const folder = t.workspace({}, { copy: ["tests/runtimes/jest", "tests/runtimes/fake-timers"], modules, manifest: { type: undefined } });
    for (const [from, to] of [["conformance/index.mjs", "conformance.cjs"], ["cases.mjs", "fake-timers.cjs"]]) {
      await build({ entryPoints: [join(folder, from)], outfile: join(folder, to), bundle: true, format: "cjs", logLevel: "silent" });
    }
    const run = (spec, options = [], env = {}) =>
      runTests(t, folder, [join(folder, "node_modules/jest/bin/jest.js"), "--ci", `--env=${environment}`, "--testMatch", `**/${spec}.spec.cjs`, ...options], "jest", env);
    const results = await run("conformance");
    results.push(...await run("fake-timers"));
    results.push(...await run("fake-timers", ["--config", JSON.stringify({ fakeTimers: { enableGlobally: true } })], { FAKED_FIRST: "1" }));
    return { version: versionOf(modules, "jest"), results };
  },
});

export const rows = [
  row("node", "node"),
  row("jsdom", "jsdom as it comes"),
  row("jsdom-fetch", "jsdom with Node's fetch", "./jsdom-with-fetch.cjs"),
];
