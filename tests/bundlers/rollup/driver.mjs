// Rollup, which resolves no package names by itself: @rollup/plugin-node-resolve with its defaults, and nothing else.
import { join } from "node:path";
import { bundler, versionOf } from "../support/rows.mjs";

async function bundle(t, folder, entry, to) {
  const modules = await t.tools("tests/bundlers/rollup");
  const resolve = join(modules, "@rollup/plugin-node-resolve/dist/cjs/index.js");
  const args = [join(modules, "rollup/dist/bin/rollup"), "--input", entry, "--plugin", resolve, "--format", "es", "--dir", to, "--failAfterWarnings"];
  await t.capture(await t.node(24), args, { cwd: folder, what: "rollup" });
  return versionOf(modules, "rollup");
}

export const rows = [bundler({
  id: "rollup",
  title: "Rollup, with node-resolve",
  quick: true,
  make: async (t, folder) => ({ version: await bundle(t, folder, "src/index.js", "dist") }),
  async clientOnly(t, folder) {
    await bundle(t, folder, "src/client-only.js", "dist-client");
    return join(folder, "dist-client");
  },
})];
