// A workerd configuration that serves the modules of a folder.
import { readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const quote = (text) => JSON.stringify(text);

/** The package as Workers get it, under its own names. */
const PACKAGE = [
  ["claiv-memory", "esModule", "index.workerd.js"],
  ["claiv_memory.wasm", "wasm", "claiv_memory.wasm"],
  ["claiv-memory/emulator", "esModule", "emulator.workerd.js"],
  ["claiv-memory/emulator.wasm", "wasm", "emulator.wasm"],
];

/** Modules of `folder`: `main` first, then all others, and the package's. */
export function writeConfig(folder, main, { date, port }) {
  const own = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".mjs") && !name.includes("node_modules") && name !== main);
  const modules = [[main, "esModule", join(folder, main)], ...own.map((name) => [name, "esModule", join(folder, name)]),
    ...PACKAGE.map(([name, kind, file]) => [name, kind, join(folder, "node_modules/claiv-memory/dist", file)])];
  const lines = modules.map(([name, kind, file]) => `      (name = ${quote(name)}, ${kind} = embed ${quote(relative(folder, file))}),`);
  writeFileSync(join(folder, "config.capnp"), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = ${quote(date)},
  modules = [
${lines.join("\n")}
  ],
);
`);
}
