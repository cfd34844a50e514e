// Paths of the project, and the tools that scripts/setup.sh found.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stale } from "./wanted.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const at = (...parts) => join(root, ...parts);

/** A failure that its message explains: shown without a stack. */
export class Failure extends Error {}

export function tools() {
  const file = at(".tools/env");
  if (!existsSync(file)) throw new Failure("the tools are not set up: run scripts/setup.sh");
  const found = Object.fromEntries(
    [...readFileSync(file, "utf8").matchAll(/^(\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]),
  );
  const reason = stale(root, found);
  if (reason) throw new Failure(`the tools that are set up do not fit this checkout (${reason}): run scripts/setup.sh`);
  return found;
}

/** The version that is released is the workspace's. */
export function version() {
  const found = /^\[workspace\.package\][^[]*?^version = "([^"]+)"/ms.exec(readFileSync(at("Cargo.toml"), "utf8"));
  if (!found) throw new Failure("Cargo.toml has no [workspace.package] version");
  return found[1];
}

/** Runs a script's `work`: a `Failure` ends it with its message alone, any other error with its stack. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Failure ? `FAILED: ${error.message}` : error);
    process.exitCode = 1;
  }
}
