#!/usr/bin/env node
// Puts together the package for JSR, and runs `deno publish --dry-run` on it.
//   node scripts/release/jsr.mjs [--publish] [--out=folder] [--package=folder]
//   --publish   publishes it; works only in a CI that is linked to the package on JSR
//   --out       keeps it there: a folder outside of the repository, since JSR leaves out what .gitignore names
// Decision 0021 tells how it differs from the npm package.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, posix, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure, at, main, version } from "../lib/project.mjs";
import { run } from "../lib/run.mjs";
import { NotRun, tools, which } from "../runtimes/install.mjs";

// JSR takes no declaration that changes the globals of its user's program. What ours adds, Symbol.dispose, is known to the `lib` of every
// version of Deno that has it.
const GLOBALS = /^declare global \{\n(?:[ \t].*\n|\n)*\}\n/gm;
const RELATIVE = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** A file as JSR gets it: a module names its declarations, and a declaration adds nothing to the globals. */
function adapted(folder, file) {
  const text = readFileSync(join(folder, file), "utf8");
  if (/\.d\.ts$/.test(file)) return text.replace(GLOBALS, "");
  const types = file.replace(/\.js$/, ".d.ts");
  return existsSync(join(folder, types)) && !text.includes("@ts-self-types") ? `/* @ts-self-types="./${basename(types)}" */\n${text}` : text;
}

/** Copies a module with its declarations and all that they import. */
function copyModule(from, to, file, done = new Set()) {
  if (done.has(file)) return;
  done.add(file);
  if (!existsSync(join(from, file))) throw new Failure(`jsr.json or an import names ${file}, which the package does not have`);
  const text = adapted(from, file);
  mkdirSync(dirname(join(to, file)), { recursive: true });
  writeFileSync(join(to, file), text);
  const declared = file.replace(/\.js$/, ".d.ts");
  const beside = /\.js$/.test(file) && existsSync(join(from, declared)) ? [declared] : [];
  // A declaration imports "./x.js" and means ./x.d.ts.
  const imported = [...text.matchAll(RELATIVE)].map(([, path]) => posix.join(posix.dirname(file), path)).filter((path) => existsSync(join(from, path)));
  for (const one of [...beside, ...imported]) copyModule(from, to, one, done);
}

function stage(from, to) {
  const config = JSON.parse(readFileSync(at("jsr.json"), "utf8"));
  mkdirSync(to, { recursive: true });
  for (const file of Object.values(config.exports)) copyModule(from, to, posix.normalize(file));
  for (const name of ["README.md", "LICENSE", "docs"]) cpSync(join(from, name), join(to, name), { recursive: true });
  writeFileSync(join(to, "jsr.json"), `${JSON.stringify({ ...config, version: version() }, null, 2)}\n`);
}

/** Deno on PATH, or the one that the tests use. */
async function deno() {
  const found = which("deno");
  if (found) return found;
  try {
    return join(await tools("tests/runtimes/deno"), ".bin/deno");
  } catch (error) {
    if (error instanceof NotRun) throw new Failure(`there is no Deno: ${error.message}`);
    throw error;
  }
}

await main(async () => {
  const { values } = parseArgs({ options: { publish: { type: "boolean" }, out: { type: "string" }, package: { type: "string", default: at("pkg") } } });
  if (!existsSync(values.package)) throw new Failure("there is no pkg/: run make build");
  const folder = values.out ? resolve(values.out) : mkdtempSync(join(tmpdir(), "claiv-jsr-"));
  try {
    stage(values.package, folder);
    await run(await deno(), ["publish", ...(values.publish ? [] : ["--dry-run"]), "--allow-dirty"], { cwd: folder, env: { NO_COLOR: "1" }, what: "deno publish" });
    console.log(values.publish ? "jsr: it is published" : "jsr: it could be published");
  } finally {
    if (!values.out) rmSync(folder, { recursive: true, force: true });
  }
});
