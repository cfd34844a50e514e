// The JavaScript of an entry: its loader, the runtime, wasm-bindgen's glue and the modules of pkg-template/, in one file for each runtime.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { SCRIPT, knowsCache, loadersOf } from "./entries.mjs";
import { instanceModule } from "./instance.mjs";
import { pack } from "./packed.mjs";
import { at, root } from "./project.mjs";
import { FINAL } from "./wasm.mjs";

/** What the module's text is called in a file that carries it. */
const TEXT = "CLAIV_MODULE";
const TEXTS = { packed: pack, base64: (bytes) => bytes.toString("base64") };

/** An uncaught error shows the line of its source. esbuild breaks lines where a token ends, and breaks long texts. */
const LINE = 200;

/**
 * Answers the imports that only the build can:
 *   claiv:load      the loader of this file, from pkg-template/entries/
 *   claiv:instance  `createInstance`: the glue of a fresh instance (scripts/lib/instance.mjs)
 *   claiv:wasm      the module: a text in `packed` and `base64`, otherwise a file that the runtime imports
 *   claiv:api       what the entry exports: pkg-template/<api>/index.js
 */
function claivImports({ api, wasm, loader, instance }) {
  const own = (path) => ({ path, namespace: "claiv" });
  const targets = {
    load: { path: at("pkg-template/entries", `${loader}.js`) },
    instance: own("instance"),
    wasm: TEXTS[loader] ? own("text") : { path: `./${wasm}${loader === "edge-light" ? "?module" : ""}`, external: true },
    api: { path: at("pkg-template", api, "index.js") },
  };
  const contents = { instance, text: `export default ${TEXT};` };
  return {
    name: "claiv-imports",
    setup(build) {
      build.onResolve({ filter: /^claiv:/ }, ({ path }) => targets[path.slice("claiv:".length)]);
      build.onLoad({ filter: /./, namespace: "claiv" }, ({ path }) => ({ contents: contents[path], resolveDir: root }));
    },
  };
}

/**
 * What stands before and after the code of a file. The module's text has a line of its own, outside of what esbuild prints, which would
 * break it in pieces.
 */
function frame({ suffix, format, globalName, loader }, file, folder) {
  // For Deno, where the file itself is imported: by an import map, or from a CDN.
  const types = suffix === ".js" ? [`/* @ts-self-types="./${file}.d.ts" */`] : [];
  const text = TEXTS[loader] && JSON.stringify(TEXTS[loader](readFileSync(join(folder, FINAL))));
  if (format === "iife") {
    return { banner: `var ${globalName}=(${TEXT}=>{"use strict";`, footer: `return ${globalName}})(\n${text}\n);` };
  }
  const strict = format === "cjs" ? ['"use strict";'] : [];
  return { banner: [...types, ...strict, ...(text ? [`const ${TEXT} =\n${text};`] : [])].join("\n"), footer: "" };
}

/** Writes the files of an entry to `to`: one for each loader, and the client's classic script. */
export async function bundle(one, folder, to) {
  const { entry, api = entry, file, wasm } = one;
  const outputs = loadersOf(one).map((loader) => ({ file, ...loader }));
  if (SCRIPT.entry === entry) outputs.push(SCRIPT);
  const instance = await instanceModule(one, folder);
  await Promise.all(outputs.map((output) => {
    const { file: name, loader, suffix, format, globalName, minify } = output;
    const { banner, footer } = frame(output, name, folder);
    return build({
      absWorkingDir: root,
      entryPoints: [at("pkg-template/entries/entry.js")],
      outfile: join(to, name + suffix),
      bundle: true,
      format,
      globalName,
      minify,
      ...(minify && { lineLimit: LINE }),
      // "node" makes esbuild list the exports where Node's require-to-import bridge looks for them.
      platform: format === "cjs" ? "node" : "neutral",
      target: "es2020",
      inject: [
        at("pkg-template/runtime/host.js"),
        // For hosts that lack what all runtimes have; workerd and the edge are none of them.
        ...(TEXTS[loader] ? [at("pkg-template/entries/text.js")] : []),
      ],
      define: { CLAIV_KNOWS_CACHE: String(knowsCache(loader)) },
      banner: { js: banner },
      footer: { js: footer },
      charset: "utf8",
      legalComments: "none",
      // The package's own "sideEffects": false would drop `import "claiv:load"`.
      ignoreAnnotations: true,
      logLevel: "warning",
      plugins: [claivImports({ api, wasm, loader, instance })],
    });
  }));
}
