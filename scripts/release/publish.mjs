#!/usr/bin/env node
// Publishes the tarball of a folder that reproducible.mjs filled. Run again, it publishes nothing twice: a version that npm has
// already must have the same bytes.
//   node scripts/release/publish.mjs folder [--provenance]     --provenance works only in a CI with an identity to sign with
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main } from "../lib/project.mjs";
import { capture, run, start } from "../lib/run.mjs";

const hash = (algorithm, bytes, encoding) => createHash(algorithm).update(bytes).digest(encoding);

/** The only tarball of the folder, which must be the one that SHA256SUMS names. */
function tarballOf(folder) {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tgz")) : [];
  if (names.length !== 1) throw new Failure(`${folder} has ${names.length} tarballs, not one`);
  const bytes = readFileSync(join(folder, names[0]));
  const sums = readFileSync(join(folder, "SHA256SUMS"), "utf8");
  if (sums !== `${hash("sha256", bytes, "hex")}  ${names[0]}\n`) throw new Failure(`${names[0]} is not what SHA256SUMS says`);
  return { file: resolve(folder, names[0]), integrity: `sha512-${hash("sha512", bytes, "base64")}` };
}

/** The integrity of a version on npm; undefined where npm does not have it. Any other failure to ask stops the release. */
async function published(name, version) {
  const lines = [];
  const code = await start("npm", ["view", `${name}@${version}`, "dist.integrity", "--json"], { onLine: (line) => lines.push(line) });
  const text = lines.join("\n");
  if (code !== 0) {
    if (/E404/.test(text)) return undefined;
    throw new Failure(`npm could not be asked about ${name}@${version}:\n${text}`);
  }
  // Where npm knows the package, but not this version, it prints nothing.
  return /"(sha512-[^"]+)"/.exec(text)?.[1];
}

await main(async () => {
  const { values, positionals: [folder] } = parseArgs({ options: { provenance: { type: "boolean" } }, allowPositionals: true });
  if (!folder) throw new Failure("name the folder with the tarball");
  const { file, integrity } = tarballOf(folder);
  const { name, version } = JSON.parse(await capture("tar", ["-xzOf", file, "package/package.json"]));
  const there = await published(name, version);
  if (there === integrity) {
    console.log(`publish: npm has ${name}@${version} already, with these bytes`);
    return;
  }
  if (there) throw new Failure(`npm has another ${name}@${version}: ${there}, and this is ${integrity}`);
  await run("npm", ["publish", file, "--access", "public", "--ignore-scripts", ...(values.provenance ? ["--provenance"] : [])], { what: "npm publish" });
  console.log(`publish: ${name}@${version} is published`);
});
