// A workerd configuration that serves the modules of a folder.
import { readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const quote = (text) => JSON.stringify(text);

/** The package's files as Workers get them, which import each other by their paths. */
const FILES = { "index.workerd.js": "esModule", "v6.workerd.js": "esModule", "claiv_memory.wasm": "wasm", "emulator.workerd.js": "esModule", "emulator.wasm": "wasm" };
/** The names that programs import. */
const ENTRIES = { "claiv-memory": "./claiv-memory/dist/index.workerd.js", "claiv-memory/v6": "./dist/v6.workerd.js", "claiv-memory/emulator": "./dist/emulator.workerd.js" };

/** The package as modules of a Worker: { name, kind, file } or, for the names that programs import, { name, kind, text }. */
export const packageModules = (dist) => [
  ...Object.entries(FILES).map(([file, kind]) => ({ name: `claiv-memory/dist/${file}`, kind, file: join(dist, file) })),
  ...Object.entries(ENTRIES).map(([name, path]) => ({ name, kind: "esModule", text: `export * from ${JSON.stringify(path)};\n` })),
];

/** Modules of `folder`: `main` first, then all others, and the package's. */
export function writeConfig(folder, main, { date, port }) {
  const own = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".mjs") && !name.includes("node_modules") && name !== main);
  const modules = [...[main, ...own].map((name) => ({ name, kind: "esModule", file: join(folder, name) })), ...packageModules(join(folder, "node_modules/claiv-memory/dist"))];
  const content = ({ file, text }) => (file ? `embed ${quote(relative(folder, file))}` : quote(text));
  const lines = modules.map((one) => `      (name = ${quote(one.name)}, ${one.kind} = ${content(one)}),`);
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
