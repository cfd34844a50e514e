import { chosen, printRow, runRows } from "../runtimes/run.mjs";
import { printTable } from "../runtimes/table.mjs";

export const runtimes = {
  name: "runtimes",
  what: "the conformance suite in every runtime, bundler and test runner, in a selection (make test-runtimes has them all)",
  needs: ["build", "pack"],
  async run(report) {
    const rows = await runRows(await chosen([], { quick: true }), (row) => {
      printRow(row);
      report.passed += row.passed;
      report.failed += row.failed;
      if (row.reason) report.skipped.push({ name: row.title, reason: row.reason });
      const counts = new Map();
      for (const { outcome, reason } of row.results) if (outcome === "not-run") counts.set(reason, (counts.get(reason) ?? 0) + 1);
      for (const [reason, count] of counts) report.skipped.push({ name: `${row.title}: ${count} case${count > 1 ? "s" : ""}`, reason });
    });
    printTable(rows);
  },
};
