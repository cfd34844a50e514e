#!/usr/bin/env node
// Makes the changes of a release commit: the version in Cargo.toml and Cargo.lock, the changelog's section, and the changesets
// that went into it deleted. Commits nothing.
//   node scripts/release/prepare.mjs [--date=2027-01-31] [--root=folder]     --root is for tests
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main, root } from "../lib/project.mjs";
import { released, sections } from "./changelog.mjs";
import { FOLDER, next, pending } from "./changesets.mjs";

const WORKSPACE_VERSION = /(^\[workspace\.package\][^[]*?^version = ")([^"]+)(")/ms;
// The crates of this workspace; those of a registry have a `source`, too.
const LOCKED = /(^\[\[package\]\]\nname = "claiv-memory[^"]*"\nversion = ")([^"]+)(")/gm;

await main(() => {
  const { values } = parseArgs({ options: { date: { type: "string" }, root: { type: "string", default: root } } });
  const date = values.date ?? new Date().toISOString().slice(0, 10);
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw new Failure(`${date} is no date like 2027-01-31`);
  const [manifest, lock, log] = ["Cargo.toml", "Cargo.lock", "CHANGELOG.md"].map((name) => {
    const file = join(values.root, name);
    return { file, text: readFileSync(file, "utf8") };
  });
  const current = WORKSPACE_VERSION.exec(manifest.text)?.[2];
  if (!current) throw new Failure("Cargo.toml has no [workspace.package] version");
  const changesets = pending(join(values.root, FOLDER));
  // The version in Cargo.toml is the one released last; before the first release it is the one to come.
  const first = sections(log.text).every(({ name }) => name === "Unreleased");
  if (!first && changesets.length === 0) throw new Failure("no changeset tells whether this is a patch, a minor or a major version");
  const version = first ? current : next(current, changesets.map(({ bump }) => bump));

  const changelog = released(log.text, version, date, changesets);
  writeFileSync(log.file, changelog);
  writeFileSync(manifest.file, manifest.text.replace(WORKSPACE_VERSION, `$1${version}$3`));
  writeFileSync(lock.file, lock.text.replace(LOCKED, `$1${version}$3`));
  for (const { file } of changesets) rmSync(file);
  console.log(`prepare: ${version}, with ${changesets.length} changeset${changesets.length === 1 ? "" : "s"}; look it over and commit it`);
});
