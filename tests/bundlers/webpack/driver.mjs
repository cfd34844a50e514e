// webpack 5 without a configuration file, in both of its modes.
import { join } from "node:path";
import { bundler, versionOf } from "../support/rows.mjs";

async function bundle(t, folder, mode, entry, to) {
  const modules = await t.tools("tests/bundlers/webpack");
  const args = [join(modules, "webpack/bin/webpack.js"), "build", "--entry", entry, "--mode", mode, "--output-path", join(folder, to), "--output-filename", "index.js"];
  await t.capture(await t.node(24), args, { cwd: folder, what: "webpack" });
  return versionOf(modules, "webpack");
}

const row = (mode, quick) => bundler({
  id: `webpack-${mode}`,
  title: `webpack, ${mode}`,
  quick,
  // In development mode webpack wraps modules in eval().
  policy: mode === "production",
  make: async (t, folder) => ({ version: await bundle(t, folder, mode, "./src/index.js", "dist") }),
  async clientOnly(t, folder) {
    await bundle(t, folder, mode, "./src/client-only.js", "dist-client");
    return join(folder, "dist-client");
  },
});

export const rows = [row("production", true), row("development", false)];
