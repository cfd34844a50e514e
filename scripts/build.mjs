#!/usr/bin/env node
// Makes pkg/, the npm package exactly as it is published, out of a checkout:  node scripts/build.mjs [--fast] [entry or adapter…]
// Where entries are named only their files are made anew, in the package that is there. --fast makes .build/fast/pkg/ instead, whose modules
// are compiled for development and left as wasm-bindgen made them.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildAdapter, withAdapters } from "./lib/adapters.mjs";
import { bundle } from "./lib/bundle.mjs";
import { docsPages } from "./lib/docs-pages.mjs";
import { ADAPTERS, ENTRIES, OVER_CLIENT } from "./lib/entries.mjs";
import { buildInspector } from "./lib/inspector.mjs";
import { withLock } from "./lib/lock.mjs";
import { Failure, at, main, version } from "./lib/project.mjs";
import { declarations } from "./lib/types.mjs";
import { buildV6 } from "./lib/v6.mjs";
import { FINAL, buildWasm } from "./lib/wasm.mjs";

/** What the package carries besides dist/. */
function copyRest(to) {
  const manifest = JSON.parse(readFileSync(at("pkg-template/package.json"), "utf8"));
  writeFileSync(join(to, "package.json"), `${JSON.stringify({ ...withAdapters(manifest, ADAPTERS), version: version() }, null, 2)}\n`);
  // Where "exports" means nothing (Parcel unless told, TypeScript's node10, webpack 4), a subpath is a folder.
  const subpaths = [...ENTRIES, OVER_CLIENT].map((one) => one.file).filter((name) => name !== "index");
  for (const file of [...subpaths, ...ADAPTERS.map(({ name }) => name)]) {
    const subpath = { main: `../dist/${file}.cjs`, module: `../dist/${file}.js`, types: `../dist/${file}.d.ts`, sideEffects: false };
    mkdirSync(join(to, file), { recursive: true });
    writeFileSync(join(to, file, "package.json"), `${JSON.stringify(subpath, null, 2)}\n`);
  }
  const pages = docsPages().map((name) => [name, name]);
  writeFileSync(join(to, "LICENSE"), `${readFileSync(at("LICENSE"), "utf8")}\n${readFileSync(at("LICENSE-THIRD-PARTY"), "utf8")}`);
  for (const [from, name] of [["README.md", "README.md"], ["pkg-template/bin", "bin"], ...pages]) {
    if (existsSync(at(from))) cpSync(at(from), join(to, name), { recursive: true });
  }
}

/** The same entries with each module compiled for development and not optimised, in folders of their own. */
const FAST = ENTRIES.map((one) => ({ ...one, development: true, fast: true, folder: at(".build/fast", one.entry) }));

/** The entries and adapters that are named, or all of them. */
function choose(entries, names) {
  const all = [...entries.map(({ entry }) => entry), ...ADAPTERS.map(({ name }) => name)];
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Failure(`there is no entry ${unknown.join(", ")}: there are ${all.join(", ")}`);
  const chosen = (name) => names.length === 0 || names.includes(name);
  return { entries: entries.filter(({ entry }) => chosen(entry)), adapters: ADAPTERS.filter(({ name }) => chosen(name)) };
}

async function make({ entries, adapters }, { fast, names }) {
  const started = Date.now();
  const made = fast ? ".build/fast/pkg" : "pkg";
  // Put together aside, so that pkg/ is never half a package.
  const next = at(fast ? ".build/fast/next" : ".build/pkg");
  rmSync(next, { recursive: true, force: true });
  if (names.length > 0 && existsSync(at(made))) cpSync(at(made), next, { recursive: true });
  mkdirSync(join(next, "dist"), { recursive: true });
  // At once: cargo has them wait for each other where they share a target folder, and wasm-opt uses a single core.
  const folders = await Promise.all(entries.map(buildWasm));
  for (const [i, entry] of entries.entries()) {
    const folder = folders[i];
    const dist = (name) => join(next, "dist", name);
    await bundle(entry, folder, dist(""));
    cpSync(join(folder, FINAL), dist(entry.wasm));
    for (const suffix of [".d.ts", ".d.cts"]) writeFileSync(dist(entry.file + suffix), declarations(entry, folder));
    const bytes = readFileSync(dist(entry.wasm)).length;
    console.log(`build: ${entry.entry}: ${entry.wasm} ${bytes.toLocaleString("en")} bytes`);
  }
  if (existsSync(join(next, "dist/index.d.ts"))) await buildV6((name) => join(next, "dist", name));
  copyRest(next);
  // Last: their declarations are compiled with the client's.
  await Promise.all(adapters.map((adapter) => buildAdapter(adapter, next)));
  await buildInspector(join(next, "inspector"));
  rmSync(at(made), { recursive: true, force: true });
  renameSync(next, at(made));
  console.log(`build: ${made}/ is made (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

await main(() => {
  const fast = process.argv.includes("--fast");
  const names = process.argv.slice(2).filter((word) => word !== "--fast");
  // A misspelt name fails at once, not after a build that is already running.
  const chosen = choose(fast ? FAST : ENTRIES, names);
  return withLock(() => make(chosen, { fast, names }));
});
