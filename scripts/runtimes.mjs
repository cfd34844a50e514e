#!/usr/bin/env node
// Runs the conformance suite in every runtime, bundler and test runner, from the packed package.
//   node scripts/runtimes.mjs [--list] [--quick] [--write] [row…]
//   --quick   the selection of `make test`: every runtime once      --write   writes docs/runtimes.md, from a full run
import { Failure, main } from "./lib/project.mjs";
import { chosen, runRows } from "./runtimes/run.mjs";
import { printTable, writePage } from "./runtimes/table.mjs";

await main(async () => {
  const flags = process.argv.slice(2).filter((word) => word.startsWith("--"));
  const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  const unknown = flags.filter((flag) => !["--list", "--quick", "--write"].includes(flag));
  if (unknown.length > 0) throw new Failure(`there is no option ${unknown.join(", ")}`);
  const write = flags.includes("--write");
  if (write && (names.length > 0 || flags.includes("--quick"))) throw new Failure("only a full run writes docs/runtimes.md");
  const rows = await chosen(names, { quick: flags.includes("--quick") });
  if (flags.includes("--list")) {
    for (const { id, title, quick } of rows) console.log(`${id.padEnd(24)} ${title}${quick ? "" : "  (not in --quick)"}`);
    return;
  }
  const done = await runRows(rows);
  printTable(done);
  if (write) writePage(done);
  const failed = done.reduce((sum, { failed }) => sum + failed, 0);
  console.log(`\n${done.reduce((sum, { passed }) => sum + passed, 0)} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
});
