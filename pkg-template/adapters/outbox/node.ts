// The same for Node, Bun and Deno, which have files.
export * from "./index.js";
export { fileStore } from "./stores/file.js";
