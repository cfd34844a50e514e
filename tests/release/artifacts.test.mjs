// What a release is made of: two builds compared, the bill of materials, and what goes to JSR.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { ENTRIES } from "../../scripts/lib/entries.mjs";
import { folderOf, repository, script } from "./support.mjs";

const installed = join(repository, "tests/node_modules/claiv-memory");

test("two folders with the same bytes are the same, whatever their names", async (t) => {
  const files = { "package.json": "{}", "dist/a.js": "1;" };
  const { code, output } = await script("reproducible.mjs", ["--compare", folderOf(t, files), folderOf(t, files)]);
  assert.equal(code, 0, output);
});

test("each file that differs or is missing is told", async (t) => {
  const one = folderOf(t, { "same.js": "0", "dist/a.js": "abc", "dist/only-one.js": "1", "grown.js": "x" });
  const other = folderOf(t, { "same.js": "0", "dist/a.js": "abd", "only-other.js": "1", "grown.js": "xy" });
  const { code, output } = await script("reproducible.mjs", ["--compare", one, other]);
  assert.equal(code, 1);
  for (const line of [/dist\/a\.js differs from byte 2 on/, /dist\/only-one\.js is only in the first/, /only-other\.js is only in the second/, /grown\.js differs from byte 1 on \(1 and 2 bytes\)/]) assert.match(output, line);
  assert.doesNotMatch(output, /same\.js/);
});

test("the bill of materials names the crates in the modules, and says of each what it is", async (t) => {
  const out = join(folderOf(t), "sbom.json");
  const make = () => script("sbom.mjs", [`--out=${out}`, `--package=${installed}`]);
  const { code, output } = await make();
  assert.equal(code, 0, output);
  const text = readFileSync(out, "utf8");
  await make();
  assert.equal(readFileSync(out, "utf8"), text, "the same commit gives the same bytes");

  const { metadata, components, dependencies, serialNumber } = JSON.parse(text);
  assert.equal(metadata.component.purl, `pkg:npm/claiv-memory@${JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).version}`);
  assert.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  const named = (name) => components.find((one) => one.name === name);
  const modules = (one) => one.properties[0].value.split(" ");
  assert.equal(named("wasm-bindgen").scope, "required");
  assert.deepEqual(modules(named("wasm-bindgen")), ENTRIES.map(({ wasm }) => wasm));
  // The emulator's JSON is not in the client.
  assert.deepEqual(modules(named("serde_json")), ["emulator.wasm"]);
  assert.equal(named("syn").scope, "excluded");
  assert.equal(named("proptest"), undefined);
  assert.equal(named("claiv-memory-emulator"), undefined);
  assert.match(named("rust-std").version, /^1\.\d+\.\d+/);

  const lock = readFileSync(join(repository, "Cargo.lock"), "utf8");
  for (const { name, version, hashes, licenses, purl } of components.filter((one) => one.purl.startsWith("pkg:cargo/"))) {
    assert.ok(lock.includes(`name = "${name}"\nversion = "${version}"`), purl);
    assert.ok(lock.includes(hashes[0].content), purl);
    assert.match(licenses[0].expression, /MIT|Apache|Zlib|Unicode/, purl);
  }
  const refs = components.map((one) => one["bom-ref"]);
  assert.equal(new Set(refs).size, refs.length);
  assert.ok(dependencies[0].dependsOn.every((ref) => refs.includes(ref)));
});

test("JSR would take the package, and it works as it is there", async (t) => {
  const out = folderOf(t);
  const { code, output } = await script("jsr.mjs", [`--out=${out}`, `--package=${installed}`]);
  assert.equal(code, 0, output);
  assert.match(output, /Dry run complete/);
  const { version, exports } = JSON.parse(readFileSync(join(out, "jsr.json"), "utf8"));
  assert.equal(version, JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).version);
  for (const file of Object.values(exports)) {
    const types = join(out, file.replace(/\.js$/, ".d.ts"));
    assert.doesNotMatch(readFileSync(types, "utf8"), /declare global/);
    assert.match(readFileSync(join(out, file), "utf8"), /@ts-self-types="\.\//);
  }
  const load = (file) => import(pathToFileURL(join(out, file)));
  const [{ ClaivClient }, { ClaivEmulator }] = [await load(exports["."]), await load(exports["./emulator"])];
  const client = new ClaivClient({ apiKey: "any", fetch: new ClaivEmulator().fetch });
  assert.equal((await client.healthCheck()).ok, true);
  assert.ok(!existsSync(join(out, "dist/index.cjs")));
});
