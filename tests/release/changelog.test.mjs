// The changelog's sections, the changesets, and the release commit made of them.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { released, sectionOf } from "../../scripts/release/changelog.mjs";
import { next, parse, pending } from "../../scripts/release/changesets.mjs";
import { folderOf, repository, script } from "./support.mjs";

const LOG = `# Changelog

Words.

## [Unreleased]

### Fixed

- A thing.

## [0.2.0] - 2026-10-01

### Added

- Another.

## [0.1.0] - 2026-09-01

First.
`;
const CARGO = '[workspace.package]\nversion = "0.2.0"\nedition = "2024"\n\n[dependencies]\nother = "0.2.0"\n';
const LOCK = '[[package]]\nname = "claiv-memory"\nversion = "0.2.0"\n\n[[package]]\nname = "claiv-memory-emulator"\nversion = "0.2.0"\n\n[[package]]\nname = "other"\nversion = "0.2.0"\n';
const changeset = (bump, text) => `---\n"claiv-memory": ${bump}\n---\n\n${text}\n`;

test("a version's section is its text, without its heading", () => {
  assert.equal(sectionOf(LOG, "0.2.0"), "### Added\n\n- Another.");
  assert.equal(sectionOf(LOG, "0.1.0"), "First.");
});

test("a section that is missing, empty or undated is no section of a release", () => {
  assert.throws(() => sectionOf(LOG, "0.3.0"), /no section \[0\.3\.0\]/);
  assert.throws(() => sectionOf("## [1.0.0] - 2026-01-01\n\n## [0.9.0] - 2025-01-01\n\nx\n", "1.0.0"), /is empty/);
  assert.throws(() => sectionOf("## [1.0.0]\n\nx\n", "1.0.0"), /no date/);
  // Neither the dot nor a part of the number fits another version.
  assert.throws(() => sectionOf(LOG, "0.2"), /no section/);
});

test("changesets join what is unreleased, each under its heading", () => {
  const made = released(LOG, "0.3.0", "2026-11-01", [
    { kind: "Fixed", text: "Two\nlines." }, { kind: "Added", text: "New." },
  ]);
  assert.equal(sectionOf(made, "0.3.0"), "### Added\n\n- New.\n\n### Fixed\n\n- A thing.\n- Two\n  lines.");
  assert.match(made, /^# Changelog\n\nWords\.\n\n## \[Unreleased\]\n\n## \[0\.3\.0\] - 2026-11-01\n/);
  assert.equal(sectionOf(made, "0.2.0"), sectionOf(LOG, "0.2.0"));
  assert.throws(() => released(made, "0.4.0", "2026-12-01", []), /nothing to release/);
  assert.throws(() => released(LOG, "0.2.0", "2026-12-01", []), /already/);
});

test("a changeset says what it is", () => {
  assert.deepEqual(parse("a.md", changeset("minor", "Added: `x`: a thing.\n\nMore.")), { bump: "minor", kind: "Added", text: "`x`: a thing.\n\nMore." });
  assert.deepEqual(parse("a.md", changeset("patch", "Fixed: x.").replaceAll("\n", "\r\n")), { bump: "patch", kind: "Fixed", text: "x." });
  assert.throws(() => parse("a.md", changeset("tiny", "Added: x.")), /"tiny" is none of/);
  assert.throws(() => parse("a.md", changeset("minor", "News: x.")), /"News" is none of/);
  assert.throws(() => parse("a.md", "Added: x.\n"), /no changeset/);
  assert.throws(() => parse("a.md", changeset("minor", "")), /no changeset/);
});

test("the largest change decides the version", () => {
  assert.equal(next("0.2.3", ["patch"]), "0.2.4");
  assert.equal(next("0.2.3", ["patch", "minor", "patch"]), "0.3.0");
  assert.equal(next("1.9.9", ["minor", "major"]), "2.0.0");
  assert.throws(() => next("1.0.0-beta", ["patch"]), /no version/);
});

test("prepare makes the release commit's changes", async (t) => {
  const root = folderOf(t, {
    "CHANGELOG.md": LOG, "Cargo.toml": CARGO, "Cargo.lock": LOCK,
    ".changeset/README.md": "# Changesets\n", ".changeset/a.md": changeset("minor", "Added: more."), ".changeset/b.md": changeset("patch", "Fixed: less."),
  });
  const { code, output } = await script("prepare.mjs", [`--root=${root}`, "--date=2026-11-30"]);
  assert.equal(code, 0, output);
  const read = (name) => readFileSync(join(root, name), "utf8");
  assert.equal(read("Cargo.toml"), CARGO.replace('version = "0.2.0"', 'version = "0.3.0"'));
  assert.equal(read("Cargo.lock").match(/0\.3\.0/g).length, 2);
  assert.match(read("Cargo.lock"), /name = "other"\nversion = "0\.2\.0"/);
  assert.equal(sectionOf(read("CHANGELOG.md"), "0.3.0"), "### Added\n\n- more.\n\n### Fixed\n\n- A thing.\n- less.");
  assert.deepEqual(readdirSync(join(root, ".changeset")), ["README.md"]);
});

test("the first release has the version that is there, and needs no changeset", async (t) => {
  const root = folderOf(t, { "CHANGELOG.md": LOG.slice(0, LOG.indexOf("## [0.2.0]")), "Cargo.toml": CARGO, "Cargo.lock": LOCK });
  const { code, output } = await script("prepare.mjs", [`--root=${root}`, "--date=2026-11-30"]);
  assert.equal(code, 0, output);
  assert.equal(sectionOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), "0.2.0"), "### Fixed\n\n- A thing.");
});

test("without a changeset there is no later release, and nothing is touched", async (t) => {
  const root = folderOf(t, { "CHANGELOG.md": LOG, "Cargo.toml": CARGO, "Cargo.lock": LOCK });
  const { code, output } = await script("prepare.mjs", [`--root=${root}`]);
  assert.equal(code, 1);
  assert.match(output, /no changeset tells/);
  assert.equal(readFileSync(join(root, "CHANGELOG.md"), "utf8"), LOG);
});

test("this repository's changelog and changesets can be released", () => {
  assert.ok(existsSync(join(repository, ".changeset/README.md")));
  const waiting = pending();
  const log = readFileSync(join(repository, "CHANGELOG.md"), "utf8");
  if (waiting.length > 0 || /## \[Unreleased\]\s+[^#\s]/.test(log)) assert.ok(sectionOf(released(log, "999.0.0", "2999-01-01", waiting), "999.0.0"));
});

test("the section is printed for the release's notes", async () => {
  const { code, output } = await script("changelog-section.mjs", ["999.0.0"]);
  assert.equal(code, 1);
  assert.match(output, /FAILED: CHANGELOG\.md has no section \[999\.0\.0\]/);
});
