// Bundles by esbuild: of programs for Workers and pages, and of every client by itself, to be weighed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const CONDITIONS = { workerd: ["workerd", "worker", "browser"], browser: ["browser"] };

/** Bundles programs/<program>.mjs for one client into `to`. */
export async function bundleProgram(t, program, name, { target, to }) {
  await build({
    entryPoints: [t.file("programs", `${program}.mjs`)], outfile: to, bundle: true, minify: true, format: "esm", target: "es2022",
    conditions: CONDITIONS[target], mainFields: ["browser", "module", "main"], external: ["*.wasm", "node:*"], logLevel: "error", legalComments: "none",
    plugins: [{
      name: "client",
      // With a suffix it is a copy of its own, so that the hand-written client beside itself shares no function with it.
      setup: (build) => build.onResolve({ filter: /^claiv:client$/ }, () => ({ path: t.file("clients", `${name}.mjs`), suffix: "?other" })),
    }],
  });
}

const weighing = { bundle: true, minify: true, write: false, format: "esm", target: "es2022", logLevel: "error", legalComments: "none" };

/** { minified, brotli } of some files together. */
const weight = (files) => ({
  minified: files.reduce((sum, bytes) => sum + bytes.length, 0),
  brotli: files.reduce((sum, bytes) => sum + brotli(bytes), 0),
});

/** What an application for browsers pays for all that a client exports, in bytes. */
export async function weigh(t, { name, module, exported = "*" }) {
  const source = module ? { stdin: { contents: `export ${exported} from "${module}";`, resolveDir: t.folder } } : { entryPoints: [t.file("clients", `${name}.mjs`)] };
  const { outputFiles } = await build({ ...weighing, ...source, conditions: CONDITIONS.browser, mainFields: ["browser", "module", "main"], external: ["node:*"] });
  return weight([outputFiles[0].contents]);
}

/** The same of our form for Workers: the module and the JavaScript beside it. */
export async function weighWorker(t) {
  const dist = join(t.modules, "claiv-memory/dist");
  const { outputFiles } = await build({ ...weighing, entryPoints: [join(dist, "index.workerd.js")], external: ["*.wasm"] });
  return weight([outputFiles[0].contents, readFileSync(join(dist, "claiv_memory.wasm"))]);
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
}
