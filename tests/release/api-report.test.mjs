// The report of the public surface: what is in it, and when it fails.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { reports } from "../../scripts/release/api-surface.mjs";
import { folderOf, program, put, script } from "./support.mjs";

const manifest = (extra = {}) => JSON.stringify({
  name: "a-package", version: "1.0.0", type: "module", engines: { node: ">=18" },
  exports: {
    ".": { node: { types: "./dist/index.d.ts", default: "./dist/index.js" }, require: { types: "./dist/index.d.cts", default: "./dist/index.cjs" }, default: { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    "./more": { types: "./dist/more.d.ts", default: "./dist/more.js" },
    "./package.json": "./package.json",
    ...extra,
  },
});
const INDEX = `/** Words. */
export class Zebra<T = string> {
  private hidden: Inner;
  /** Words. */
  run(many: number): Promise<Inner>;
  run(): void;
}
export declare const kind: "a" | "b";
export type Animal = Zebra | Inner;
interface Inner { name?: Deep; }
type Deep = string[];
type Unused = 1;
export {};
`;
const MORE = 'import { Zebra } from "./index.js";\nexport { Zebra as Horse } from "./index.js";\nexport declare function ride(on: Zebra): void;\n';
const files = (index = INDEX, more = MORE) => ({ "package.json": manifest(), "dist/index.d.ts": index, "dist/index.d.cts": index, "dist/more.d.ts": more });
const made = (t, ...args) => reports(folderOf(t, files(...args)));

test("the report has the exports by name, and what they name without exporting it", (t) => {
  const report = made(t).get("index.md");
  const places = ["## Exports", "type Animal", "class Zebra<T = string>", 'const kind: "a" | "b"', "## Named by them", "type Deep", "interface Inner"].map((part) => report.indexOf(part));
  assert.deepEqual([...places].sort((a, b) => a - b), places);
  assert.ok(places[0] > 0);
  // Overloads keep their order.
  assert.ok(report.indexOf("run(many: number)") < report.indexOf("run(): void"));
  assert.doesNotMatch(report, /Unused|Words/);
});

test("an export from another file of the package is shown as what it is", (t) => {
  const report = made(t).get("more.md");
  assert.match(report, /Horse = class Zebra/);
  assert.match(report, /function ride\(on: Zebra\): void/);
});

test("comments and the order of declarations are no part of the surface; all else is", (t) => {
  const before = made(t).get("index.md");
  const [first, ...rest] = INDEX.split(/(?=^export declare const)/m);
  assert.equal(made(t, rest.join("") + first.replaceAll("Words", "Other words")).get("index.md"), before);
  for (const [from, to] of [["many: number", "many: string"], ["name?: Deep", "name: Deep"], ["T = string", "T"], ["type Deep = string[]", "type Deep = string"], ["run(): void;", ""]]) {
    assert.notEqual(made(t, INDEX.replace(from, to)).get("index.md"), before, from);
  }
});

test("an addition to the globals is told", (t) => {
  const report = made(t, `${INDEX}declare global { interface Window { claiv: 1 } }\n`).get("index.md");
  assert.match(report, /## Added to the globals[^]*interface Window/);
});

test("declarations for import and for require must be the same, and be there", (t) => {
  assert.throws(() => reports(folderOf(t, { ...files(), "dist/index.d.cts": INDEX.replace('"a" | "b"', '"a"') })), /index\.d\.cts do not declare the same/);
  const missing = folderOf(t, files());
  rmSync(join(missing, "dist/more.d.ts"));
  assert.throws(() => reports(missing), /more\.d\.ts, which is not there/);
});

test("conditions, engines and commands are part of it; the version is not", (t) => {
  const report = made(t).get("package.md");
  assert.match(report, /"node": ">=18"/);
  assert.match(report, /"\.\/more"/);
  assert.doesNotMatch(report, /1\.0\.0/);
});

test("an entry that declares the same as another refers to it", (t) => {
  const folder = folderOf(t, { ...files(), "package.json": manifest({ "./debug": { types: "./dist/debug.d.ts" } }), "dist/debug.d.ts": INDEX });
  assert.match(reports(folder).get("debug.md"), /The same as `a-package`/);
});

/** A repository with a built package and its report, committed; `next` changes it and tells what the check says. */
async function repositoryOf(t) {
  const root = folderOf(t, { "CHANGELOG.md": "# Changelog\n", ".changeset/README.md": "How.\n", ...Object.fromEntries(Object.entries(files()).map(([path, text]) => [`pkg/${path}`, text])) });
  const git = async (...args) => {
    const { code, output } = await program("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: root });
    assert.equal(code, 0, output);
  };
  const folders = [`--package=${join(root, "pkg")}`, `--reports=${join(root, "docs/api")}`, `--root=${root}`];
  const report = (...args) => script("api-report.mjs", [...folders, ...args]);
  const commit = async () => { await git("add", "-A"); await git("commit", "-qm", "x"); };
  await git("init", "-q", "-b", "main");
  await report("--write");
  await commit();
  await git("checkout", "-qb", "work");
  return { root, report, commit };
}

const CHANGED = INDEX.replace('"a" | "b"', '"a" | "b" | "c"');

test("a report that is not what the package has fails, and names the file", async (t) => {
  const { root, report } = await repositoryOf(t);
  assert.deepEqual(readdirSync(join(root, "docs/api")).sort(), ["index.md", "more.md", "package.md"]);
  assert.equal((await report()).code, 0);
  put(root, { "pkg/dist/index.d.ts": CHANGED, "pkg/dist/index.d.cts": CHANGED });
  const { code, output } = await report();
  assert.equal(code, 1);
  assert.match(output, /index\.md is not what the package has/);
  assert.doesNotMatch(output, /package\.md/);
  put(root, { "docs/api/old.md": "gone\n" });
  assert.match((await report()).output, /old\.md is of an entry that is gone/);
  await report("--write");
  assert.equal((await report()).code, 0);
  assert.match(readFileSync(join(root, "docs/api/index.md"), "utf8"), /"c"/);
});

test("a changed surface needs a changeset of at least minor, or the changelog's section", async (t) => {
  const { root, report, commit } = await repositoryOf(t);
  const checked = async () => { await commit(); return report("--base=main"); };
  put(root, { "notes.txt": "nothing of the surface\n" });
  assert.match((await checked()).output, /as it was/);

  put(root, { "pkg/dist/index.d.ts": CHANGED, "pkg/dist/index.d.cts": CHANGED });
  await report("--write");
  const without = await checked();
  assert.equal(without.code, 1);
  assert.match(without.output, /docs\/api\/index\.md[^]*add a changeset/);

  const changeset = (bump) => ({ ".changeset/kind.md": `---\n"claiv-memory": ${bump}\n---\n\nAdded: a kind.\n` });
  put(root, changeset("patch"));
  assert.equal((await checked()).code, 1);
  put(root, changeset("minor"));
  const announced = await checked();
  assert.equal(announced.code, 0, announced.output);
  assert.match(announced.output, /a changeset says so/);

  rmSync(join(root, ".changeset/kind.md"));
  assert.equal((await checked()).code, 1, "a changeset that is gone again says nothing");
  put(root, { "CHANGELOG.md": "# Changelog\n\n## [1.1.0] - 2026-12-01\n\n- A kind.\n" });
  assert.match((await checked()).output, /the changelog says so/);
});
