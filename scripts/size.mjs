#!/usr/bin/env node
// What the package weighs: each file that is loaded, as it is, by gzip and by brotli, with the change since docs/size.json was
// committed; the budgets; and the functions that weigh most. Fails where CI would. `--write` brings docs/size.json up to date.
import { readFileSync } from "node:fs";
import { at, main } from "./lib/project.mjs";
import { budgets, change, growth, measure, number, writeFigures } from "./lib/size.mjs";
import { functionSizes } from "./lib/wasm-binary.mjs";
import { NAMED } from "./lib/wasm.mjs";

const LARGEST = 20;
const MAX_LINE_LENGTH = 110;

function table([head, ...rows]) {
  const width = Math.max(...[head, ...rows].map(([name]) => name.length));
  for (const [name, ...cells] of [head, ...rows]) console.log(`  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join("")}`);
}

function sizes({ figures, compiler: { then, now } }) {
  const rows = figures.map(({ now: { raw, gzip, brotli }, was, name }) => [
    name, number(raw), number(gzip), number(brotli), was ? change(raw - was.raw) : "new", was ? change(brotli - was.brotli) : "new",
  ]);
  table([["bytes", "raw", "gzip", "brotli", "raw ±", "brotli ±"], ...rows]);
  if (then !== now) console.log(`\nThe committed figures are of ${then}, and this is ${now}: what changed may be the compiler's doing.`);
}

/** Read from the optimised module, which still has the names of functions; its code is the same as that of the published one. */
function largest() {
  const functions = functionSizes(readFileSync(at(".build/client", NAMED)));
  const all = functions.reduce((sum, { size }) => sum + size, 0);
  console.log(`\nThe ${LARGEST} largest of the client's ${functions.length} functions (${number(all)} bytes in all):`);
  table(functions.slice(0, LARGEST).map(({ name, size }) => [name.length > MAX_LINE_LENGTH ? `${name.slice(0, MAX_LINE_LENGTH - 1)}…` : name, number(size)]));
}

await main(async () => {
  const measured = await measure();
  sizes(measured);
  largest();
  console.log("\nBudgets:");
  const states = budgets(measured);
  for (const { state, text } of states) console.log(`  ${state.padEnd(8)}  ${text}`);
  const over = states.some(({ state }) => state === "over");
  if (process.argv.includes("--write")) {
    console.log(`\n${writeFigures(measured)} is written`);
    if (over) process.exitCode = 1;
    return;
  }
  const problems = growth(measured).filter(({ problem }) => problem);
  if (problems.length > 0) console.log("\nGrowth:");
  for (const { name, problem } of problems) console.log(`  ${name}: ${problem}`);
  if (over || problems.length > 0) process.exitCode = 1;
});
