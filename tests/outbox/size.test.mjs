// What a page pays for the outbox, as a bundler ships it.
import assert from "node:assert/strict";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

async function bundled(names) {
  const { outputFiles: [{ contents, text }] } = await build({
    stdin: { contents: `export { ${names} } from "claiv-memory/outbox";`, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true, minify: true, write: false, format: "esm", target: "es2022",
  });
  return { text, brotli: brotliCompressSync(contents).length };
}

test("the form for IndexedDB is 5 KB by brotli at the most, without the other stores, the client, and Node's modules", async (t) => {
  const { text, brotli } = await bundled("createOutbox, indexedDBStore");
  t.diagnostic(`${brotli} bytes`);
  assert.ok(brotli <= 5 * 1024, `${brotli} bytes`);
  for (const part of ["node:", "getMany", "setAlarm", "contract", "WebAssembly"]) assert.ok(!text.includes(part), part);
});

test("a bundle for browsers with every export has nothing of Node", async () => {
  assert.doesNotMatch((await bundled("createOutbox, fileStore, queueOutbox, handleQueue, storeContract, denoKvStore")).text, /node:|require/);
});
