// Collects the results of a suite, prints them while it runs, and the table at the end.
const MARK = { passed: "ok  ", failed: "FAIL", skipped: "skip" };

export class Report {
  passed = 0;
  failed = 0;
  skipped = [];

  constructor(suite) {
    this.suite = suite;
    this.started = Date.now();
  }

  get executed() {
    return this.passed + this.failed;
  }

  get seconds() {
    return ((Date.now() - this.started) / 1000).toFixed(1);
  }

  pass(name) {
    this.passed++;
    this.#print("passed", name);
  }

  /** `detail` says what went wrong: the output of a tool, for example. */
  fail(name, detail = "") {
    this.failed++;
    this.#print("failed", name);
    if (detail) console.log(String(detail).trimEnd().replace(/^/gm, "       | "));
  }

  skip(name, reason) {
    this.skipped.push({ name, reason });
    this.#print("skipped", `${name} (${reason})`);
  }

  /** Work that passes unless it throws. */
  async check(name, work) {
    try {
      await work();
      this.pass(name);
    } catch (error) {
      this.fail(name, error?.constructor?.name === "Failure" ? error.message : error?.stack ?? error);
    }
  }

  #print(outcome, name) {
    console.log(`  ${MARK[outcome]} ${this.suite}: ${name}`);
  }
}

/** The closing table, each skipped test with its reason, and the line that sums it all up. */
export function summarise(reports) {
  const width = Math.max(...reports.map(({ suite }) => suite.length), 5);
  const row = (...cells) => console.log(`  ${cells[0].padEnd(width)}${cells.slice(1).map((cell) => String(cell).padStart(9)).join("")}`);
  console.log();
  row("suite", "passed", "failed", "skipped", "seconds");
  for (const report of reports) row(report.suite, report.passed, report.failed, report.skipped.length, report.took);
  const skipped = reports.flatMap((report) => report.skipped.map((one) => ({ suite: report.suite, ...one })));
  if (skipped.length > 0) console.log("\nskipped:");
  for (const { suite, name, reason } of skipped) console.log(`  ${suite}: ${name}: ${reason}`);
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
  console.log(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0;
}
