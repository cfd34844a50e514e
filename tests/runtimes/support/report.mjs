// Runs the suite in a program of Node or Bun, and prints what came out on a line of its own.
import { inspect } from "node:util";
import { conform } from "./conformance/index.mjs";

export async function report(names) {
  let using;
  const without = { cors: "no origin, so no preflight: this is no browser" };
  try {
    ({ using } = await import("./conformance/using.mjs"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    without.using = "this host cannot parse `using`";
  }
  const urls = JSON.parse(process.env.CONFORMANCE_URLS);
  const results = await conform({ ...names, using, without, urls, inspect: (value) => inspect(value, { showHidden: true, depth: 10 }) });
  console.log(`@conformance ${JSON.stringify(results)}`);
}
