#!/usr/bin/env node
// Runs one test file, or the Rust tests with a word in their names, after bringing up to date no more than they need:
//   node scripts/test-one.mjs [--watch] [--fast] [--file=tests/client/retries.test.mjs | --file=retries] [--rust=retry]
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { cargoTest } from "./lib/cargo-test.mjs";
import { locked } from "./lib/cargo.mjs";
import { testFile } from "./lib/find-test.mjs";
import { Failure, at, main, root, tools } from "./lib/project.mjs";
import { Report, summarise } from "./lib/report.mjs";
import { run } from "./lib/run.mjs";
import { watch } from "./lib/watch.mjs";
import { TEST_FILE, nodeTests } from "./suites/node.mjs";
import { wasmTests } from "./suites/wasm.mjs";

const WATCHED = ["src", "emulator", "pkg-template", "tests", "Cargo.toml", "Cargo.lock"];

/** Puts the package into tests/node_modules/ without npm, which takes longer than most tests. `make test` installs the tarball. */
function install(folder) {
  const to = at("tests/node_modules");
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(to)) if (name.startsWith(".claiv-")) rmSync(at("tests/node_modules", name), { recursive: true, force: true });
  const next = `${to}/.claiv-${process.pid}`;
  cpSync(at(folder), next, { recursive: true });
  rmSync(`${to}/claiv-memory`, { recursive: true, force: true });
  renameSync(next, `${to}/claiv-memory`);
}

async function oneFile(wanted, fast) {
  const file = testFile(wanted, root, TEST_FILE);
  await run(process.execPath, [at("scripts/build.mjs"), ...(fast ? ["--fast"] : [])], { what: "the build" });
  install(fast ? ".build/fast/pkg" : "pkg");
  const report = new Report("node");
  await nodeTests(report, [at(file)]);
  if (report.executed === 0) report.fail(file, "it ran no test");
  return [report];
}

async function rustTests(word) {
  const native = new Report("rust");
  // Without the examples in doc comments, each of which would be compiled by itself.
  await cargoTest(native, tools().CLAIV_CARGO, ["--workspace", "--lib", "--tests", ...locked, "--", word]);
  native.took = native.seconds;
  const inWasm = new Report("wasm");
  await wasmTests(inWasm, [word]);
  if (native.executed + inWasm.executed === 0) native.fail(`no Rust test has "${word}" in its name`);
  return [native, inWasm];
}

await main(async () => {
  const words = process.argv.slice(2);
  const value = (name) => words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) || undefined;
  const [file, rust] = [value("file"), value("rust")];
  if (!file === !rust) throw new Failure("say which test: FILE=tests/client/retries.test.mjs, or RUST=retry for Rust tests with that in their names");
  if (words.includes("--watch")) {
    const again = words.filter((word) => word !== "--watch");
    await watch(WATCHED.map((name) => at(name)), [at("scripts/test-one.mjs"), ...again]);
    return;
  }
  const reports = rust ? await rustTests(rust) : await oneFile(file, words.includes("--fast"));
  for (const report of reports) report.took ??= report.seconds;
  if (!summarise(reports)) process.exitCode = 1;
});
