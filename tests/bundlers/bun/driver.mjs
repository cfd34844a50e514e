// `bun build`, for its default target, the browser.
import { join } from "node:path";
import { bun } from "../../runtimes/bun/driver.mjs";
import { bundler } from "../support/rows.mjs";

const bundle = async (t, folder, entry, to) => t.capture(await bun(t), ["build", entry, "--outdir", to], { cwd: folder, what: "bun build" });

export const rows = [bundler({
  id: "bun",
  title: "bun build",
  quick: true,
  async make(t, folder) {
    await bundle(t, folder, "src/index.js", "dist");
    return { version: await t.capture(await bun(t), ["--version"]) };
  },
  async clientOnly(t, folder) {
    await bundle(t, folder, "src/client-only.js", "dist-client");
    return join(folder, "dist-client");
  },
})];
