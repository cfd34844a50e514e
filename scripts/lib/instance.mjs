// The module `claiv:instance`, which makes instances of an entry's wasm: `createInstance(compiled, guard)`. Its body is wasm-bindgen's
// glue as it is, with the JavaScript that the crate imports and pkg-template/runtime/instance.js, in one bundle without imports and exports.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { Failure, at, root } from "./project.mjs";
import { FINAL, GLUE, NAMES } from "./wasm.mjs";

const GLUE_FILE = `${GLUE}_bg.js`;

/** The names that wasm-bindgen's glue exports for users: the crate's classes and functions. */
async function publicNames(folder) {
  const { metafile } = await build({
    absWorkingDir: folder, entryPoints: [`${GLUE}.js`], bundle: true, format: "esm", external: ["*"],
    write: false, metafile: true, logLevel: "warning",
  });
  return Object.values(metafile.outputs)[0].exports;
}

/**
 * Which exports of the module esbuild is to call in the glue as wasm-opt calls them in the module, and which are too plain to be
 * told from other properties, or no functions: { mangled: { long: short }, renamed: { long: short } }.
 */
function exportNames(folder, exports, names) {
  const module = new WebAssembly.Module(readFileSync(join(folder, FINAL)));
  const kinds = new Map(WebAssembly.Module.exports(module).map(({ name, kind }) => [name, kind]));
  const prefixes = ["__wb", "wasm_bindgen_", ...names.map((name) => `${name.toLowerCase()}_`)];
  const [mangled, renamed] = [{}, {}];
  for (const [long, short] of exports) {
    const plain = kinds.get(short) !== "function" || !prefixes.some((prefix) => long.startsWith(prefix));
    (plain ? renamed : mangled)[long] = short;
  }
  return { mangled, renamed };
}

/** What the module imports under wasm-opt's names, what its exports are called, and what the glue has for users. */
function namesModule(imports, renamed, names) {
  const isGlue = (module) => module === `./${GLUE_FILE}`;
  const own = imports.filter(([module]) => !isGlue(module));
  const lines = own.map(([module, name, short]) => `import { ${name} as own_${short} } from ${JSON.stringify(module)};`);
  // All of them come from one module that wasm-opt has given a letter; each function is named, so that minifiers can rename it.
  const members = imports.map(([module, name, short]) => `${short}: ${isGlue(module) ? `glue.${name}` : `own_${short}`}`);
  return [
    'import * as glue from "claiv:glue";',
    ...lines,
    `export const imports = { a: { ${members.join(", ")} } };`,
    `export const renamed = ${JSON.stringify(renamed)};`,
    `export const exported = { ${names.map((name) => `${name}: glue.${name}`).join(", ")} };`,
  ].join("\n");
}

/** The source of `claiv:instance` for an entry built in `folder`. */
export async function instanceModule({ entry, api = entry }, folder) {
  const { imports, exports } = JSON.parse(readFileSync(join(folder, NAMES), "utf8"));
  const known = (module) => module === `./${GLUE_FILE}` || existsSync(at("pkg-template", api, module));
  const foreign = imports.filter(([module]) => !known(module));
  if (foreign.length > 0) throw new Failure(`the wasm of ${entry} imports more than its glue: ${foreign.join("; ")}`);
  const names = await publicNames(folder);
  const { mangled, renamed } = exportNames(folder, exports, names);
  const glue = join(folder, GLUE_FILE);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [at("pkg-template/runtime/instance.js")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    target: "es2020",
    charset: "utf8",
    // Removes the comments; the documentation is in the declarations. The bundle is printed anew later, except objects on one line.
    minifyWhitespace: true,
    lineLimit: 80,
    mangleProps: new RegExp(`^(?:${Object.keys(mangled).join("|")})$`),
    mangleCache: mangled,
    legalComments: "none",
    ignoreAnnotations: true,
    logLevel: "warning",
    plugins: [{
      name: "claiv-instance",
      setup(build) {
        build.onResolve({ filter: /^claiv:glue$/ }, () => ({ path: glue }));
        build.onResolve({ filter: /^claiv:names$/ }, () => ({ path: "names", namespace: "claiv" }));
        build.onLoad({ filter: /^names$/, namespace: "claiv" }, () => ({ contents: namesModule(imports, renamed, names), resolveDir: folder }));
        // wasm-bindgen copies JavaScript that a crate imports ("module") or leaves its path as it is ("raw_module"). Either
        // way there must be one copy of it in the bundle.
        build.onResolve({ filter: /^\.\// }, ({ path, importer, namespace }) => {
          const original = at("pkg-template", api, basename(path));
          return (importer === glue || namespace === "claiv") && existsSync(original) ? { path: original } : undefined;
        });
      },
    }],
  });
  return `export function createInstance(compiled, guard) {\n${outputFiles[0].text}}\n`;
}
