#!/usr/bin/env node
// Runs every test there is, or the suites that are named:  node scripts/test.mjs [--list] [suite…]
import { Failure, main } from "./lib/project.mjs";
import { Report, summarise } from "./lib/report.mjs";
import { build } from "./suites/build.mjs";
import { lint } from "./suites/lint.mjs";
import { nodeSuites } from "./suites/node.mjs";
import { pack } from "./suites/pack.mjs";
import { publish } from "./suites/publish.mjs";
import { readme } from "./suites/readme.mjs";
import { runtimes } from "./suites/runtimes.mjs";
import { rust } from "./suites/rust.mjs";
import { size } from "./suites/size.mjs";
import { types } from "./suites/types.mjs";
import { wasm } from "./suites/wasm.mjs";

/** In the order they run. `needs` names the suites without which one cannot be run. */
const suites = [lint, rust, build, size, wasm, pack, ...nodeSuites(), types, publish, readme, runtimes];

function choose(names) {
  if (names.length === 0) return suites;
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Failure(`there is no suite ${unknown.join(", ")}; --list shows them`);
  const wanted = new Set(names);
  for (const { name, needs = [] } of suites.toReversed()) if (wanted.has(name)) needs.forEach((need) => wanted.add(need));
  return suites.filter(({ name }) => wanted.has(name));
}

async function runSuite({ name, needs = [], run }, earlier) {
  console.log(`\n── ${name}`);
  const report = new Report(name);
  const missing = needs.find((need) => earlier.some(({ suite, failed }) => suite === need && failed > 0));
  if (missing) {
    report.fail("the whole suite", `not run: ${missing} failed`);
  } else {
    try {
      await run(report);
    } catch (error) {
      report.fail("the whole suite", error instanceof Failure ? error.message : error.stack);
    }
    // Tests that were not found look just like tests that pass.
    if (report.executed === 0) report.fail("the whole suite", "it ran no test");
  }
  report.took = report.seconds;
  return report;
}

await main(async () => {
  const names = process.argv.slice(2);
  if (names.includes("--list")) {
    for (const { name, what } of suites) console.log(`${name.padEnd(14)} ${what}`);
    return;
  }
  const reports = [];
  for (const suite of choose(names)) reports.push(await runSuite(suite, reports));
  if (!summarise(reports)) process.exitCode = 1;
});
