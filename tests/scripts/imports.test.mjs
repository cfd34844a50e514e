// Scripts that the tests do not run, such as the benchmark's, import what exists.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { root } from "../../scripts/lib/project.mjs";

const folders = ["scripts", "bench", "demo", "tests"];
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...folders], { cwd: root, encoding: "utf8" })
  .split("\n").filter((file) => file.endsWith(".mjs") && existsSync(join(root, file)));

/** Leaves out imports of files that are not there: the programs in tests/runtimes are copied to folders where these stand beside them, and run there. */
const leaveOutMissing = {
  name: "leave-out-missing",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const isElsewhere = relative(root, resolveDir).startsWith("tests/runtimes") && !existsSync(join(resolveDir, path));
      return isElsewhere ? { path, external: true } : undefined;
    });
  },
};

test("every name that a file of ours imports from another is exported there", async () => {
  assert.ok(files.length > 200, `${files.length} files`);
  const { errors, warnings } = await build({
    entryPoints: files, absWorkingDir: root, bundle: true, write: false, outdir: "out", format: "esm", platform: "node", packages: "external", external: ["cloudflare:*", "*.wasm"],
    plugins: [leaveOutMissing], logLevel: "silent",
  }).catch((failure) => failure);
  const missing = [...errors, ...warnings].filter(({ id, text }) => id === "" || text.startsWith("Import ") || text.startsWith("No matching"));
  assert.deepEqual(missing.map(({ text, location }) => `${location?.file}:${location?.line}: ${text}`), []);
});
