// From a crate to its glue, its types and its optimised wasm, in .build/<entry>/.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TARGET, checkedEnv, locked, remapPaths, wasmEnv } from "./cargo.mjs";
import { at, tools } from "./project.mjs";
import { capture, run } from "./run.mjs";
import { withoutFeature } from "./wasm-binary.mjs";

/** The optimised module, which has the names of its functions; `FINAL` is the same code without them. */
export const NAMED = "optimised.wasm";
export const FINAL = "final.wasm";
/** What the imports and exports of `FINAL` were called before: { imports: [[module, name, short], …], exports: [[name, short], …] }. */
export const NAMES = "names.json";

/** What wasm-bindgen calls its output, and so the module name under which the wasm imports its glue. */
export const GLUE = "glue";

// The standard library is compiled anew without panic messages, source locations and Debug output: none of them can be
// seen by users, and together they are a quarter of the module. These switches are unstable, hence RUSTC_BOOTSTRAP.
const STD = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="];
// Without this feature wasm-bindgen keeps JavaScript's values in an array of its glue, which is smaller than a table of references in wasm
// and as fast (docs/performance.md).
const NUMBERS = "-Ctarget-feature=-reference-types";
const FLAGS = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none", NUMBERS, "-Zmir-opt-level=3",
  // Functions are inlined across crates before LLVM sees them: what is left of each at its one or two callers is less than its call.
  "-Zcross-crate-inline-threshold=always", "-Zinline-mir-threshold=400"];

/** More flags, for the link and optimisation of a whole module of which every byte counts. */
const SIZE_FLAGS = [
  // LLVM copies code to spare a branch or a second computation, with opt-level "z" as well: not here.
  "-Cllvm-args=-enable-pre=false", "-Cllvm-args=-two-entry-phi-node-folding-threshold=0",
  // A call counts for more than LLVM takes it for: its arguments have to be set, and its result read.
  "-Cllvm-args=-inline-instr-cost=3",
  // Nor does it pay to have a variable of its own for each address in a loop.
  "-Cllvm-args=-disable-lsr",
  // Data comes after the stack. With 15 pages of stack in place of 16 it begins below 2^20, and addresses of it are a byte shorter.
  "-Clink-arg=-zstack-size=983040",
];

// What every supported engine has. A module that needs more is refused by wasm-opt.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "sign-ext",
  "nontrapping-float-to-int", "multivalue", "mutable-globals"];
const FEATURE_FLAGS = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`)];
const OPTIMISE = [...FEATURE_FLAGS, "-g"];
const SMALL = ["-Oz"];
// A second round, on flattened code, makes the module one per cent smaller and takes twice the time. Functions that are called
// from one place stay functions: a large one has more bytes for each of its many locals, and compresses worse (docs/decisions/0014-size.md).
const APART = "--one-caller-inline-max-function-size=25";
const SMALLER = [...SMALL, APART, "--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--zero-filled-memory",
  // Hints of alignment, which make no difference to engines.
  "--dealign"];
const STRIP = ["--strip-producers", "--strip-target-features"];
// The last two are what -Oz does while it writes a module.
const SHORTEN = ["--minify-imports-and-exports-and-modules", "--generate-stack-ir", "--optimize-stack-ir"];

const wasmOpt = (args, what) => capture(process.execPath, [at("node_modules/binaryen/bin/wasm-opt"), ...args], { what });

/** Compiles one crate. Each has its own cargo call, so that no feature of one's dependencies reaches the other. */
async function compile({ crate, development, everyByteCounts }) {
  if (development) return compileChecked(crate);
  const env = wasmEnv("wasm-release", [...FLAGS, ...(await remapPaths())]);
  await run(tools().CLAIV_WASM_CARGO, ["rustc", "--lib", "--release", "--target", TARGET, ...STD, ...locked, "-p", crate,
    "--", ...(everyByteCounts ? SIZE_FLAGS : [])], { env: { ...env, RUSTC_BOOTSTRAP: "1" }, what: `compiling ${crate}` });
  return join(env.CARGO_TARGET_DIR, TARGET, "release", `${crate.replaceAll("-", "_")}.wasm`);
}

/**
 * Compiles one crate for the development build: with the library that came with the compiler, panic messages and all checks. The
 * crate alone is optimised a little, without which it is twice the size.
 */
async function compileChecked(crate) {
  const features = crate === "claiv-memory" ? ["--features", "debug"] : [];
  const env = await checkedEnv("wasm-debug", [NUMBERS]);
  await run(tools().CLAIV_WASM_CARGO, ["build", "--config", `profile.dev.package.${crate}.opt-level=1`, "--target", TARGET, ...locked,
    "-p", crate, ...features], { env, what: `compiling ${crate} for development` });
  return join(env.CARGO_TARGET_DIR, TARGET, "debug", `${crate.replaceAll("-", "_")}.wasm`);
}

/**
 * Takes away what is not code and gives imports and exports short names: wasm-bindgen's end on sixteen random digits that no compressor can
 * shrink. All imports come from one module, `a`, then.
 */
async function finish(folder, { crate, development }) {
  const map = await wasmOpt([join(folder, NAMED), "-o", join(folder, FINAL), ...FEATURE_FLAGS,
    ...(development ? ["-g"] : ["--strip-debug"]), ...STRIP, ...SHORTEN], `wasm-opt on ${crate}`);
  writeFileSync(join(folder, NAMES), map);
  // A module that an engine refuses must fail the build.
  await WebAssembly.compile(readFileSync(join(folder, FINAL)));
}

/** A hash of everything besides the compiled crate that the result depends on. */
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
  // The compiler's own standard library claims the feature reference-types, although it does not use it.
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
  await wasmOpt([join(folder, `${GLUE}_bg.wasm`), "-o", join(folder, NAMED), ...OPTIMISE,
    // For development wasm-opt only removes unused code.
    ...(development ? ["-O1"] : everyByteCounts ? SMALLER : SMALL)], `wasm-opt on ${crate}`);
}
