// Which test file is meant by a path, or by a part of one.
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { Failure } from "./project.mjs";

/** The path within `root` of the one test file that `wanted` names: itself, or the only one whose path has it in it. */
export function testFile(wanted, root, pattern) {
  const path = relative(root, resolve(root, wanted));
  if (pattern.test(path) && existsSync(join(root, path))) return path;
  const fit = readdirSync(join(root, "tests"), { recursive: true })
    .map((name) => join("tests", name))
    .filter((name) => pattern.test(name) && !name.includes("node_modules") && name.includes(wanted))
    .sort();
  if (fit.length === 1) return fit[0];
  // `retries` means retries.test.mjs, even where there is a more-retries.test.mjs.
  const exact = fit.filter((name) => name.replace(pattern, "").endsWith(`/${wanted}`));
  if (exact.length === 1) return exact[0];
  throw new Failure(fit.length === 0 ? `no test file of tests/ is ${wanted}, or has it in its path` : `${wanted} may be any of ${fit.join(", ")}`);
}
