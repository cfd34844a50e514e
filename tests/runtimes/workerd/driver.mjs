// Cloudflare's workerd, by itself and in miniflare: the oldest compatibility date in wide use and the newest there is.
import { createRequire } from "node:module";
import { readFileSync as readBytes, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { closedPort } from "../../support/server.mjs";
import { packageModules, writeConfig } from "./config.mjs";
import { stormCases } from "./storm-run.mjs";

export const OLD = "2024-01-01";

const readText = (file) => readBytes(file, "utf8");

/** The command and its version; the newest date is the one in its version. */
async function workerd(t) {
  const require = createRequire(pathToFileURL(join(await t.tools("tests/runtimes/workerd"), "x.js")));
  const { version, default: command } = require("workerd");
  const date = version.replace(/^1\.(\d{4})(\d\d)(\d\d)\..*/, "$1-$2-$3");
  return { command, version, newest: date };
}

/** Serves a folder's modules; the newest date unless there is one. */
export async function startWorkerd(t, folder, main, date) {
  const { command, version, newest } = await workerd(t);
  const port = await closedPort();
  writeConfig(folder, main, { date: date ?? newest, port });
  const server = await t.serve(command, ["serve", "--verbose", "config.capnp", "--control-fd=1"], { cwd: folder, ready: /"event":"listen"/, what: "workerd" });
  t.after(server.stop);
  return { url: `http://127.0.0.1:${port}`, version: `${version}, ${date ?? newest}`, server };
}

/** Has a running Worker run the suite. */
export async function ask(t, url, more = {}) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify({ urls: t.urls, ...more }), signal: AbortSignal.timeout(240_000) });
  const text = await response.text();
  if (!response.ok || !text.startsWith("[")) throw new t.Failure(`the Worker answered ${response.status}: ${text.slice(0, 2000)}`);
  return JSON.parse(text);
}

const copy = ["tests/runtimes/workerd", "tests/runtimes/support"];

/** Of what was copied, only what a Worker is made of. */
export const make = (t, files = {}) => t.workspace({ "urls.mjs": `export default ${JSON.stringify(t.urls)};\n`, ...files }, { copy, drop: /(config|storm-run|hostile|services|report)\.mjs$/ });

const conformance = (id, title, date) => ({
  id: `workerd-${id}`,
  title,
  quick: true,
  async run(t) {
    const { url, version } = await startWorkerd(t, make(t), "worker.mjs", date);
    return { version, results: await ask(t, url) };
  },
});

const weather = (id, title, date) => ({
  id: `workerd-storm-${id}`,
  title,
  quick: id === "new",
  // Long enough for visitors to leave in the middle of a call.
  services: { latency: 12 },
  async run(t) {
    const { url, version } = await startWorkerd(t, make(t), "storm.mjs", date);
    const { emulator } = t.services;
    return {
      version,
      results: [...(await stormCases(url, emulator, { count: 1000, which: "global" })), ...(await stormCases(url, emulator, { count: 300, which: "each" }))],
    };
  },
});

const miniflare = {
  id: "workerd-miniflare",
  title: "Cloudflare Workers in miniflare, newest date",
  async run(t) {
    const modules = await t.tools("tests/runtimes/workerd");
    const folder = make(t);
    const require = createRequire(pathToFileURL(join(modules, "x.js")));
    const { Miniflare, supportedCompatibilityDate } = await import(pathToFileURL(require.resolve("miniflare")));
    const contents = (name) => ({ type: "ESModule", path: join(folder, name) });
    const own = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".mjs") && !/node_modules|worker\.mjs/.test(name));
    const date = supportedCompatibilityDate;
    const mf = new Miniflare({
      host: "127.0.0.1", port: 0, compatibilityDate: date, modulesRoot: folder, cf: false,
      modules: [
        contents("worker.mjs"), ...own.map(contents),
        ...packageModules(join(folder, "node_modules/claiv-memory/dist")).map(({ name, kind, file, text }) => ({
          type: kind === "wasm" ? "CompiledWasm" : "ESModule", path: join(folder, name), contents: text ?? (kind === "wasm" ? readBytes(file) : readText(file)),
        })),
      ],
    });
    t.after(() => mf.dispose());
    const url = await mf.ready;
    return { version: `${require("miniflare/package.json").version}, ${date}`, results: await ask(t, url) };
  },
};

export const rows = [
  conformance("old", `Cloudflare workerd, ${OLD}`, OLD),
  conformance("new", "Cloudflare workerd, newest date"),
  miniflare,
  weather("old", `workerd under 1,000 requests, ${OLD}`, OLD),
  weather("new", "workerd under 1,000 requests, newest date"),
];
