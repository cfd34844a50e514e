// Vercel's edge runtime: the function is bundled as Vercel does it, which sets the condition edge-light and takes
// `?module` imports out as modules of the platform.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { inlinedModules } from "../../support/inlined.mjs";
import { ask } from "../workerd/driver.mjs";

/** Bundles main.mjs; gives the .wasm files it imports, in the order of their numbers. */
async function bundle(folder) {
  const modules = [];
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [join(folder, "main.mjs")], outfile: join(folder, "function.js"), bundle: true, format: "iife", conditions: ["edge-light"], target: "es2022",
    write: false,
    plugins: [{
      name: "modules-of-the-platform",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace("?module", "")), namespace: "module" }));
        onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({ contents: `export default wasm_${modules.push(path) - 1};` }));
      },
    }],
  });
  return { modules, text };
}

export const rows = [{
  id: "edge-runtime",
  title: "Vercel's edge-runtime, no code generation",
  quick: true,
  async run(t) {
    const modules = await t.tools("tests/runtimes/edge");
    const folder = t.workspace({}, { copy: ["tests/runtimes/edge", "tests/runtimes/support"], drop: /(hostile|services|report)\.mjs$/ });
    const { modules: wasm, text } = await bundle(folder);
    const program = join(folder, "function.js");
    writeFileSync(program, text);
    // What serves it is no part of the user's program and finds edge-runtime where that is installed.
    const script = join(modules, "..", "serve.mjs");
    cpSync(join(folder, "serve.mjs"), script);
    const server = await t.serve(await t.node(20), [script, program, ...wasm], { cwd: folder, ready: /listening on (\S+)/, what: "edge-runtime" });
    t.after(server.stop);
    const version = JSON.parse(readFileSync(join(modules, "edge-runtime/package.json"), "utf8")).version;
    return { version, results: [...(await ask(t, server.match[1])), t.check("package", "the bundle has both modules as imports and none as text", () => {
      if (wasm.map((file) => basename(file)).sort().join() !== "claiv_memory.wasm,emulator.wasm") throw new t.Failure(`the modules are ${wasm}`);
      if (inlinedModules(text) > 0) throw new t.Failure("there is a module in the bundle");
    })] };
  },
}];
