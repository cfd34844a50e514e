// Finds the rows of the matrix and runs them, two at a time.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, at } from "../lib/project.mjs";
import { startServices } from "../../tests/runtimes/support/services.mjs";
import { inParallel } from "../lib/parallel.mjs";
import { NotRun, debian, tools, which } from "./install.mjs";
import { processes } from "./process.mjs";
import { Workspaces } from "./workspace.mjs";

/** Folders with a driver, in the order of the table; one that is not named here comes last. */
const ORDER = [
  ...["node", "deno", "bun", "workerd", "wrangler", "edge", "next", "browsers"].map((name) => `tests/runtimes/${name}`),
  ...["vite", "webpack", "rollup", "esbuild", "parcel", "bun", "deno"].map((name) => `tests/bundlers/${name}`),
  ...["vitest", "jest", "typescript", "wasm-tests", "examples", "snippets", "dropin", "adapters"].map((name) => `tests/runtimes/${name}`),
];
const ROW_TIMEOUT = 8 * 60_000;

/** Every folder with a driver.mjs has rows: { id, title, quick?, timeout?, run(context) }; a timeout is in milliseconds. */
export async function allRows() {
  const found = ["tests/runtimes", "tests/bundlers"].flatMap((where) => readdirSync(at(where)).map((name) => `${where}/${name}`));
  const drivers = [...new Set([...ORDER, ...found])].map((folder) => at(folder, "driver.mjs")).filter(existsSync);
  const rows = [];
  for (const file of drivers) rows.push(...(await import(pathToFileURL(file))).rows);
  return rows;
}

/** The rows that are named (`node` stands for all whose id begins so), or all; with `quick` only those marked so. */
export async function chosen(names, { quick = false } = {}) {
  const rows = await allRows();
  const fits = ({ id }, name) => id === name || id.startsWith(`${name}-`);
  const unknown = names.filter((name) => !rows.some((row) => fits(row, name)));
  if (unknown.length > 0) throw new Failure(`there is no row ${unknown.join(", ")}; --list shows them`);
  return rows.filter((row) => (names.length === 0 || names.some((name) => fits(row, name))) && (!quick || row.quick));
}

function check(group, name, work) {
  const began = Date.now();
  try {
    work();
    return { group, name, outcome: "passed", ms: Date.now() - began };
  } catch (error) {
    return { group, name, outcome: "failed", message: error instanceof Failure ? error.message : error.stack, ms: Date.now() - began };
  }
}

/** A program's answer: the results it printed on a line of their own. */
function printed(output) {
  const line = output.split("\n").find((one) => one.startsWith("@conformance "));
  if (!line) throw new Failure(`it printed no results:\n${output.slice(-2000)}`);
  return JSON.parse(line.slice("@conformance ".length));
}

const withTimeout = (promise, ms) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Failure(`the row did not end within ${ms / 1000} s`)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

/**
 * Runs rows, and gives for each, in their order, { id, title, version, results, passed, failed, notRun, reason?, seconds }. `onRow` gets each when it
 * has ended. Two at a time, since most rows wait for a program to start or for a case's own time limit.
 */
export async function runRows(rows, onRow = printRow) {
  const workspaces = new Workspaces();
  await workspaces.install();
  return inParallel(rows, 2, async (row) => {
    const outcome = await runRow(row, workspaces);
    onRow(outcome);
    return outcome;
  });
}

async function runRow(row, workspaces) {
  const began = Date.now();
  const closing = [];
  const { capture, serve, stopAll } = processes();
  // Of its own for every row, so that no row sees what another stored.
  const services = await startServices(workspaces.package, row.services);
  const context = {
    services, urls: services.urls, workspaces, tools, debian, which, capture, serve, printed, NotRun, Failure,
    package: workspaces.package,
    workspace: (files, options) => workspaces.make(row.id, files, options),
    /** Something to be done when the row has ended, however it did. */
    after: (work) => closing.push(work),
    /** A case of the driver's own. */
    check,
    node: async (major) => join(await tools("tests/runtimes/node"), `node${major}/bin/node`),
  };
  const outcome = { id: row.id, title: row.title, version: "", results: [] };
  try {
    Object.assign(outcome, await withTimeout(row.run(context), row.timeout ?? ROW_TIMEOUT));
  } catch (error) {
    if (error instanceof NotRun) outcome.reason = error.message;
    else outcome.results = [...outcome.results, { group: "start", name: "it starts and reports", outcome: "failed", message: error instanceof Failure ? error.message : error.stack, ms: 0 }];
  }
  for (const work of closing.reverse()) await Promise.resolve().then(work).catch((error) => console.log(`     ${error}`));
  stopAll();
  services.close();
  const count = (what) => outcome.results.filter((one) => one.outcome === what).length;
  return Object.assign(outcome, { passed: count("passed"), failed: count("failed"), notRun: count("not-run"), seconds: (Date.now() - began) / 1000 });
}

/** One line for a row, and what went wrong in it. */
export function printRow({ title, version, results, passed, failed, notRun, reason, seconds }) {
  if (reason) return console.log(`  not run: ${title}: ${reason}`);
  console.log(`  ${failed ? "FAIL" : "ok  "} ${title} (${version}): ${passed} passed, ${failed} failed, ${notRun} not run, ${seconds.toFixed(1)} s`);
  for (const { group, name, outcome, message } of results) {
    if (outcome === "failed") console.log(`       ${group}: ${name}\n${String(message).replace(/^/gm, "       | ")}`);
  }
}
