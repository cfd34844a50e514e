// claiv-memory/v6 is code over the client's own file, which it imports: a program that uses both entries has one module and one set of classes.
import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { inlinedModules } from "../support/inlined.mjs";
import { inModule, inNode, read } from "./installed.mjs";

const here = dirname(fileURLToPath(import.meta.url));

for (const suffix of [".js", ".node.js", ".cjs", ".workerd.js", ".edge-light.js"]) {
  test(`v6${suffix} imports the client's file of the same form, and nothing else`, () => {
    const text = read(`dist/v6${suffix}`).toString();
    const imported = [...text.matchAll(/(?:from\s*|require\()"([^"]+)"/g)].map(([, path]) => path);
    assert.deepEqual([...new Set(imported)], [`./index${suffix}`]);
    assert.equal(inlinedModules(text), 0);
    assert.ok(!/WebAssembly|\.wasm/.test(text));
    assert.ok(text.length < 8_000, `${text.length} characters`);
  });
}

/** Counts the modules that are compiled, and compares the classes of both entries. */
const counted = (load) => `(async () => {
  let modules = 0;
  const { Module } = WebAssembly;
  WebAssembly.Module = class extends Module { constructor(...args) { super(...args); modules += 1; } };
  const [main, v6] = ${load};
  const same = Object.keys(main).filter((name) => main[name] === v6[name]).length;
  console.log(JSON.stringify([modules, Object.getPrototypeOf(v6.ClaivClient) === main.ClaivClient, same, new v6.ClaivClient({ apiKey: "k" }) instanceof main.ClaivClient]));
})();`;

for (const [how, run, load] of [
  ["imported", inModule, '[await import("claiv-memory"), await import("claiv-memory/v6")]'],
  ["imported the other way round", inModule, '[await import("claiv-memory/v6"), await import("claiv-memory")].reverse()'],
  ["required", inNode, '[require("claiv-memory"), require("claiv-memory/v6")]'],
]) {
  test(`both entries, ${how}, compile one module`, async () => {
    assert.deepEqual(await run(counted(load)), [1, true, 11, true]);
  });
}

const BOTH = `
  import * as main from "claiv-memory";
  import * as v6 from "claiv-memory/v6";
  export const found = [Object.getPrototypeOf(v6.ClaivClient) === main.ClaivClient, v6.ClaivClient.name, v6.ClaivApiError.name];
`;

for (const [what, options, wanted] of [
  ["a page", { conditions: ["browser"] }, { modules: 1, files: ["index.js", "v6.js"] }],
  ["Node", { platform: "node" }, { modules: 1, files: ["index.node.js", "v6.node.js"] }],
  ["Node, minified", { platform: "node", minify: true }, { modules: 1, files: ["index.node.js", "v6.node.js"] }],
  ["a Worker", { conditions: ["workerd"], external: ["*.wasm"] }, { modules: 0, files: ["index.workerd.js", "v6.workerd.js"] }],
  ["the edge", { conditions: ["edge-light"], external: ["*.wasm?module"] }, { modules: 0, files: ["index.edge-light.js", "v6.edge-light.js"] }],
]) {
  test(`both entries, bundled for ${what}, are one module`, async () => {
    const { metafile, outputFiles: [{ text }] } = await build({
      stdin: { contents: BOTH, resolveDir: here }, absWorkingDir: here, bundle: true, write: false, metafile: true, format: "esm", ...options,
    });
    assert.equal(inlinedModules(text), wanted.modules);
    assert.deepEqual(Object.keys(metafile.inputs).filter((path) => path.includes("/dist/")).map((path) => basename(path)).sort(), wanted.files);
    if (wanted.modules === 1) {
      const { found } = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
      assert.deepEqual(found, [true, "ClaivClient", "ClaivApiError"]);
    } else assert.equal(Object.values(metafile.outputs)[0].imports.filter(({ path }) => /\.wasm/.test(path)).length, 1);
  });
}

test("a program with the main entry alone has nothing of v6", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export { ClaivClient } from "claiv-memory";', resolveDir: here }, absWorkingDir: here, bundle: true, write: false, metafile: true, format: "esm",
  });
  assert.deepEqual(Object.keys(metafile.inputs).filter((path) => path.includes("/v6")), []);
});
