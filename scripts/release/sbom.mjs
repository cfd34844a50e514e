#!/usr/bin/env node
// The package's bill of materials, as CycloneDX 1.6: the crates whose code is in its wasm modules, the crates that only write code
// while it is built, the standard library, and optional peers.
//   node scripts/release/sbom.mjs [--out=file] [--package=folder]
// The same commit gives the same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ENTRIES } from "../lib/entries.mjs";
import { TARGET } from "../lib/cargo.mjs";
import { at, main, tools } from "../lib/project.mjs";
import { capture } from "../lib/run.mjs";

const npmPurl = (name, version) => `pkg:npm/${name.replace("@", "%40")}${version ? `@${version}` : ""}`;
const cratePurl = (name, version) => `pkg:cargo/${name}@${version}`;

/** The crates under one of ours, without it: Set of "name@version". Proc macros and what only they need are left out on demand. */
async function tree(crate, edges) {
  const text = await capture(tools().CLAIV_CARGO, ["tree", "--locked", "--package", crate, "--edges", edges, "--target", TARGET, "--prefix", "none", "--format", "{p}"], { what: "cargo tree" });
  // A line may end with a path (a crate of the workspace), "(proc-macro)", or "(*)" for a crate that was listed before.
  return new Set([...text.matchAll(/^(\S+) v(\S+)(.*)$/gm)].filter(([, , , rest]) => !rest.includes("/")).map(([, name, version]) => `${name}@${version}`));
}

/** What Cargo.lock says of the registry's crates: Map of "name@version" to a SHA-256. */
function checksums() {
  const lock = readFileSync(at("Cargo.lock"), "utf8");
  return new Map([...lock.matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "(.+)"$/gm)].map(([, name, version, sum]) => [`${name}@${version}`, sum]));
}

async function licences() {
  // cargo may print warnings first; the JSON is the line that begins with a brace.
  const text = await capture(tools().CLAIV_CARGO, ["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET, "--quiet"], { what: "cargo metadata" });
  const { packages } = JSON.parse(text.split("\n").find((line) => line.startsWith("{")));
  return new Map(packages.map(({ name, version, license }) => [`${name}@${version}`, license]));
}

/** The crates in the modules, and those that only take part in the build, each with the modules it is for. */
async function crates() {
  const linked = new Map();
  const building = new Map();
  const add = (to, id, wasm) => to.set(id, [...(to.get(id) ?? []), wasm]);
  for (const { crate, wasm } of ENTRIES) {
    const inside = await tree(crate, "normal,no-proc-macro");
    for (const id of inside) add(linked, id, wasm);
    for (const id of await tree(crate, "normal,build")) if (!inside.has(id)) add(building, id, wasm);
  }
  for (const id of linked.keys()) building.delete(id);
  return { linked, building };
}

const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

async function components(manifest) {
  const [sums, licence, { linked, building }] = [checksums(), await licences(), await crates()];
  const component = (scope) => ([id, modules]) => {
    const [name, version] = id.split("@");
    return {
      type: "library", "bom-ref": cratePurl(name, version), name, version, scope, purl: cratePurl(name, version),
      hashes: [{ alg: "SHA-256", content: sums.get(id) }],
      licenses: [{ expression: licence.get(id).replaceAll("/", " OR ") }],
      properties: [{ name: "claiv-memory:modules", value: modules.join(" ") }],
    };
  };
  const compiler = (await capture(tools().CLAIV_WASM_RUSTC, ["--version"])).split(" ")[1];
  const library = `pkg:generic/rust-std@${compiler}`;
  const peers = Object.entries(manifest.peerDependencies ?? {}).map(([name, range]) => ({
    type: "library", "bom-ref": npmPurl(name), name, scope: "optional", purl: npmPurl(name),
    properties: [{ name: "claiv-memory:range", value: range }],
  }));
  return [
    ...sorted(linked).map(component("required")),
    { type: "library", "bom-ref": library, name: "rust-std", version: compiler, scope: "required", purl: library, licenses: [{ expression: "MIT OR Apache-2.0" }] },
    ...sorted(building).map(component("excluded")),
    ...peers,
  ];
}

/** A UUID that follows from the content. */
function uuidOf(text) {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

async function bill(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { name, version, description, license } = manifest;
  const self = npmPurl(name, version);
  const parts = await components(manifest);
  const body = {
    metadata: {
      timestamp: new Date((await capture("git", ["log", "-1", "--format=%cI"])).trim()).toISOString(),
      component: { type: "library", "bom-ref": self, name, version, description, licenses: [{ license: { id: license } }], purl: self },
    },
    components: parts,
    dependencies: [{ ref: self, dependsOn: parts.filter(({ scope }) => scope !== "excluded").map((one) => one["bom-ref"]) }],
  };
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", bomFormat: "CycloneDX", specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}`, version: 1, ...body,
  };
}

await main(async () => {
  const { values } = parseArgs({ options: { out: { type: "string", default: at(".build/sbom.cdx.json") }, package: { type: "string", default: at("pkg") } } });
  const made = await bill(values.package);
  mkdirSync(dirname(resolve(values.out)), { recursive: true });
  writeFileSync(values.out, `${JSON.stringify(made, null, 2)}\n`);
  const count = (scope) => made.components.filter((one) => one.scope === scope).length;
  console.log(`sbom: ${values.out}: ${count("required")} in the package, ${count("excluded")} only for its build, ${count("optional")} optional`);
});
