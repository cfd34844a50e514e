// The two entries of the package: which crate each comes from and what its files are called.
export const ENTRIES = [
  { entry: "client", crate: "claiv-memory", file: "index", wasm: "claiv_memory.wasm" },
  { entry: "emulator", crate: "claiv-memory-emulator", file: "emulator", wasm: "emulator.wasm" },
];

/** The files of one entry: a loader of pkg-template/entries/ in a module format. */
export const LOADERS = [
  { loader: "inline", suffix: ".js", format: "esm" },
  { loader: "inline", suffix: ".cjs", format: "cjs" },
  { loader: "workerd", suffix: ".workerd.js", format: "esm" },
  { loader: "edge-light", suffix: ".edge-light.js", format: "esm" },
];
