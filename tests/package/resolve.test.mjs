import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { ENTRIES, folder, inModule, inNode } from "./installed.mjs";

// What tools ask for, in the order they name it. Many set several at once, so the order within "exports" decides.
const TOOLS = [
  { tool: "Node, Bun, Deno", conditions: [], suffix: ".node.js" },
  { tool: "Vite, webpack, esbuild", conditions: ["browser", "module"], suffix: ".js" },
  { tool: "wrangler", conditions: ["workerd", "worker", "browser"], suffix: ".workerd.js" },
  { tool: "Next's edge runtime", conditions: ["edge-light", "browser"], suffix: ".edge-light.js" },
  { tool: "Rollup for Node", conditions: ["module"], suffix: ".node.js" },
];

for (const { specifier, file, forNode } of ENTRIES) {
  for (const { tool, conditions, suffix: wanted } of TOOLS) {
    // Where there is no file of its own for Node, index.js has base64 already.
    const suffix = wanted === ".node.js" && !forNode ? ".js" : wanted;
    test(`${specifier}: ${tool} get ${file}${suffix}`, async () => {
      const flags = conditions.map((condition) => `--conditions=${condition}`);
      const url = await inModule(`console.log(JSON.stringify(import.meta.resolve(${JSON.stringify(specifier)})))`, ...flags);
      assert.equal(url, pathToFileURL(join(folder, "dist", file + suffix)).href);
    });
  }

  test(`${specifier}: require gets ${file}.cjs`, async () => {
    const path = await inNode(`console.log(JSON.stringify(require.resolve(${JSON.stringify(specifier)})))`);
    assert.equal(path, join(folder, "dist", `${file}.cjs`));
  });
}

test("package.json can be asked for, other files cannot", async () => {
  const version = await inNode(`console.log(JSON.stringify(require("claiv-memory/package.json").version))`);
  assert.match(version, /^\d+\.\d+\.\d+/);
  const code = await inModule(`await import("claiv-memory/dist/index.js").catch((error) => console.log(JSON.stringify(error.code)))`);
  assert.equal(code, "ERR_PACKAGE_PATH_NOT_EXPORTED");
});
