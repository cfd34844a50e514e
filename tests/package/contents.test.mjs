import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { docsPages } from "../../scripts/lib/docs-pages.mjs";
import { ADAPTERS } from "../../scripts/lib/entries.mjs";
import { pack } from "../../scripts/lib/packed.mjs";
import { inlinedModules } from "../support/inlined.mjs";
import { ENTRIES, files, folder, manifest, read, repository } from "./installed.mjs";

const SUFFIXES = [".js", ".cjs", ".workerd.js", ".edge-light.js", ".d.ts", ".d.cts"];
const ADAPTER_SUFFIXES = [".js", ".cjs", ".d.ts", ".d.cts"];

test("the tarball holds exactly what users need", () => {
  const folders = join(repository, ".build");
  const [tarball] = readdirSync(folders).filter((name) => name.endsWith(".tgz"));
  const packed = execFileSync("tar", ["-tzf", join(folders, tarball)], { encoding: "utf8" }).trim().split("\n");
  const expected = [
    "LICENSE",
    "README.md",
    "package.json",
    ...readdirSync(join(repository, "pkg-template/bin")).map((name) => `bin/${name}`),
    ...docsPages(),
    ...ENTRIES.flatMap(({ file, wasm, forNode }) =>
      [...SUFFIXES, ...(forNode ? [".node.js"] : [])].map((suffix) => `dist/${file}${suffix}`).concat(wasm ? `dist/${wasm}` : [])),
    "dist/claiv-memory.iife.js",
    "debug/package.json",
    "emulator/package.json",
    "v6/package.json",
    ...ADAPTERS.flatMap(({ name, bin, node }) => [
      ...[...ADAPTER_SUFFIXES, ...(node ? [".node.js", ".node.cjs"] : [])].map((suffix) => `dist/${name}${suffix}`),
      `${name}/package.json`, ...(bin ? [`bin/${bin}.js`] : []),
    ]),
    ...["icon.svg", "in-page.js", "index.html", "inspector.css", "served.html", "served.js", "theme.js"].map((name) => `inspector/${name}`),
  ];
  assert.deepEqual(packed.map((name) => name.replace(/^package\//, "")).sort(), expected.sort());
  assert.deepEqual(files(), expected.sort());
});

test("the licence ends with the notices of crates whose licences ask for one", () => {
  const exceptions = /^exceptions = (\[.*\])$/m.exec(readFileSync(join(repository, "deny.toml"), "utf8"))[1];
  const crates = [...exceptions.matchAll(/crate = "([\w-]+)"/g)].map(([, name]) => name);
  assert.ok(crates.length > 0);
  const notices = readFileSync(join(repository, "LICENSE-THIRD-PARTY"), "utf8");
  for (const name of crates) assert.match(notices, new RegExp(`^${name}, in `, "m"));
  assert.equal(read("LICENSE").toString(), `${readFileSync(join(repository, "LICENSE"), "utf8")}\n${notices}`);
});

test("no file tells where it was built", () => {
  const places = [repository, `${homedir()}/`, tmpdir(), process.env.CARGO_HOME, ".cargo/registry", ".rustup/", "rustlib", "/home/", "/Users/"];
  for (const name of files()) {
    const bytes = read(name);
    // The module inside a JavaScript file is the same as the .wasm file, which is checked.
    for (const place of places.filter((one) => one?.length > 1)) {
      assert.ok(!bytes.includes(place), `${name} contains ${place}`);
    }
  }
});

test("nothing else is installed with it, and installing runs nothing", () => {
  for (const field of ["dependencies", "optionalDependencies", "bundledDependencies", "scripts", "devDependencies"]) {
    assert.equal(manifest[field], undefined, field);
  }
  const { peerDependencies, peerDependenciesMeta } = manifest;
  assert.deepEqual(peerDependencies, Object.assign({}, ...ADAPTERS.map(({ peers }) => peers)));
  for (const name of Object.keys(peerDependencies)) assert.deepEqual(peerDependenciesMeta[name], { optional: true }, name);
});

test("its version is the crates'", () => {
  assert.match(read("package.json").toString(), /"version": "\d+\.\d+\.\d+/);
  const lock = execFileSync("sed", ["-n", '/^name = "claiv-memory"$/{n;p;}', join(repository, "Cargo.lock")], { encoding: "utf8" });
  assert.equal(lock.trim(), `version = "${manifest.version}"`);
});

test("every file the manifest names is there", () => {
  const named = [];
  JSON.stringify(manifest, (_, value) => {
    if (typeof value === "string" && value.startsWith("./")) named.push(value);
    return value;
  });
  named.push(...Object.values(manifest.bin));
  assert.ok(named.length > 10);
  for (const name of named) assert.ok(existsSync(join(folder, name)), name);
});

for (const name of ["v6", "emulator", "debug", ...ADAPTERS.map((one) => one.name)]) {
  test(`the folder ${name}, for tools without "exports", names files that are there`, () => {
    const { main, module, types } = JSON.parse(read(`${name}/package.json`));
    for (const file of [main, module, types]) assert.ok(existsSync(join(folder, name, file)), file);
  });
}

test("the command can be run", () => {
  for (const name of Object.values(manifest.bin)) {
    assert.match(read(name).toString(), /^#!\/usr\/bin\/env node\n/);
    assert.ok(statSync(join(folder, name)).mode & 0o100, `${name} is not executable`);
  }
});

for (const { file, wasm, specifier } of ENTRIES.filter((one) => one.wasm)) {
  test(`${specifier}: every runtime gets the same module`, () => {
    for (const suffix of file === "index" ? [".node.js", ".cjs"] : [".js", ".cjs"]) {
      const [, base64] = /"(AGFzb[A-Za-z0-9+/=]+)"/.exec(read(`dist/${file}${suffix}`));
      assert.ok(Buffer.from(base64, "base64").equals(read(`dist/${wasm}`)), suffix);
    }
    for (const [suffix, query] of [[".workerd.js", ""], [".edge-light.js", "?module"]]) {
      const text = read(`dist/${file}${suffix}`).toString();
      assert.ok(text.includes(`"./${wasm}${query}"`), suffix);
      assert.equal(inlinedModules(text), 0, `${suffix} carries the module twice`);
    }
  });

  test(`${specifier}: ES modules and CommonJS have the same types`, () => {
    assert.equal(read(`dist/${file}.d.cts`).toString(), read(`dist/${file}.d.ts`).toString());
  });
}

test("what is downloaded carries the module as a text of plain characters", () => {
  const text = pack(read("dist/claiv_memory.wasm"));
  assert.match(text, /^[ !#-[\]-~]+$/);
  assert.ok(read("dist/index.js").toString().includes(`"${text}"`));
});

test("the classic script is the client, with the same module, as one global", () => {
  const script = read("dist/claiv-memory.iife.js").toString();
  assert.match(script, /^(?:"use strict";)?var ClaivMemory=/);
  assert.ok(script.includes(pack(read("dist/claiv_memory.wasm"))));
  assert.ok(!script.includes("ClaivEmulator"));
});

test("the client carries nothing of the emulator", () => {
  const emulator = read("dist/emulator.js").toString();
  const [, module] = /"(AGFzb[A-Za-z0-9+/=]+)"/.exec(emulator);
  for (const name of files().filter((one) => one.startsWith("dist/index."))) {
    const text = read(name).toString();
    assert.ok(!text.includes("class ClaivEmulator"), name);
    assert.ok(!text.includes(module), name);
    assert.ok(!/from "|require\("/.test(text.replaceAll('from "./claiv_memory.wasm', "").replace(/\/\*[\s\S]*?\*\//g, "")), `${name} imports another file`);
  }
});
