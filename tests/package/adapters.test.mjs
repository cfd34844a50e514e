// The adapters' entries as they are packed: their formats export the same, their types are the client's own, and the client does not know them.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { bundle } from "../../scripts/lib/bundle.mjs";
import { ADAPTERS, ENTRIES } from "../../scripts/lib/entries.mjs";
import { FINAL } from "../../scripts/lib/wasm.mjs";
import { inModule, inNode, read, repository } from "./installed.mjs";

for (const { name } of ADAPTERS) {
  const specifier = JSON.stringify(`claiv-memory/${name}`);

  test(`claiv-memory/${name}: import and require export the same names`, async () => {
    const names = await inModule(`console.log(JSON.stringify(Object.keys(await import(${specifier}))))`);
    assert.ok(names.length > 0);
    assert.deepEqual((await inNode(`console.log(JSON.stringify(Object.keys(require(${specifier}))))`)).sort(), names);
  });

  test(`claiv-memory/${name}: the types of the client are those of the same format's entry`, () => {
    const [esm, cjs] = [".d.ts", ".d.cts"].map((suffix) => read(`dist/${name}${suffix}`).toString());
    assert.doesNotMatch(esm, /["']claiv-memory["']/);
    assert.equal(cjs, esm.replaceAll("./index.js", "./index.cjs"));
  });
}

test("the client's files are, byte for byte, those of a build without adapters", async (t) => {
  const [client] = ENTRIES;
  // The folder of the build whose package is installed: with FAST=1 it is another one.
  const folders = [".build/client", ".build/fast/client"].map((folder) => join(repository, folder));
  const module = read(`dist/${client.wasm}`);
  const folder = folders.find((one) => { try { return readFileSync(join(one, FINAL)).equals(module); } catch { return false; } });
  assert.ok(folder, "the installed module is of no build that is here");
  const to = mkdtempSync(join(tmpdir(), "claiv-alone-"));
  t.after(() => rmSync(to, { recursive: true }));
  await bundle(client, folder, to);
  const alone = readdirSync(to);
  assert.ok(alone.includes("index.js"));
  for (const name of alone) assert.ok(readFileSync(join(to, name)).equals(read(`dist/${name}`)), name);
});

test("a program that imports the client only gets nothing of an adapter", async () => {
  const { metafile } = await build({
    stdin: { contents: 'export { ClaivClient } from "claiv-memory";', resolveDir: join(repository, "tests") },
    bundle: true, write: false, metafile: true, format: "esm", outfile: "out.js",
  });
  assert.deepEqual(Object.keys(metafile.inputs).map((name) => name.split("/").at(-1)), ["index.js", "<stdin>"]);
});
