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
    const folder = t.workspace({}, { copy: ["tests/runtimes/jest"], modules, manifest: { type: undefined } });
    await build({ entryPoints: [join(folder, "conformance/index.mjs")], outfile: join(folder, "conformance.cjs"), bundle: true, format: "cjs", logLevel: "silent" });
    const results = await runTests(t, folder, [join(folder, "node_modules/jest/bin/jest.js"), "--ci", `--env=${environment}`, "--testMatch", "**/conformance.spec.cjs"], "jest");
    return { version: versionOf(modules, "jest"), results };
  },
});

export const rows = [
  row("node", "node"),
  row("jsdom", "jsdom as it comes"),
  row("jsdom-fetch", "jsdom with Node's fetch", "./jsdom-with-fetch.cjs"),
];
