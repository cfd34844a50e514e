// esbuild, with no option but --bundle.
import { join } from "node:path";
import { bundler, build } from "../support/rows.mjs";
import { version } from "esbuild";

const bundle = (folder, entry, to) => build({ absWorkingDir: folder, entryPoints: [entry], bundle: true, outdir: to, logLevel: "silent" });

export const rows = [bundler({
  id: "esbuild",
  title: "esbuild",
  quick: true,
  async make(_, folder) {
    await bundle(folder, "src/index.js", "dist");
    return { version };
  },
  async clientOnly(_, folder) {
    await bundle(folder, "src/client-only.js", "dist-client");
    return join(folder, "dist-client");
  },
})];
