// The documents: decision records have their form, and links between files lead somewhere.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (path) => readFileSync(join(repository, path), "utf8");
const decisions = readdirSync(join(repository, "docs/decisions"));
const pages = [
  ...readdirSync(join(repository, "docs"), { recursive: true }).filter((name) => name.endsWith(".md")).map((name) => join("docs", name)),
  ...readdirSync(repository).filter((name) => name.endsWith(".md")),
];

for (const name of decisions) {
  test(`${name} has a number of its own, a title, a status, a date and the question that it answers`, () => {
    const text = read(join("docs/decisions", name));
    const [, number] = /^(\d{4})-[a-z0-9-]+\.md$/.exec(name) ?? assert.fail("not named like 0001-a-title.md");
    assert.equal(decisions.filter((one) => one.startsWith(number)).length, 1, "two records have this number");
    assert.match(text, new RegExp(`^# ${Number(number)}\\. \\S`));
    assert.match(text, /\n\n\*\*Status:\*\* (?:accepted|replaced by \[\d{4}\])[\s\S]*?\*\*Date:\*\*\s2\d{3}-\d\d-\d\d/);
    assert.match(text, /^\*\*Question\.\*\* /m);
  });
}

test("what a page links to within the repository is there", () => {
  const dead = [];
  let count = 0;
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(?:[a-z]+:|#)/.test(target)) continue;
      count += 1;
      if (!existsSync(join(repository, dirname(page), target.split("#")[0]))) dead.push(`${page}: ${target}`);
    }
  }
  assert.ok(count > 20, "no links were found");
  assert.deepEqual(dead, []);
});

// Decisions and the changelog describe the past: files that they name may be gone.
test("the files of the project that a page names are there", () => {
  const dead = [];
  let count = 0;
  for (const page of pages.filter((name) => !name.includes("decisions/") && name !== "CHANGELOG.md")) {
    for (const [, path] of read(page).matchAll(/`((?:tests|src|emulator|scripts|pkg-template|bench|docs|demo|examples)\/[\w./-]+\.\w+)`/g)) {
      count += 1;
      if (!existsSync(join(repository, path))) dead.push(`${page}: ${path}`);
    }
  }
  assert.ok(count > 20, "no files were found");
  assert.deepEqual(dead, []);
});

test("the decisions that files of the project name are there", () => {
  const named = new Map();
  for (const folder of ["src", "emulator/src", "scripts", "pkg-template", "tests", "docs"]) {
    for (const name of readdirSync(join(repository, folder), { recursive: true })) {
      if (name.includes("node_modules") || !/\.(?:rs|m?js|cjs|ts|md|sh)$/.test(name)) continue;
      for (const [path] of read(join(folder, name)).matchAll(/docs\/decisions\/\d{4}[a-z0-9-]*\.md/g)) named.set(path, join(folder, name));
    }
  }
  assert.ok(named.size > 2, "no decision is named");
  for (const [path, file] of named) assert.ok(existsSync(join(repository, path)), `${file} names ${path}`);
});
