// The adapters' entries, imported in every runtime with their peers: unbundled in Node, Deno and Bun, and bundled as users do it for
// Workers, Vercel's edge runtime and browsers.
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { ADAPTERS } from "../../../scripts/lib/entries.mjs";
import { at } from "../../../scripts/lib/project.mjs";
import { site, visit } from "../browsers/site.mjs";
import { chromium } from "../browsers/webdriver.mjs";
import { bun } from "../bun/driver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { startWorkerd } from "../workerd/driver.mjs";

const MARK = "@adapters ";
const NAMES = ADAPTERS.map(({ name }) => name);

/** `{ otel: [names of its exports], … }` of all adapters, as an expression after these imports. */
const IMPORTS = NAMES.map((name) => `import * as ${name} from "claiv-memory/${name}";\n`).join("");
const REQUIRES = NAMES.map((name) => `const ${name} = require("claiv-memory/${name}");\n`).join("");
const FOUND = `Object.fromEntries(Object.entries({ ${NAMES.join(", ")} }).map(([name, module]) => [name, Object.keys(module)]))`;
const PRINT = `console.log("${MARK}" + JSON.stringify(${FOUND}));\n`;

const FILES = {
  "main.mjs": IMPORTS + PRINT,
  "main.cjs": REQUIRES + PRINT,
  "worker.src.js": `${IMPORTS}export default { fetch: () => Response.json(${FOUND}) };\n`,
  "edge.src.js": `${IMPORTS}addEventListener("fetch", (event) => event.respondWith(Response.json(${FOUND})));\n`,
  "page.src.js": `${IMPORTS}await fetch("/report", { method: "POST", body: JSON.stringify({ results: ${FOUND} }) });\n`,
  "page.html": '<!doctype html>\n<meta charset="utf-8">\n<title>Adapters</title>\n<script type="module" src="page.js"></script>\n',
  "deno.json": { nodeModulesDir: "manual" },
};

/** A user's folder with the package and the adapters' peers, at the versions that the project develops with. */
function workspace(t) {
  const folder = t.workspace(FILES);
  for (const peer of new Set(ADAPTERS.flatMap(({ peers = {} }) => Object.keys(peers)))) {
    const place = join(folder, "node_modules", peer);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(at("node_modules", peer), place);
  }
  return folder;
}

const bundle = (folder, from, to, options) => build({ entryPoints: [join(folder, from)], outfile: join(folder, to), bundle: true, target: "es2022", logLevel: "silent", ...options });

async function printed(t, command, args, folder, env) {
  const output = await t.capture(command, args, { cwd: folder, env });
  const line = output.split("\n").find((one) => one.startsWith(MARK));
  if (!line) throw new t.Failure(`it printed no names:\n${output}`);
  return JSON.parse(line.slice(MARK.length));
}

const answered = async (url) => (await fetch(url, { signal: AbortSignal.timeout(30_000) })).json();

/** Each gives the names of each adapter's exports. */
const RUNTIMES = {
  "Node 18, ESM": async (t, folder) => printed(t, await t.node(18), ["main.mjs"], folder),
  "Node 18, CJS": async (t, folder) => printed(t, await t.node(18), ["main.cjs"], folder),
  "Deno": async (t, folder) => printed(t, await deno(t), ["run", "--no-prompt", "--no-remote", "main.mjs"], folder, environment(folder)),
  "Bun, ESM": async (t, folder) => printed(t, await bun(t), ["main.mjs"], folder),
  "Bun, CJS": async (t, folder) => printed(t, await bun(t), ["main.cjs"], folder),
  async "Cloudflare workerd"(t, folder) {
    await bundle(folder, "worker.src.js", "worker.mjs", { format: "esm", conditions: ["workerd", "worker"] });
    return answered((await startWorkerd(t, folder, "worker.mjs")).url);
  },
  async "Vercel's edge-runtime"(t, folder) {
    await bundle(folder, "edge.src.js", "edge.js", { format: "iife", conditions: ["edge-light"] });
    const script = join(await t.tools("tests/runtimes/edge"), "../serve.mjs");
    cpSync(at("tests/runtimes/edge/serve.mjs"), script);
    const server = await t.serve(await t.node(20), [script, join(folder, "edge.js")], { cwd: folder, ready: /listening on (\S+)/, what: "edge-runtime" });
    t.after(server.stop);
    return answered(server.match[1]);
  },
  async "Chromium"(t, folder) {
    const browser = await chromium(t);
    await bundle(folder, "page.src.js", "page.js", { format: "esm" });
    return visit(t, browser, await site(t, folder), "page.html");
  },
};

/** What the ES module of an adapter exports, as its text says. */
async function exportsOf(folder, name) {
  const { metafile } = await build({ entryPoints: [join(folder, "node_modules/claiv-memory/dist", `${name}.js`)], bundle: true, format: "esm", packages: "external", write: false, metafile: true, outfile: "out.js" });
  return Object.values(metafile.outputs)[0].exports.sort().join();
}

const real = (names) => names.filter((name) => !["default", "module.exports", "__esModule"].includes(name)).sort().join();

async function row(t) {
  if (ADAPTERS.length === 0) throw new t.Failure("there are no adapters");
  const folder = workspace(t);
  const expected = Object.fromEntries(await Promise.all(NAMES.map(async (name) => [name, await exportsOf(folder, name)])));
  const results = [];
  for (const [runtime, load] of Object.entries(RUNTIMES)) {
    const began = Date.now();
    let found;
    let outcome = {};
    try {
      found = await load(t, folder);
    } catch (error) {
      outcome = error instanceof t.NotRun ? { outcome: "not-run", reason: error.message } : { outcome: "failed", message: error.stack };
    }
    for (const name of NAMES) {
      const right = found && real(found[name] ?? []) === expected[name];
      const compared = found && (right ? { outcome: "passed" } : { outcome: "failed", message: `it exports ${found[name]}, not ${expected[name]}` });
      results.push({ group: "adapters", name: `claiv-memory/${name} in ${runtime}`, ...(compared ?? outcome), ms: Date.now() - began });
    }
  }
  return { version: "as in the rows above", results };
}

export const rows = [{ id: "adapters", title: "The adapters' entries, imported in every runtime", quick: true, run: row }];
