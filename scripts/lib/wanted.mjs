// The versions of tools that this checkout needs, compared with those that set-up installed: after a switch of branches they can differ.
// Run by itself it prints what stands for the npm packages, which scripts/lib/setup-npm.sh writes beside them.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const read = (...path) => readFileSync(join(...path), "utf8");

/** The wasm-bindgen that the crates are locked to. */
export const wantedBindgen = (root) => /^name = "wasm-bindgen"\nversion = "(.*)"$/m.exec(read(root, "Cargo.lock"))?.[1];

/** One word that changes with the npm packages asked for. */
export function wantedPackages(root) {
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json"]) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

/** Why the tools that `found`, read from .tools/env, names are not the ones to use; undefined if they are. */
export function stale(root, found) {
  const { CLAIV_BINDGEN_VERSION: version = "unknown", CLAIV_BINDGEN: bindgen } = found;
  const wanted = wantedBindgen(root);
  if (version !== wanted) return `wasm-bindgen ${version} is set up, and Cargo.lock has ${wanted}`;
  if (!existsSync(bindgen)) return `${bindgen} is gone`;
  const stamp = join(root, "node_modules/.claiv-installed");
  const installed = existsSync(stamp) ? read(stamp).trim().split(" ")[1] : undefined;
  if (installed !== wantedPackages(root)) return "package.json or package-lock.json is not the one that node_modules/ was installed from";
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(wantedPackages(join(fileURLToPath(import.meta.url), "../../..")));
