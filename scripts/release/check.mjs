#!/usr/bin/env node
// Checks whether the working tree can be released.
//   node scripts/release/check.mjs                 what must hold at all times; tells what is still to do for a release
//   node scripts/release/check.mjs --tag=v1.2.3    what must hold when that tag is published; nothing may be left to do
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, at, main, root, version } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";
import { sectionOf } from "./changelog.mjs";
import { pending } from "./changesets.mjs";

const read = (...parts) => readFileSync(at(...parts), "utf8");
const manifest = () => JSON.parse(read("pkg/package.json"));
const script = (name, ...args) => capture(process.execPath, [at("scripts/release", name), ...args], { what: name });
const must = (holds, message) => {
  if (!holds) throw new Failure(message);
};

/** What must hold at all times. */
const ALWAYS = {
  "the package has the workspace's version": () => {
    must(manifest().version === version(), `pkg/package.json has ${manifest().version}, Cargo.toml ${version()}: run make build`);
    const locked = /^name = "claiv-memory"\nversion = "(.+)"$/m.exec(read("Cargo.lock"))?.[1];
    must(locked === version(), `Cargo.lock has ${locked}, Cargo.toml ${version()}`);
  },
  "the package has no dependencies": () => must(Object.keys(manifest().dependencies ?? {}).length === 0, "pkg/package.json names dependencies"),
  "the changesets can be read": () => void pending(),
  "docs/api/ is what the package has": () => script("api-report.mjs"),
  "there is a bill of materials": () => script("sbom.mjs"),
  "JSR would take it": () => script("jsr.mjs"),
  "npm would take it": () => capture("npm", ["publish", "--dry-run", "--ignore-scripts", "--access", "public", at("pkg")], { what: "npm publish --dry-run" }),
};

/** What must hold besides when a tag is published. */
const AT_RELEASE = {
  "the changelog has a section for the version": () => void sectionOf(read("CHANGELOG.md"), version()),
  "no changeset waits": () => must(pending().length === 0, "run node scripts/release/prepare.mjs"),
  "package.json names the repository, as provenance needs": () => {
    const url = manifest().repository?.url;
    must(url, "pkg-template/package.json has no repository.url");
    const here = process.env.GITHUB_REPOSITORY;
    must(!here || url.replace(/\.git$/, "").endsWith(`github.com/${here}`), `repository.url is ${url}, but this is ${here}`);
  },
};

async function checkAll(checks, label) {
  let failed = 0;
  for (const [what, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`  ok    ${what}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      failed += 1;
      console.log(`  ${label} ${what}\n${error.message.replace(/^/gm, "          ")}`);
    }
  }
  return failed;
}

await main(async () => {
  const { tag } = parseArgs({ options: { tag: { type: "string" } } }).values;
  must(existsSync(join(root, "pkg/package.json")), "there is no pkg/: run make build");
  if (tag !== undefined) must(tag === `v${version()}`, `the tag is ${tag}, but the version in Cargo.toml is ${version()}`);
  let failed = await checkAll(ALWAYS, "FAIL ");
  const left = await checkAll(AT_RELEASE, tag ? "FAIL " : "to do");
  if (tag) failed += left;
  must(failed === 0, `${failed} of the checks did not hold`);
  console.log(tag ? `release-check: ${tag} can be published` : `release-check: nothing stands in the way${left > 0 ? "; the rest is done in the release commit" : ""}`);
});
