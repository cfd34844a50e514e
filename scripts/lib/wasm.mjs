// From a crate to its glue, its types and its optimised wasm, in .build/<entry>/.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TARGET, locked, remapPaths, wasmEnv } from "./cargo.mjs";
import { Failure, at, tools } from "./project.mjs";
import { capture, run } from "./run.mjs";

/** What wasm-bindgen calls its output, and so the module name under which the wasm imports its glue. */
export const GLUE = "glue";

// The standard library is compiled anew without panic messages, source locations and Debug output: none of them can be
// seen by users, and together they are a quarter of the module. These switches are unstable, hence RUSTC_BOOTSTRAP.
const STD = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const FLAGS = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none"];

// What every supported engine has. A module that needs more is refused by wasm-opt.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "reference-types", "call-indirect-overlong", "sign-ext",
  "nontrapping-float-to-int", "multivalue", "mutable-globals"];
const OPTIMISE = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`), "-Oz", "--converge",
  "--zero-filled-memory", "--strip-debug", "--strip-producers", "--strip-target-features"];

/** Compiles one crate. Each has its own cargo call, so that no feature of one's dependencies reaches the other. */
async function compile(crate) {
  const env = wasmEnv("wasm-release", [...FLAGS, ...(await remapPaths())]);
  await run(tools().CLAIV_WASM_CARGO, ["build", "--release", "--target", TARGET, ...STD, ...locked, "-p", crate],
    { env: { ...env, RUSTC_BOOTSTRAP: "1" }, what: `compiling ${crate}` });
  return join(env.CARGO_TARGET_DIR, TARGET, "release", `${crate.replaceAll("-", "_")}.wasm`);
}

/** Engines get what they would be shipped: whatever they refuse must not leave this machine. */
async function check(file, entry) {
  const module = await WebAssembly.compile(readFileSync(file));
  const foreign = WebAssembly.Module.imports(module).filter(({ module: from }) => from !== `./${GLUE}_bg.js`);
  if (foreign.length > 0) {
    const names = foreign.map(({ module: from, name }) => `${from}:${name}`).join(", ");
    throw new Failure(`the wasm of ${entry} imports more than its glue: ${names}`);
  }
}

/** Makes .build/<entry>/ from a crate, and skips the slow part when the compiler gave the same bytes as last time. */
export async function buildWasm({ entry, crate }) {
  const compiled = await compile(crate);
  const folder = at(".build", entry);
  const stamp = join(folder, "made-from");
  const bindgen = ["--target", "bundler", "--out-name", GLUE, "--out-dir", folder];
  const recipe = JSON.stringify([await capture(tools().CLAIV_BINDGEN, ["--version"]), bindgen.slice(0, 4), OPTIMISE,
    readFileSync(at("node_modules/binaryen/package.json"), "utf8")]);
  const now = createHash("sha256").update(recipe).update(readFileSync(compiled)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) return folder;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(tools().CLAIV_BINDGEN, [...bindgen, compiled], { what: `wasm-bindgen on ${crate}` });
  const wasm = join(folder, `${GLUE}_bg.wasm`);
  await run(process.execPath, [at("node_modules/binaryen/bin/wasm-opt"), wasm, "-o", join(folder, "optimised.wasm"), ...OPTIMISE],
    { what: `wasm-opt on ${crate}` });
  await check(join(folder, "optimised.wasm"), entry);
  writeFileSync(stamp, now);
  return folder;
}
