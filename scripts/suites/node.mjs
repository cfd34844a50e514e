import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, relative } from "node:path";
import { Failure, at, root } from "../lib/project.mjs";
import { start } from "../lib/run.mjs";

export const TEST_FILE = /\.test\.[cm]js$/;
// Of a test, and of a whole file.
const TIMEOUT = 5 * 60_000;
/** How many test files run at once. Node's own default is one less than the cores: a single one on a machine with two, where most files wait. */
const FILES_AT_ONCE = Math.max(2, availableParallelism() - 1);

/** One suite per folder of tests/ that has test files in it, however deep. */
export function nodeSuites() {
  if (!existsSync(at("tests"))) return [];
  const folders = readdirSync(at("tests"), { withFileTypes: true }).filter((one) => one.isDirectory() && one.name !== "node_modules");
  return folders
    .map(({ name }) => ({
      name,
      files: readdirSync(at("tests", name), { recursive: true })
        .filter((file) => TEST_FILE.test(file) && !file.includes("node_modules"))
        .map((file) => at("tests", name, file))
        .sort(),
    }))
    .filter(({ files }) => files.length > 0)
    .map(({ name, files }) => ({
      name,
      what: `tests/${name}/**, with the installed package`,
      needs: ["build", "pack"],
      run: (report) => nodeTests(report, files),
    }));
}

/** Runs test files with the package that is installed in tests/. */
export async function nodeTests(report, files) {
  const code = await start(
    process.execPath,
    ["--test", `--test-timeout=${TIMEOUT}`, `--test-concurrency=${FILES_AT_ONCE}`, `--test-reporter=${at("scripts/lib/node-reporter.mjs")}`, "--test-reporter-destination=stdout", ...files],
    { timeout: 4 * TIMEOUT, onLine: (line) => addResult(report, line), env: { NODE_OPTIONS: "", NODE_TEST_CONTEXT: undefined } },
  );
  if (code !== 0 && report.failed === 0) throw new Failure(`node --test ended with ${code}`);
}

function addResult(report, line) {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    // What a test printed by itself.
    console.log(`       ${line}`);
    return;
  }
  const { outcome, output, name, file, skip, todo, error } = event;
  if (output !== undefined) {
    console.log(output.trimEnd().replace(/^/gm, "       "));
    return;
  }
  const place = file ? basename(file) : "";
  // Node reports a file without tests as one test, named after the file.
  if (name === file || (name.endsWith(place) && TEST_FILE.test(name))) {
    const shown = relative(root, name);
    report.fail(shown, outcome === "failed" ? error : "there is no test in it");
  } else if (skip !== undefined && skip !== false) report.skip(`${place}: ${name}`, typeof skip === "string" ? skip : "no reason given");
  else if (outcome === "failed" && todo === undefined) report.fail(`${place}: ${name}`, error);
  else if (outcome === "failed") report.skip(`${place}: ${name}`, `to do: ${typeof todo === "string" ? todo : "fails as yet"}`);
  else report.pass(`${place}: ${name}`);
}
