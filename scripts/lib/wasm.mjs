// From a crate to its glue, its types and its optimised wasm, in .build/<entry>/.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TARGET, checkedEnv, locked, remapPaths, wasmEnv } from "./cargo.mjs";
import { Failure, at, tools } from "./project.mjs";
import { capture, run } from "./run.mjs";
import { customSections, shortenExports, shortenImports, withoutFeature } from "./wasm-binary.mjs";

/** The optimised module, which has the names of its functions; `final.wasm` is the same code without them. */
export const NAMED = "optimised.wasm";

/** What wasm-bindgen calls its output, and so the module name under which the wasm imports its glue. */
export const GLUE = "glue";
/** The one module that the finished wasm imports from; pkg-template/entries/instantiate.js hands it over. */
const IMPORTS = "imports";
/** The one export that the loader calls by its name. */
const START = "__wbindgen_start";

// The standard library is compiled anew without panic messages, source locations and Debug output: none of them can be
// seen by users, and together they are a quarter of the module. These switches are unstable, hence RUSTC_BOOTSTRAP.
const STD = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="];
// The client knows JavaScript's values as numbers (docs/decisions/0008-values.md), for which wasm's own references have to be off. The
// compiler's inliner and LLVM's threshold below are by trial (docs/performance.md).
const NUMBERS = "-Ctarget-feature=-reference-types";
const FLAGS = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none", NUMBERS, "-Zmir-opt-level=3"];
// All code is generated with the last crate, so this is said to that one only.
const INLINE = ["--", "-Cllvm-args=-inline-threshold=80"];

// What every supported engine has. A module that needs more is refused by wasm-opt.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "sign-ext",
  "nontrapping-float-to-int", "multivalue", "mutable-globals"];
const OPTIMISE = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`), "-g"];
const SMALL = ["-Oz"];
// A second round on flattened code finds what the compiler's own shape hid: one per cent, for twice the time.
const SMALLER = [...SMALL, "--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--zero-filled-memory"];

/** Compiles one crate. Each has its own cargo call, so that no feature of one's dependencies reaches the other. */
async function compile({ crate, development, everyByteCounts }) {
  if (development) return compileChecked(crate);
  const env = wasmEnv("wasm-release", [...FLAGS, ...(await remapPaths())]);
  await run(tools().CLAIV_WASM_CARGO, ["rustc", "--lib", "--release", "--target", TARGET, ...STD, ...locked, "-p", crate,
    ...(everyByteCounts ? ["--features", "lean-glue", ...INLINE] : [])],
    { env: { ...env, RUSTC_BOOTSTRAP: "1" }, what: `compiling ${crate}` });
  return join(env.CARGO_TARGET_DIR, TARGET, "release", `${crate.replaceAll("-", "_")}.wasm`);
}

/**
 * Compiles one crate for the development build: with the library that came with the compiler, panic messages and all checks. The
 * crate alone is optimised a little, without which it is twice the size.
 */
async function compileChecked(crate) {
  const features = crate === "claiv-memory" ? ["--features", "debug,lean-glue"] : [];
  const env = await checkedEnv("wasm-debug", [NUMBERS]);
  await run(tools().CLAIV_WASM_CARGO, ["build", "--config", `profile.dev.package.${crate}.opt-level=1`, "--target", TARGET, ...locked,
    "-p", crate, ...features], { env, what: `compiling ${crate} for development` });
  return join(env.CARGO_TARGET_DIR, TARGET, "debug", `${crate.replaceAll("-", "_")}.wasm`);
}

/**
 * Gives imports and exports short names and writes beside the module what JavaScript has to hand it: an array of the glue's
 * functions. They are picked one by one, so that an application's minifier can rename them.
 */
async function finish(folder, { entry, api = entry, development }) {
  const code = customSections(readFileSync(join(folder, NAMED)), development ? ["name"] : []);
  const { names, bytes: imported } = shortenImports(code, IMPORTS);
  const { names: exported, bytes } = shortenExports(imported, [START]);
  // What takes and gives references only is imported from where it is, without a function of the glue in between.
  const known = (module) => module === `./${GLUE}_bg.js` || existsSync(at("pkg-template", api, module));
  const foreign = names.filter(([module]) => !known(module));
  if (foreign.length > 0) throw new Failure(`the wasm of ${entry} imports more than its glue: ${foreign.join("; ")}`);
  // Engines get what they would be shipped: whatever they refuse must not leave this machine.
  await WebAssembly.compile(bytes);
  writeFileSync(join(folder, "final.wasm"), bytes);
  writeFileSync(join(folder, "exports.json"), JSON.stringify(exported));
  const own = names.filter(([module]) => module !== `./${GLUE}_bg.js`);
  const lines = own.map(([module, name, place]) => `import { ${name} as own${place} } from "${module}";\n`);
  const members = names.map(([, name, place], i) => `  ${own.includes(names[i]) ? `own${place}` : `glue.${name}`},\n`);
  writeFileSync(join(folder, "imports.js"),
    `import * as glue from "claiv:glue";\n${lines.join("")}\nexport const ${IMPORTS} = [\n${members.join("")}];\n`);
}

/** All that decides what becomes of a compiled crate. */
async function recipe() {
  const hash = createHash("sha256").update(await capture(tools().CLAIV_BINDGEN, ["--version"]));
  for (const file of ["scripts/lib/wasm.mjs", "scripts/lib/wasm-binary.mjs", "node_modules/binaryen/package.json"]) {
    hash.update(readFileSync(at(file)));
  }
  return hash;
}

/** Makes .build/<entry>/, or the entry's own `folder`, from a crate, and skips the slow part when the compiler gave the same bytes as last time. */
export async function buildWasm(one) {
  const { entry, crate, fast, folder = at(".build", entry) } = one;
  const compiled = await compile(one);
  const stamp = join(folder, "made-from");
  const now = (await recipe()).update(readFileSync(compiled)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return folder;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The library that came with the compiler says that it has references of JavaScript, and uses none.
  const plain = join(folder, "compiled.wasm");
  writeFileSync(plain, withoutFeature(readFileSync(compiled), "reference-types"));
  await run(tools().CLAIV_BINDGEN, ["--target", "bundler", "--out-name", GLUE, "--out-dir", folder, plain],
    { what: `wasm-bindgen on ${crate}` });
  if (fast) cpSync(join(folder, `${GLUE}_bg.wasm`), join(folder, NAMED));
  else await optimise(one, folder);
  await finish(folder, one);
  writeFileSync(stamp, now);
  return folder;
}

async function optimise({ entry, crate, everyByteCounts, development }, folder) {
  console.log(`build: optimising the wasm of ${entry}`);
  await run(process.execPath, [
    at("node_modules/binaryen/bin/wasm-opt"), join(folder, `${GLUE}_bg.wasm`), "-o", join(folder, NAMED), ...OPTIMISE,
    // For development it only sweeps up.
    ...(development ? ["-O1"] : everyByteCounts ? SMALLER : SMALL),
  ], { what: `wasm-opt on ${crate}` });
}
