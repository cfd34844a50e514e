// What asks npm's register: publishing, and the audit. The real npm, against a register on this machine.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { gunzipSync } from "node:zlib";
import { folderOf, program, put, registry, script } from "./support.mjs";

const digest = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** A folder as reproducible.mjs makes one. */
async function releaseFolder(t) {
  const source = folderOf(t, { "package.json": JSON.stringify({ name: "a-package", version: "1.2.3" }), "index.js": "1;\n" });
  const folder = folderOf(t);
  assert.equal((await program("npm", ["pack", source, "--pack-destination", folder])).code, 0);
  const [name] = readdirSync(folder);
  const bytes = readFileSync(join(folder, name));
  put(folder, { SHA256SUMS: `${digest("sha256", bytes, "hex")}  ${name}\n` });
  return { folder, name, integrity: `sha512-${digest("sha512", bytes, "base64")}` };
}

const packument = (integrity) => ({ name: "a-package", "dist-tags": { latest: "1.2.3" }, versions: { "1.2.3": { name: "a-package", version: "1.2.3", dist: { integrity, tarball: "http://127.0.0.1/x.tgz" } } } });

test("a version that npm does not have is published, with the tarball's bytes", async (t) => {
  const { folder, name, integrity } = await releaseFolder(t);
  const { asked, env } = await registry(t, (method) => (method === "PUT" ? { status: 201, json: { ok: true } } : undefined));
  const { code, output } = await script("publish.mjs", [folder], { env });
  assert.equal(code, 0, output);
  const [put] = asked.filter(({ method }) => method === "PUT");
  const { versions, _attachments } = JSON.parse(put.body);
  assert.equal(versions["1.2.3"].dist.integrity, integrity);
  assert.equal(Buffer.from(Object.values(_attachments)[0].data, "base64").compare(readFileSync(join(folder, name))), 0);
});

test("run again it publishes nothing; another tarball of the same version stops it", async (t) => {
  const { folder, integrity } = await releaseFolder(t);
  const same = await registry(t, () => ({ json: packument(integrity) }));
  const again = await script("publish.mjs", [folder], { env: same.env });
  assert.equal(again.code, 0, again.output);
  assert.match(again.output, /already, with these bytes/);
  assert.ok(same.asked.length > 0 && same.asked.every(({ method }) => method === "GET"));

  const other = await registry(t, () => ({ json: packument("sha512-AAAA") }));
  const refused = await script("publish.mjs", [folder], { env: other.env });
  assert.equal(refused.code, 1);
  assert.match(refused.output, /npm has another a-package@1\.2\.3/);
  assert.ok(other.asked.every(({ method }) => method === "GET"));
});

test("a register that is down publishes nothing", async (t) => {
  const { folder } = await releaseFolder(t);
  const { asked, env } = await registry(t, () => ({ status: 500, json: { error: "down" } }));
  const { code, output } = await script("publish.mjs", [folder], { env });
  assert.equal(code, 1);
  assert.match(output, /could not be asked/);
  assert.ok(asked.every(({ method }) => method === "GET"));
});

test("a tarball that is not the one that was built is not published", async (t) => {
  const { folder, name } = await releaseFolder(t);
  put(folder, { SHA256SUMS: `${"0".repeat(64)}  ${name}\n` });
  const { asked, env } = await registry(t, () => undefined);
  const { code, output } = await script("publish.mjs", [folder], { env });
  assert.equal(code, 1);
  assert.match(output, /not what SHA256SUMS says/);
  assert.equal(asked.length, 0);
});

const lockOf = (name, version) => JSON.stringify({
  name: "x", lockfileVersion: 3, packages: {
    "": { name: "x", devDependencies: { [name]: version } },
    [`node_modules/${name}`]: { version, resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`, integrity: "sha512-AAAA", dev: true },
  },
});
const project = (name, version) => ({ "package.json": JSON.stringify({ name: "x", devDependencies: { [name]: version } }), "package-lock.json": lockOf(name, version) });

/** A repository with two lock files, and a register that knows one weakness. */
async function audited(t, severity, answer) {
  const within = (folder, files) => Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
  const root = folderOf(t, { ...project("builder", "1.0.0"), ...within("bench", project("measured", "2.0.0")) });
  await program("git", ["init", "-q"], { cwd: root });
  const { env, asked } = await registry(t, (method, path, body) => {
    if (answer) return answer;
    if (!path.includes("advisories/bulk")) return undefined;
    const found = {};
    const weakness = (name) => [{ id: 1, url: "https://advisory.example/1", title: `a weakness of ${name}`, severity, vulnerable_versions: "<3.0.0", cwe: [], cvss: { score: 0 } }];
    // npm sends the question compressed.
    const asks = body[0] === 0x1f ? gunzipSync(body) : body;
    for (const name of ["builder", "measured"]) if (asks.includes(name)) found[name] = weakness(name);
    return { json: found };
  });
  return { ...(await script("audit.mjs", ["npm", `--root=${root}`], { env })), asked };
}

test("a grave weakness of what builds the package fails the audit; of what is only measured it is told", async (t) => {
  const { code, output, asked } = await audited(t, "high");
  assert.ok(asked.length >= 2);
  assert.equal(code, 1, output);
  assert.match(output, /audit: npm: bench: .*1 high/);
  assert.match(output, /^ +measured: high: a weakness of measured \(<3\.0\.0\), https:\/\/advisory\.example\/1$/m);
  assert.match(output, /FAILED: npm:\n {2}builder: high: a weakness of builder/);
  assert.doesNotMatch(output.slice(output.indexOf("FAILED")), /measured/);
});

test("a small weakness is counted and passes", async (t) => {
  const { code, output } = await audited(t, "moderate");
  assert.equal(code, 0, output);
  assert.match(output, /audit: npm: \.: .*1 moderate/);
});

test("a register that does not answer is a failure", async (t) => {
  const { code, output } = await audited(t, "low", { status: 405, json: { error: "no" } });
  assert.equal(code, 1);
  assert.match(output, /could not ask/);
});
