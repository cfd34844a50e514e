// The package as it was installed from its tarball, and ways to look at it from outside.
import { execFile } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));

export const repository = join(here, "../..");
export const folder = join(here, "../node_modules/claiv-memory");
export const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

/** The entries, with the class that each exports; `wasm` where it has a module of its own, `forNode` where Node gets a file of its own. */
export const ENTRIES = [
  { specifier: "claiv-memory", file: "index", wasm: "claiv_memory.wasm", exported: "ClaivClient", forNode: true },
  { specifier: "claiv-memory/v6", file: "v6", exported: "ClaivClient", forNode: true },
  { specifier: "claiv-memory/emulator", file: "emulator", wasm: "emulator.wasm", exported: "ClaivEmulator" },
  { specifier: "claiv-memory/debug", file: "debug", wasm: "debug.wasm", exported: "ClaivClient" },
];

/** Every file of the package, as paths within it. */
export function files(within = folder) {
  return readdirSync(within, { recursive: true })
    .map((name) => join(within, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => relative(folder, path))
    .sort();
}

export const read = (name) => readFileSync(join(folder, name));

/** Runs a program in a fresh Node, from a folder where the package is installed, and gives what it printed as JSON. */
export async function inNode(code, ...flags) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", ...flags, "-e", code], {
    cwd: here,
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

export const inModule = (code, ...flags) => inNode(code, "--input-type=module", ...flags);
