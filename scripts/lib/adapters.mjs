// The adapters of pkg-template/adapters/: compiled to one ES module, one CommonJS file and one declaration file for each of the two.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { Failure, at, root } from "./project.mjs";

const FOLDER = "pkg-template/adapters";
const CLIENT = "claiv-memory";

const isOwn = (specifier) => specifier === CLIENT || specifier.startsWith(`${CLIENT}/`);
/** Whether `specifier` is one of these packages, or a file of one. */
const isOneOf = (specifier, packages) => packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));

/** Bundles one file and gives its text. Throws where it imports what `allowed` does not. */
async function bundle({ source, format, banner, allowed, what, more = { packages: "external" } }) {
  const { outputFiles: [{ text }], metafile } = await build({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    write: false,
    metafile: true,
    format,
    // "node" makes esbuild list the exports where Node's require-to-import bridge looks for them.
    platform: format === "cjs" ? "node" : "neutral",
    target: "es2022",
    ...more,
    ...(banner && { banner: { js: banner } }),
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    tsconfig: at(FOLDER, "tsconfig.json"),
    outfile: "adapter.js",
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports).filter(({ external }) => external).map(({ path }) => path);
  const odd = imported.find((specifier) => !allowed(specifier));
  if (odd) throw new Failure(`${what} imports ${odd} when it runs: an adapter imports its peers (scripts/lib/entries.mjs), and types of the client`);
  return { text, inputs: Object.keys(metafile.inputs) };
}

/** A hash of everything that the declarations of an adapter depend on. */
function fingerprint(source, dist) {
  const hash = createHash("sha256");
  const own = readdirSync(dirname(source), { recursive: true }).filter((name) => name.endsWith(".ts")).sort().map((name) => join(dirname(source), name));
  for (const file of [...own, join(dist, "index.d.ts"), at(FOLDER, "tsconfig.json"), at("package-lock.json"), at("scripts/lib/adapters.mjs")]) {
    hash.update(`${basename(file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** The declarations as they were made last, or anew where anything changed: the compiler takes longer than most tests. */
async function declarations(name, source, dist) {
  const kept = at(".build/adapters", `${name}.json`);
  const from = fingerprint(source, dist);
  const last = existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : undefined;
  if (last?.from === from) return last.texts;
  const texts = await compileDeclarations(source, dist);
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify({ from, texts }));
  return texts;
}

/** Bundles the declarations: each package's stay an import, and the client's are those of the same format's entry. */
async function compileDeclarations(source, dist) {
  const [{ rollup }, { dts }] = await Promise.all([import("rollup"), import("rollup-plugin-dts")]);
  const problems = [];
  const made = await rollup({
    input: source,
    external: (specifier) => !/^[./]/.test(specifier),
    plugins: [dts({ tsconfig: at(FOLDER, "tsconfig.json"), compilerOptions: { paths: pathsIn(dist) } })],
    onwarn: ({ message }) => problems.push(message),
  });
  const text = async (suffix) => {
    const { output: [{ code }] } = await made.generate({ format: "es", paths: { [CLIENT]: `./index.${suffix}` } });
    return code;
  };
  const both = { ".d.ts": await text("js"), ".d.cts": await text("cjs") };
  await made.close();
  const outside = made.watchFiles.find((file) => !file.startsWith(dirname(source)));
  if (outside) throw new Failure(`${source} imports ${outside}: the modules of an adapter stand in its folder`);
  if (problems.length > 0) throw new Failure(`the declarations of ${source}:\n${problems.join("\n")}`);
  return both;
}

/** Where the compiler finds the client's types in a package that is being made; the tsconfig names those of pkg/. */
const pathsIn = (dist) => ({ [CLIENT]: [join(dist, "index.d.ts")], [`${CLIENT}/*`]: [`${at(FOLDER)}/*/index.ts`] });

/** Writes the files of an adapter into `folder`, which has the client's already: to dist/, and to bin/ its command. */
export async function buildAdapter({ name, peers = {}, bin, node }, folder) {
  const dist = join(folder, "dist");
  if (!existsSync(join(dist, "index.d.ts"))) throw new Failure(`${name} needs the client's declarations: build the entry client first`);
  const source = at(FOLDER, name, "index.ts");
  if (!existsSync(source)) throw new Failure(`scripts/lib/entries.mjs has an adapter ${name}, but there is no ${FOLDER}/${name}/index.ts`);
  const allowed = (specifier) => isOneOf(specifier, Object.keys(peers));
  const what = `${FOLDER}/${name}`;
  const [esm, cjs, types] = await Promise.all([
    // For Deno, where the file itself is imported: by an import map, or from a CDN.
    bundle({ source, format: "esm", banner: `/* @ts-self-types="./${name}.d.ts" */`, allowed, what }),
    bundle({ source, format: "cjs", allowed, what }),
    declarations(name, source, dist),
  ]);
  const files = { ".js": esm.text, ".cjs": cjs.text, ...types };
  for (const [suffix, text] of Object.entries(files)) writeFileSync(join(dist, name + suffix), text);
  if (node) await buildForNode({ name, allowed }, dist);
  if (bin) await buildCommand({ name, bin }, folder);
  console.log(`build: ${name}: ${name}.js ${Buffer.byteLength(esm.text).toLocaleString("en")} bytes`);
}

/** The form for Node, Deno and Bun, from node.ts, which may import Node's modules. Its declarations are those of index.ts. */
async function buildForNode({ name, allowed }, dist) {
  const source = at(FOLDER, name, "node.ts");
  const options = { source, allowed: (specifier) => isBuiltin(specifier) || allowed(specifier), what: `${FOLDER}/${name}/node.ts` };
  const [esm, cjs] = await Promise.all([
    bundle({ ...options, format: "esm", banner: `/* @ts-self-types="./${name}.d.ts" */` }),
    bundle({ ...options, format: "cjs" }),
  ]);
  writeFileSync(join(dist, `${name}.node.js`), esm.text);
  writeFileSync(join(dist, `${name}.node.cjs`), cjs.text);
}

/** A command is a program of Node: it may import the package itself, and Node's modules. What it needs of other packages is in it, with their licences. */
async function buildCommand({ name, bin }, folder) {
  const allowed = (specifier) => isOwn(specifier) || isBuiltin(specifier);
  const source = at(FOLDER, name, "bin.ts");
  const more = { platform: "node", external: [CLIENT, `${CLIENT}/*`] };
  const { text, inputs } = await bundle({ source, format: "esm", banner: "#!/usr/bin/env node", allowed, what: `${FOLDER}/${name}/${basename(source)}`, more });
  const file = join(folder, "bin", `${bin}.js`);
  writeFileSync(file, `${text}${licencesOf(inputs)}`);
  chmodSync(file, 0o755);
}

/** The licences of the packages among the bundled files, as a comment. */
export function licencesOf(inputs) {
  const packages = new Set(inputs.map((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]).filter(Boolean));
  return [...packages].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(at(path, "package.json"), "utf8"));
    const licence = readdirSync(at(path)).find((file) => /^licen[cs]e/i.test(file));
    if (!licence) throw new Failure(`${name} has no file with its licence`);
    return `/*!\n${name} ${version}, ${license}\n\n${readFileSync(at(path, licence), "utf8").trim().replaceAll("*/", "* /")}\n*/\n`;
  }).join("");
}

/** package.json with what the adapters add: their exports, peers, commands and folders. */
export function withAdapters(manifest, adapters) {
  const formats = (name, file) => ({
    require: { types: `./dist/${name}.d.cts`, default: `./dist/${file}.cjs` },
    default: { types: `./dist/${name}.d.ts`, default: `./dist/${file}.js` },
  });
  // Tools for the first three may set `node` too.
  const forNode = (name) => ({
    ...Object.fromEntries(["workerd", "edge-light", "browser"].map((condition) => [condition, formats(name, name)])),
    node: formats(name, `${name}.node`),
  });
  const exported = ({ name, node }) => [`./${name}`, { ...(node && forNode(name)), ...formats(name, name) }];
  const { "./package.json": self, ...entries } = manifest.exports;
  const peers = Object.assign({}, ...adapters.map(({ peers }) => peers));
  const bins = adapters.filter(({ bin }) => bin).map(({ bin }) => [bin, `bin/${bin}.js`]);
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifest;
  return {
    ...manifest,
    bin: { ...manifest.bin, ...Object.fromEntries(bins) },
    exports: { ...entries, ...Object.fromEntries(adapters.map(exported)), "./package.json": self },
    files: [...manifest.files, ...adapters.map(({ name }) => name)].sort(),
    peerDependencies: { ...peerDependencies, ...peers },
    peerDependenciesMeta: { ...peerDependenciesMeta, ...Object.fromEntries(Object.keys(peers).map((name) => [name, { optional: true }])) },
  };
}
