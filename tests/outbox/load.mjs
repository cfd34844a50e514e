// Modules of the outbox that the package does not export by themselves, compiled from their source.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

/** Imports pkg-template/adapters/outbox/<name>. */
export async function load(name) {
  const { outputFiles: [{ text }] } = await build({
    entryPoints: [fileURLToPath(new URL(`../../pkg-template/adapters/outbox/${name}`, import.meta.url))],
    bundle: true, write: false, format: "esm", target: "es2022", sourcemap: "inline",
  });
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}
