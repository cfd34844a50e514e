#!/usr/bin/env node
// What the package weighs: for each file that is loaded, as it is, by gzip and by brotli, and the functions that weigh most.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ENTRIES } from "./lib/entries.mjs";
import { at, main } from "./lib/project.mjs";
import { functionSizes } from "./lib/wasm-binary.mjs";
import { GLUE } from "./lib/wasm.mjs";

const LARGEST = 20;

function weigh(bytes) {
  return [
    bytes.length,
    gzipSync(bytes, { level: 9 }).length,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
  ];
}

/** A file as an application's bundler would ship it. */
async function minified(path) {
  const { outputFiles } = await build({
    entryPoints: [path], bundle: true, minify: true, write: false, format: "esm", target: "es2020",
    external: ["*.wasm", "*.wasm?module"], legalComments: "none",
  });
  return outputFiles[0].contents;
}

function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, ...cells] of rows) {
    console.log(`  ${name.padEnd(width)}${cells.map((cell) => cell.toLocaleString("en").padStart(12)).join("")}`);
  }
}

await main(async () => {
  const rows = [["bytes", "raw", "gzip", "brotli"]];
  for (const { file, wasm, entry } of ENTRIES) {
    const dist = (name) => at("pkg/dist", name);
    const code = await minified(dist(`${file}.workerd.js`));
    const module = readFileSync(dist(wasm));
    rows.push(
      [`${entry}: ${file}.js`, ...weigh(readFileSync(dist(`${file}.js`)))],
      [`${entry}: ${file}.js, minified`, ...weigh(await minified(dist(`${file}.js`)))],
      [`${entry}: ${wasm}`, ...weigh(module)],
      [`${entry}: ${file}.workerd.js, minified`, ...weigh(code)],
      [`${entry}: both of these, as a Worker has them`, ...weigh(module).map((size, i) => size + weigh(code)[i])],
    );
  }
  table(rows);
  // The names are gone from what is shipped. What wasm-bindgen made still has them, before wasm-opt shrinks it further.
  const functions = functionSizes(readFileSync(at(".build/client", `${GLUE}_bg.wasm`)));
  const all = functions.reduce((sum, { size }) => sum + size, 0);
  console.log(`\nThe ${LARGEST} largest of the client's ${functions.length} functions, before wasm-opt (${all.toLocaleString("en")} bytes in all):`);
  table(functions.slice(0, LARGEST).map(({ name, size }) => [name.length > 110 ? `${name.slice(0, 109)}…` : name, size]));
});
