// Test runners: the suite is one test, which writes its results to a file.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

export const versionOf = (modules, name) => JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")).version;

/** Runs a test runner with Node 24 and gives what the suite said; the runner's own failure if it said nothing. */
export async function runTests(t, folder, args, what, more = {}) {
  const file = join(folder, "results.json");
  // Those of an earlier run are not this one's.
  rmSync(file, { force: true });
  const env = { CONFORMANCE: JSON.stringify({ urls: t.urls, file }), ...more };
  const problem = await t.capture(await t.node(24), args, { cwd: folder, env, timeout: 240_000, what }).then(() => undefined, (error) => error);
  if (!existsSync(file)) throw problem ?? new t.Failure(`${what} ended well and wrote no results`);
  const results = JSON.parse(readFileSync(file, "utf8"));
  if (problem && results.every(({ outcome }) => outcome !== "failed")) throw problem;
  return results;
}
