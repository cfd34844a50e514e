// The entries of the package: which crate each comes from and what its files are called. The client is downloaded
// and compiled on every page load and cold start, so its size matters most; the emulator only runs on developers' machines. `debug` is the
// client compiled with readable stacks and panics: `api` names the entry whose JavaScript and declarations it has.
export const ENTRIES = [
  { entry: "client", crate: "claiv-memory", file: "index", wasm: "claiv_memory.wasm", everyByteCounts: true },
  { entry: "emulator", crate: "claiv-memory-emulator", file: "emulator", wasm: "emulator.wasm" },
  { entry: "debug", api: "client", crate: "claiv-memory", file: "debug", wasm: "debug.wasm", development: true },
];

/** An entry over the client's, without a module of its own (scripts/lib/v6.mjs). */
export const OVER_CLIENT = { entry: "v6", file: "v6" };

/** In runtimes whose fetch does not know `cache` (Workers throw for it under compatibility dates before 2024-11-11) the client does not set it. */
export const knowsCache = (loader) => loader !== "workerd";

/**
 * The files of one entry: a loader of pkg-template/entries/ in a module format. What pages download is packed; the emulator and
 * `debug` are downloaded by nobody, and have base64 in its place. What Node, Deno and Bun get is minified here, as no bundler of the
 * user's comes after: to read it takes a tenth of a cold start. `debug` can be read.
 */
export const LOADERS = [
  { loader: "packed", suffix: ".js", format: "esm" },
  { loader: "base64", suffix: ".node.js", format: "esm", minify: true },
  { loader: "base64", suffix: ".cjs", format: "cjs" },
  { loader: "workerd", suffix: ".workerd.js", format: "esm" },
  { loader: "edge-light", suffix: ".edge-light.js", format: "esm" },
];

/** The loaders of an entry. */
export function loadersOf({ everyByteCounts }) {
  if (everyByteCounts) return LOADERS;
  return LOADERS.filter(({ suffix }) => suffix !== ".node.js").map((one) => ({ ...one, loader: one.loader === "packed" ? "base64" : one.loader }));
}

/**
 * The client once more, for pages without modules: `<script src>` makes one global of it. No bundler stands between this
 * file and its reader, so it is minified here. The emulator has none: a classic page can import() its module.
 */
export const SCRIPT = { entry: "client", file: "claiv-memory", loader: "packed", suffix: ".iife.js", format: "iife", globalName: "ClaivMemory", minify: true };

/**
 * The adapters: entries without wasm, in TypeScript, each from pkg-template/adapters/<name>/index.ts. Of the client they import types only.
 *   peers  npm packages that the entry imports or has in its types, with the versions it works with; optional peers of the package
 *   bin    the name of a command, where there is a bin.ts beside index.ts
 *   node   true where Node, Deno and Bun have a form of their own, node.ts beside index.ts
 */
export const ADAPTERS = [
  { name: "ai", peers: { ai: "^6.0.0 || ^7.0.0" } },
  { name: "mcp", peers: { "@modelcontextprotocol/server": "^2.0.0" }, bin: "claiv-mcp" },
  { name: "outbox", node: true },
  { name: "otel", peers: { "@opentelemetry/api": "^1.3.0" } },
];
