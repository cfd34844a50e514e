// What the package weighs, and how that compares with docs/size.json: the figures committed last, and the budgets.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ADAPTERS, ENTRIES, OVER_CLIENT, SCRIPT } from "./entries.mjs";
import { Failure, at, tools } from "./project.mjs";
import { capture } from "./run.mjs";

const FILE = "docs/size.json";
export const WRITE = "node scripts/size.mjs --write";
/** How much an entry may grow by brotli before its new figure must be committed: a share of it, and some bytes. */
const SHARE = 0.01;
const BYTES = 100;

const UNITS = ["raw", "gzip", "brotli"];
export const number = (value) => value.toLocaleString("en");
export const change = (value) => (value === 0 ? "±0" : `${value > 0 ? "+" : "−"}${number(Math.abs(value))}`);

const weigh = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
});

const sum = (a, b) => Object.fromEntries(UNITS.map((unit) => [unit, a[unit] + b[unit]]));

/** A file as an application's bundler would ship it, without the packages that it imports. */
async function minified(path) {
  const { outputFiles } = await build({
    entryPoints: [path], bundle: true, minify: true, write: false, format: "esm", target: "es2020",
    external: ["*.wasm", "*.wasm?module", "./index.js"], packages: "external", legalComments: "none",
  });
  return outputFiles[0].contents;
}

/** What is loaded of an entry: { name: { raw, gzip, brotli } }. A Worker has its module and its glue as two files. */
async function weighEntry({ entry, file, wasm }) {
  const dist = (name) => at("pkg/dist", name);
  const module = weigh(readFileSync(dist(wasm)));
  const glue = weigh(await minified(dist(`${file}.workerd.js`)));
  return {
    [`${file}.js`]: weigh(readFileSync(dist(`${file}.js`))),
    [`${file}.js, minified`]: weigh(await minified(dist(`${file}.js`))),
    [wasm]: module,
    [`${file}.workerd.js, minified`]: glue,
    [`${file}.workerd.js, minified, and ${wasm}`]: sum(module, glue),
    ...(SCRIPT.entry === entry && { [SCRIPT.file + SCRIPT.suffix]: weigh(readFileSync(dist(SCRIPT.file + SCRIPT.suffix))) }),
  };
}

/** What an entry over the client's adds to it. */
async function weighOver({ file }) {
  const path = at("pkg/dist", `${file}.js`);
  return { [`${file}.js`]: weigh(readFileSync(path)), [`${file}.js, minified`]: weigh(await minified(path)) };
}

const weighAdapter = async ({ name }) => ({ [`${name}.js, minified`]: weigh(await minified(at("pkg/dist", `${name}.js`))) });

/** The compiler that made pkg/. Another one makes other bytes of the same source. */
async function compiler() {
  const text = await capture(tools().CLAIV_WASM_RUSTC, ["--version"]);
  return /^rustc \S+/m.exec(text)[0];
}

/**
 * Weighs pkg/. Every figure has `was`, what is committed (absent for a new one), and `guarded`, which is
 * false for the files of `debug`: their size does not matter.
 */
export async function measure() {
  if (!existsSync(at("pkg/dist"))) throw new Failure("there is no pkg/: run make build");
  const { compiler: then, budgets, figures: committed } = JSON.parse(readFileSync(at(FILE), "utf8"));
  const figures = [];
  for (const one of ENTRIES) {
    for (const [name, now] of Object.entries(await weighEntry(one))) {
      figures.push({ entry: one.entry, name, now, was: committed[name], guarded: !one.development });
    }
  }
  for (const [name, now] of Object.entries(await weighOver(OVER_CLIENT))) {
    figures.push({ entry: OVER_CLIENT.entry, name, now, was: committed[name], guarded: true });
  }
  for (const one of ADAPTERS) {
    for (const [name, now] of Object.entries(await weighAdapter(one))) {
      if (!budgets[name]) throw new Failure(`${FILE} has no budget for ${name}: every adapter has one`);
      figures.push({ entry: one.name, name, now, was: committed[name], guarded: true });
    }
  }
  const gone = Object.keys(committed).filter((name) => !figures.some((figure) => figure.name === name));
  return { compiler: { then, now: await compiler() }, figures, gone, budgets };
}

/** The figures that fail: { name, problem }, or { name, unknown } where they cannot be judged. */
export function growth({ compiler: { then, now: current }, figures, gone }) {
  const unknown = then === current ? undefined : `the figures are of ${then}, and this is ${current}`;
  return [
    ...figures.filter(({ guarded }) => guarded).map(({ name, now, was }) => {
      const title = `${name}: ${number(now.brotli)} bytes by brotli${was ? ` (${change(now.brotli - was.brotli)})` : ""}`;
      if (!was) return { name: title, problem: `${FILE} has no figure of it: ${WRITE}` };
      if (unknown) return { name: title, unknown };
      const allowed = Math.floor(was.brotli * SHARE) + BYTES;
      if (now.brotli - was.brotli <= allowed) return { name: title };
      return { name: title, problem: `it grew by more than ${number(allowed)} bytes. Where that is meant: ${WRITE}, and commit ${FILE}` };
    }),
    ...gone.map((name) => ({ name, problem: `${FILE} has a figure of it, but the package has no such file: ${WRITE}` })),
  ];
}

/** Each budget with its `size`, by brotli, and the `state` of it: met, accepted or over. */
export function budgets({ budgets: all, figures }) {
  return Object.entries(all).map(([name, { what, goal, accepted }]) => {
    const size = figures.find((figure) => figure.name === name)?.now.brotli;
    if (size === undefined) throw new Failure(`${FILE} has a budget for ${name}, which is not in the package`);
    const state = size <= goal ? "met" : size <= accepted ? "accepted" : "over";
    const text = `${what} (${name}): ${number(size)} bytes by brotli, goal ${number(goal)}, accepted ${number(accepted)}`;
    return { state, text };
  });
}

/** Writes the measured figures to docs/size.json; the budgets stay as they are. */
export function writeFigures({ compiler: { now }, figures, budgets: kept }) {
  const lines = (object) => Object.entries(object).map(([key, value]) => `    ${JSON.stringify(key)}: ${line(value)}`).join(",\n");
  const line = (value) => `{ ${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${JSON.stringify(one)}`).join(", ")} }`;
  const own = Object.fromEntries(figures.map((figure) => [figure.name, figure.now]));
  writeFileSync(at(FILE), `{
  "compiler": ${JSON.stringify(now)},
  "budgets": {\n${lines(kept)}\n  },
  "figures": {\n${lines(own)}\n  }
}
`);
  return FILE;
}
