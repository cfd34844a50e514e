// Runs `cargo test` and reports each test, from the lines that the standard harness and wasm-bindgen's print.
import { Failure } from "./project.mjs";
import { start } from "./run.mjs";

const TEST = /^test (.+?) \.\.\. (ok|FAIL(?:ED)?|ignored(?:, (.*))?)$/;
const PLACE = /^ +(?:Running|Doc-tests) (?:unittests )?([^( ]+)/;

/** Runs `cargo test` and reports each test; the rest of the output is printed only where something failed. */
export async function cargoTest(report, cargo, args, env = {}) {
  const rest = [];
  let place = "";
  const code = await start(cargo, ["test", "--no-fail-fast", ...args], {
    env: { ...env, CARGO_TERM_COLOR: "never" },
    timeout: 30 * 60_000,
    onLine(line) {
      const test = TEST.exec(line);
      place = PLACE.exec(line)?.[1] ?? place;
      if (!test) {
        rest.push(line);
        if (/^ +(Compiling|Running|Doc-tests) /.test(line)) console.log(line);
        return;
      }
      const [, name, outcome, reason] = test;
      if (outcome === "ok") report.pass(`${place}: ${name}`);
      else if (outcome.startsWith("FAIL")) report.fail(`${place}: ${name}`);
      else report.skip(`${place}: ${name}`, reason ?? "ignored");
    },
  });
  if (code === 0) return;
  console.log(rest.join("\n"));
  // A crash or a compile error has no line of its own.
  if (report.failed === 0) throw new Failure(`cargo test ended with ${code}; its output is above`);
}
