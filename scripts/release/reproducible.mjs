#!/usr/bin/env node
// Builds the package twice, in two clean clones of a commit, and compares the results byte by byte.
//   node scripts/release/reproducible.mjs [--ref=HEAD] [--out=folder]     --out keeps the tarball and its SHA-256 there
//   node scripts/release/reproducible.mjs --compare one other             only compares two folders that exist
// Only what is committed is built. The clones are in folders whose names differ in length, so that a path that got into the
// result shows as a difference.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main, root } from "../lib/project.mjs";
import { capture, run } from "../lib/run.mjs";
import { differences } from "./folders.mjs";

// Variables of a developer's shell would change both builds in the same way, so the comparison would not notice them.
const CLEAN = { CARGO_TARGET_DIR: undefined, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined, CI: "true" };

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Clones `commit` into `folder`, builds and packs it there. Gives the path of the tarball. */
async function make(folder, commit) {
  await run("git", ["clone", "--quiet", "--no-local", root, folder], { what: "git clone" });
  const within = { cwd: folder, env: CLEAN };
  await run("git", ["checkout", "--quiet", "--detach", commit], { ...within, what: "git checkout" });
  await run("bash", ["scripts/setup.sh"], { ...within, what: "the set-up" });
  await run(process.execPath, ["scripts/build.mjs"], { ...within, what: "the build" });
  mkdirSync(join(folder, ".build/packed"), { recursive: true });
  await capture("npm", ["pack", join(folder, "pkg"), "--pack-destination", join(folder, ".build/packed")], { ...within, what: "npm pack" });
  const [name] = readdirSync(join(folder, ".build/packed"));
  return join(folder, ".build/packed", name);
}

function compare(one, other) {
  const found = differences(one, other);
  if (found.length > 0) throw new Failure(`the two builds are not the same:\n${found.map((line) => `  ${line}`).join("\n")}`);
}

async function buildTwice({ ref, out }) {
  const commit = (await capture("git", ["rev-parse", `${ref}^{commit}`], { what: "git rev-parse" })).trim();
  const place = mkdtempSync(join(tmpdir(), "claiv-reproducible-"));
  try {
    const folders = [join(place, "a"), join(place, "another-folder-with-a-longer-name")];
    const tarballs = [];
    for (const [i, folder] of folders.entries()) {
      console.log(`reproducible: build ${i + 1} of ${commit.slice(0, 12)}`);
      tarballs.push(await make(folder, commit));
    }
    compare(...folders.map((folder) => join(folder, "pkg")));
    const [hash, second] = tarballs.map(sha256);
    if (hash !== second) throw new Failure(`pkg/ is the same twice, but the tarballs are not: ${hash} and ${second}`);
    const name = tarballs[0].split("/").at(-1);
    if (out) {
      mkdirSync(resolve(out), { recursive: true });
      cpSync(tarballs[0], resolve(out, name));
      writeFileSync(resolve(out, "SHA256SUMS"), `${hash}  ${name}\n`);
    }
    console.log(`reproducible: ${name} is the same twice, SHA-256 ${hash}`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

await main(async () => {
  const { values, positionals } = parseArgs({
    options: { ref: { type: "string", default: "HEAD" }, out: { type: "string" }, compare: { type: "boolean" } },
    allowPositionals: true,
  });
  if (!values.compare) return buildTwice(values);
  if (positionals.length !== 2) throw new Failure("--compare takes two folders");
  compare(...positionals);
  console.log("reproducible: the two folders are the same");
});
