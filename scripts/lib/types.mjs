// The declarations of an entry: those of wasm-bindgen without its internal parts, and those of pkg-template/<api>/.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "./project.mjs";
import { GLUE } from "./wasm.mjs";

// Every class gets these two. `Symbol.dispose` is unknown to a `lib` before esnext and would fail the user's own compile.
const LIFETIME = /^ *free\(\): void;\n *\[Symbol\.dispose\]\(\): void;\n/gm;
const LINTERS = /^\/\* (?:tslint:disable|eslint-disable) \*\/\n/gm;

export function declarations({ entry, api = entry }, folder) {
  const generated = readFileSync(join(folder, `${GLUE}.d.ts`), "utf8").replace(LINTERS, "").replace(LIFETIME, "");
  const added = ["index.d.ts", "errors.d.ts"].map((name) => at("pkg-template", api, name)).filter(existsSync);
  return [generated.trim(), ...added.map((file) => readFileSync(file, "utf8").trim())].join("\n\n") + "\n";
}
