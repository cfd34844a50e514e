// The pages that travel in the package: no link in them is dead, on npm or in the repository, and the README stays short.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import test from "node:test";
import { blocksOf } from "../../scripts/lib/readme-blocks.mjs";
import { docsPages } from "../../scripts/lib/docs-pages.mjs";
import { folder, manifest, read, repository } from "./installed.mjs";

const PAGES = ["README.md", ...docsPages()];

/** The text without its blocks and inline code, in which brackets are no links. */
const prose = (text) => text.replaceAll(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2`*[ \t]*$/gm, "").replaceAll(/`[^`\n]*`/g, (code) => "x".repeat(code.length));

/** The anchors that a page's headings have, as GitHub and npm make them. */
function anchors(text) {
  const headings = [...text.replaceAll(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2`*[ \t]*$/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  return new Set(headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-")));
}

for (const [where, root] of [["the package", folder], ["the repository", repository]]) {
  for (const page of PAGES) {
    test(`${page}: every link leads somewhere in ${where}`, () => {
      const text = readFileSync(join(root, page), "utf8");
      // Pictures stay in the repository, from which npm shows those of a README.
      const shown = where === "the package" ? prose(text).replaceAll(/!\[[^\]]*\]\([^)\s]+\)/g, "") : prose(text);
      const links = [...shown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
      for (const link of links.filter((one) => !/^https?:/.test(one))) {
        const [path, anchor] = link.split("#");
        const target = path ? resolve(root, dirname(page), path) : join(root, page);
        assert.ok(!relative(root, target).startsWith(".."), `${link} leads out of ${where}`);
        assert.ok(existsSync(target), `${link} is not there`);
        if (anchor) assert.ok(anchors(readFileSync(target, "utf8")).has(anchor), `${link}: there is no such heading`);
      }
    });
  }
}

test("pages are the same in the package and the repository", () => {
  for (const page of PAGES) assert.equal(read(page).toString(), readFileSync(join(repository, page), "utf8"), page);
});

const readme = read("README.md").toString();

test("the README has at most 400 lines, in the order of somebody who has a minute", () => {
  assert.ok(readme.split("\n").length <= 401, `${readme.split("\n").length} lines`);
  const wanted = ["Quick start", "A chat that remembers", "V1 or V6: which", "Runtimes", "Options", "Errors", "Retries and timeouts", "Recipes", "More"];
  const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(headings.filter((heading) => wanted.includes(heading)), wanted);
});

test("the README says what users look for", () => {
  for (const words of ["Oldest browsers", "`maxResponseBytes`", "allowUnknownFields", "'wasm-unsafe-eval'", "New programs take V6"]) assert.ok(readme.includes(words), words);
});

test("the first programs print something, and their output is shown", () => {
  const programs = blocksOf(readme).filter(({ language }) => language === "js");
  assert.ok(programs.length >= 5);
  assert.ok(programs[0].prints?.length > 10);
  for (const { code, name } of programs.slice(0, 4)) assert.match(code, /console\.log\(/, name);
});

test("every page is named by the README", () => {
  for (const page of docsPages()) assert.ok(readme.includes(`(${page})`) || readme.includes(`(${page}#`), page);
});

test("package.json names repository, homepage, bugs and author", () => {
  const { repository: { type, url }, homepage, bugs, author } = manifest;
  assert.equal(type, "git");
  const page = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(url)?.[1];
  assert.ok(page, url);
  assert.equal(homepage, `${page}#readme`);
  assert.equal(bugs.url, `${page}/issues`);
  assert.ok(author.length > 0);
});

test("docs/llms.txt is short, and begins as such pages do", () => {
  const text = read("docs/llms.txt").toString();
  assert.match(text, /^# claiv-memory\n\n> /);
  assert.ok(text.split("\n").length <= 120 && text.length < 8_000, `${text.length} characters`);
  const called = [...new Set([...blocksOf(text)[0].code.matchAll(/claiv\.(\w+)\(/g)].map(([, name]) => name))];
  assert.ok(called.length >= 10, called.join());
});
