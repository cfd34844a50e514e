// Parcel without a configuration file.
import { join } from "node:path";
import { bundler, versionOf } from "../support/rows.mjs";

async function bundle(t, folder, page, to) {
  const modules = await t.tools("tests/bundlers/parcel");
  const args = [join(modules, "parcel/lib/bin.js"), "build", page, "--dist-dir", to, "--no-source-maps", "--no-cache"];
  await t.capture(await t.node(24), args, { cwd: folder, what: "parcel build", env: { PARCEL_WORKERS: "1" } });
  return versionOf(modules, "parcel");
}

export const rows = [bundler({
  id: "parcel",
  title: "Parcel",
  quick: true,
  make: async (t, folder) => ({ version: await bundle(t, folder, "index.html", "dist"), root: join(folder, "dist"), page: "index.html" }),
  async clientOnly(t, folder) {
    await bundle(t, folder, "client-only.html", "dist-client");
    return join(folder, "dist-client");
  },
})];
