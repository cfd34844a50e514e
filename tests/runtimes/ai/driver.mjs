// claiv-memory/ai with both majors of the AI SDK: unbundled in Node, Deno and Bun, bundled as users do it for Workers and Vercel's edge runtime.
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { at } from "../../../scripts/lib/project.mjs";
import { bun } from "../bun/driver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { startWorkerd } from "../workerd/driver.mjs";

const FILES = {
  "main.mjs": 'import { chat } from "./chat.src.js";\nconsole.log("@conformance " + JSON.stringify(await chat()));\nprocess.exit(0);\n',
  "worker.src.js": 'import { chat } from "./chat.src.js";\nexport default { fetch: async () => Response.json(await chat()) };\n',
  "edge.src.js": 'import { chat } from "./chat.src.js";\naddEventListener("fetch", (event) => event.respondWith(chat().then((results) => Response.json(results))));\n',
  "deno.json": { nodeModulesDir: "manual" },
};

/** A user's folder with the package and both majors. */
export async function workspace(t, files = FILES) {
  const modules = await t.tools("tests/ai");
  const folder = t.workspace({ "chat.src.js": readFileSync(at("tests/runtimes/ai/chat.mjs"), "utf8"), ...files });
  for (const name of readdirSync(modules).filter((one) => !one.startsWith("."))) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(modules, name), place);
  }
  return folder;
}

export const versionOf = async (t) => {
  const modules = await t.tools("tests/ai");
  return [6, 7].map((major) => JSON.parse(readFileSync(join(modules, `ai-${major}/package.json`), "utf8")).version).join(", ");
};

const bundle = (folder, from, to, options) =>
  build({ entryPoints: [join(folder, from)], outfile: join(folder, to), bundle: true, target: "es2022", logLevel: "silent", preserveSymlinks: false, ...options });

/** What `startWorkerd` serves as modules of their own. */
const OWN = { name: "own", setup: ({ onResolve }) => onResolve({ filter: /^claiv-memory(\/emulator)?$/ }, ({ path }) => ({ path, external: true })) };

const answered = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  const text = await response.text();
  if (!text.startsWith("[")) throw new Error(`it answered ${response.status}: ${text.slice(0, 2000)}`);
  return JSON.parse(text);
};

const node = (major) => async (t, folder) => t.printed(await t.capture(await t.node(major), ["main.mjs"], { cwd: folder, timeout: 120_000 }));

const RUNTIMES = {
  "node-22": ["Node 22", node(22)],
  "node-26": ["Node 26", node(26)],
  "deno": ["Deno", async (t, folder) => t.printed(await t.capture(await deno(t), ["run", "--no-prompt", "--no-remote", "--allow-env", "--allow-sys=hostname", "main.mjs"], { cwd: folder, env: environment(folder), timeout: 120_000 }))],
  "bun": ["Bun", async (t, folder) => t.printed(await t.capture(await bun(t), ["main.mjs"], { cwd: folder, timeout: 120_000 }))],
  "workerd": ["Cloudflare workerd", async (t, folder) => {
    await bundle(folder, "worker.src.js", "worker.mjs", { format: "esm", conditions: ["workerd", "worker", "browser"], plugins: [OWN] });
    return answered((await startWorkerd(t, folder, "worker.mjs")).url);
  }],
  "edge": ["Vercel's edge-runtime", async (t, folder) => {
    const modules = [];
    await bundle(folder, "edge.src.js", "edge.js", { format: "iife", conditions: ["edge-light"], plugins: [{
      name: "modules-of-the-platform",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /\.wasm\?module$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace("?module", "")), namespace: "module" }));
        onLoad({ filter: /./, namespace: "module" }, ({ path }) => ({ contents: `export default wasm_${modules.push(path) - 1};` }));
      },
    }] });
    const script = join(await t.tools("tests/runtimes/edge"), "../serve.mjs");
    cpSync(at("tests/runtimes/edge/serve.mjs"), script);
    const server = await t.serve(await t.node(22), [script, join(folder, "edge.js"), ...modules], { cwd: folder, ready: /listening on (\S+)/, what: "edge-runtime" });
    t.after(server.stop);
    return answered(server.match[1]);
  }],
};

export const rows = Object.entries(RUNTIMES).map(([id, [title, run]]) => ({
  id: `ai-${id}`,
  title: `claiv-memory/ai in ${title}`,
  quick: id !== "node-26",
  async run(t) {
    const folder = await workspace(t);
    return { version: `ai ${await versionOf(t)}`, results: await run(t, folder) };
  },
}));
