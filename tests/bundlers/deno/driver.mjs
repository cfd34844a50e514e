// `deno bundle`, for browsers.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deno, environment } from "../../runtimes/deno/driver.mjs";
import { bundler } from "../support/rows.mjs";

const bundle = async (t, folder, entry, to) =>
  t.capture(await deno(t), ["bundle", "--quiet", "--no-remote", "--platform", "browser", "--output", to, entry], { cwd: folder, env: environment(folder), what: "deno bundle" });

export const rows = [bundler({
  id: "deno",
  title: "deno bundle",
  quick: true,
  async make(t, folder) {
    writeFileSync(join(folder, "deno.json"), '{ "nodeModulesDir": "manual" }');
    await bundle(t, folder, "src/index.js", "dist/index.js");
    return { version: /\d+\.\d+\.\d+/.exec(await t.capture(await deno(t), ["--version"]))[0] };
  },
  async clientOnly(t, folder) {
    await bundle(t, folder, "src/client-only.js", "dist-client/index.js");
    return join(folder, "dist-client");
  },
})];
