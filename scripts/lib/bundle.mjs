// The JavaScript of an entry: its loader, wasm-bindgen's glue and the modules of pkg-template/, in one file per runtime.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { SCRIPT, loadersOf } from "./entries.mjs";
import { leanGlue } from "./glue.mjs";
import { pack } from "./packed.mjs";
import { at, root } from "./project.mjs";
import { GLUE } from "./wasm.mjs";

/**
 * Answers the imports that only the build can:
 *   claiv:load   the loader of this file, from pkg-template/entries/
 *   claiv:glue   the JavaScript wasm-bindgen made
 *   claiv:imports  the glue's functions by the names under which the module asks for them
 *   claiv:wasm   the module: a text in `packed` and `base64`, otherwise a file that the runtime imports
 *   claiv:api    what the entry exports: pkg-template/<api>/index.js, or everything public of the glue
 */
function claivImports({ one, api, wasm, folder, loader }) {
  const index = at("pkg-template", api, "index.js");
  const glue = join(folder, `${GLUE}_bg.js`);
  const imports = join(folder, "imports.js");
  const targets = {
    load: () => ({ path: at("pkg-template/entries", `${loader}.js`) }),
    glue: () => ({ path: glue }),
    imports: () => ({ path: imports }),
    wasm: () => ({
      packed: { path: "packed", namespace: "claiv" },
      base64: { path: join(folder, "final.wasm") },
      workerd: { path: `./${wasm}`, external: true },
      "edge-light": { path: `./${wasm}?module`, external: true },
    })[loader],
    api: () => (existsSync(index) ? { path: index } : { path: "exports", namespace: "claiv" }),
  };
  return {
    name: "claiv-imports",
    setup(build) {
      build.onResolve({ filter: /^claiv:/ }, ({ path }) => targets[path.slice("claiv:".length)]?.());
      // wasm-bindgen copies JavaScript that a crate imports ("module") or leaves its path as it is ("raw_module"). Either
      // way there must be one copy of it in the bundle: the classes in it are told apart by identity.
      build.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
        const original = at("pkg-template", api, basename(path));
        return [glue, imports].includes(importer) && existsSync(original) ? { path: original } : undefined;
      });
      build.onLoad({ filter: /_bg\.js$/ }, ({ path }) => path === glue
        ? { contents: leanGlue(readFileSync(glue, "utf8"), JSON.parse(readFileSync(join(folder, "exports.json"), "utf8")), one), loader: "js" }
        : undefined);
      build.onLoad({ filter: /^packed$/, namespace: "claiv" }, () =>
        ({ contents: `export default ${JSON.stringify(pack(readFileSync(join(folder, "final.wasm"))))};` }));
      build.onLoad({ filter: /^exports$/, namespace: "claiv" }, () => {
        const [names] = /^export \{[^}]*\}/m.exec(readFileSync(join(folder, `${GLUE}.js`), "utf8"));
        return { contents: `${names} from "claiv:glue";`, resolveDir: root };
      });
    },
  };
}

/** Writes the files of an entry to `to`: one for each loader, and the client's classic script. */
export async function bundle(one, folder, to) {
  const { entry, api = entry, file, wasm } = one;
  const outputs = loadersOf(one).map((loader) => ({ file, ...loader }));
  if (SCRIPT.entry === entry) outputs.push(SCRIPT);
  await Promise.all(outputs.map(({ file, loader, suffix, format, globalName, minify }) => build({
    absWorkingDir: root,
    entryPoints: [at("pkg-template/entries/entry.js")],
    outfile: join(to, file + suffix),
    bundle: true,
    format,
    globalName,
    minify,
    // "node" makes esbuild list the exports where Node's require-to-import bridge looks for them.
    platform: format === "cjs" ? "node" : "neutral",
    target: "es2020",
    // For hosts that lack what all runtimes have; workerd and the edge are none of them.
    inject: ["packed", "base64"].includes(loader) ? [at("pkg-template/entries/text.js")] : [],
    // For Deno, where the file itself is imported: by an import map, or from a CDN.
    banner: suffix === ".js" ? { js: `/* @ts-self-types="./${file}.d.ts" */` } : {},
    loader: { ".wasm": "base64" },
    charset: "utf8",
    legalComments: "none",
    // The package's own "sideEffects": false would drop `import "claiv:load"`.
    ignoreAnnotations: true,
    logLevel: "warning",
    plugins: [claivImports({ one, api, wasm, folder, loader })],
  })));
}
