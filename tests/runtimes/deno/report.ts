// Runs the suite, and prints what came out on a line of its own.
import { conform } from "./conformance/index.mjs";
import { using } from "./conformance/using.mjs";

export async function report(names: Record<string, unknown>) {
  const results = await conform({
    ...names,
    using,
    urls: JSON.parse(Deno.args[0]),
    inspect: (value: unknown) => Deno.inspect(value, { showHidden: true, depth: 10 }),
    without: { cors: "no origin, so no preflight: this is no browser" },
  });
  console.log(`@conformance ${JSON.stringify(results)}`);
}
