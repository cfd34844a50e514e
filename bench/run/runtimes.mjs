// The runtimes in which is measured. Each gives, once it has started:
//   version              compare(options)   the slices of one client beside the hand-written one, from a fresh process, isolate or page
//   cold(name, clock)    the milliseconds from nothing to a client's first answer
//   flat(options)        a long run, where memory can be seen
import { performance } from "node:perf_hooks";
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bun } from "../../tests/runtimes/bun/driver.mjs";
import { chromium } from "../../tests/runtimes/browsers/webdriver.mjs";
import { site } from "../../tests/runtimes/browsers/site.mjs";
import { deno, environment } from "../../tests/runtimes/deno/driver.mjs";
import { closedPort } from "../../tests/support/server.mjs";
import { bundleProgram } from "./bundles.mjs";

/** The line of a program's output that has its figures. */
function printed(t, output) {
  const line = output.split("\n").find((one) => one.startsWith("@bench "));
  if (!line) throw new t.Failure(`it printed no figures:\n${output.slice(-2000)}`);
  return JSON.parse(line.slice("@bench ".length));
}

/** A runtime that runs a program from a file. */
async function programs(t, { command, args = [], gc = [], env = {}, version }) {
  const run = (file, extra, ...more) => t.capture(command, [...args, ...extra, t.file("programs", file), ...more], { cwd: t.folder, env, timeout: 600_000 });
  return {
    version,
    compare: async (options) => printed(t, await run("compare.mjs", [], JSON.stringify(options))),
    flat: async (options) => printed(t, await run("flat.mjs", gc, JSON.stringify(options))),
    async cold(name, clock) {
      if (clock === "cpu") return printed(t, await run("cold.mjs", [], name, clock));
      const began = performance.now();
      await run("cold.mjs", [], name);
      return performance.now() - began;
    },
  };
}

const http = true;

const [MAJOR] = process.versions.node.split(".");
const OTHER_MAJOR = MAJOR === "24" ? "22" : "24";

/** The Node that runs the benchmark. */
const node = {
  id: "node", title: `Node ${MAJOR}`, http,
  start: (t) => programs(t, { command: process.execPath, gc: ["--expose-gc"], version: process.version.slice(1) }),
};

/** One more, because openai and ky ask for 22 or later and this package runs on older ones, too. */
const otherNode = {
  id: `node${OTHER_MAJOR}`, title: `Node ${OTHER_MAJOR}`,
  async start(t) {
    if (process.platform !== "linux" || process.arch !== "x64") throw new t.NotRun("the npm package of this Node is for Linux on x86-64");
    const command = await t.node(OTHER_MAJOR);
    return programs(t, { command, gc: ["--expose-gc"], version: (await t.capture(command, ["--version"])).slice(1) });
  },
};

const denos = {
  id: "deno", title: "Deno", http,
  async start(t) {
    const command = await deno(t);
    const [version] = (await t.capture(command, ["--version"])).split("\n");
    writeFileSync(t.file("deno.json"), JSON.stringify({ nodeModulesDir: "manual" }));
    return programs(t, { command, args: ["run", "--allow-all", "--no-prompt"], gc: ["--v8-flags=--expose-gc"], env: environment(t.folder), version: version.split(" ")[1] });
  },
};

const buns = {
  id: "bun", title: "Bun", http,
  async start(t) {
    const command = await bun(t);
    return programs(t, { command, version: await t.capture(command, ["--version"]) });
  },
};

const workerd = {
  id: "workerd", title: "workerd",
  async start(t) {
    const require = createRequire(pathToFileURL(join(await t.tools("tests/runtimes/workerd"), "x.js")));
    const { version, default: command } = require("workerd");
    const date = version.replace(/^1\.(\d{4})(\d\d)(\d\d)\..*/, "$1-$2-$3");
    const ready = new Map();
    /** Makes the folder of a client's Worker, once. */
    const make = (name) => {
      if (!ready.has(name)) ready.set(name, lay(name));
      return ready.get(name);
    };
    async function lay(name) {
      const folder = t.file("workerd", name);
      mkdirSync(folder, { recursive: true });
      await bundleProgram(t, "worker", name, { target: "workerd", to: join(folder, "worker.mjs") });
      const port = await closedPort();
      const modules = [`(name = "worker.mjs", esModule = embed "worker.mjs")`];
      if (name === "claiv-memory") modules.push(`(name = "claiv_memory.wasm", wasm = embed "../../node_modules/claiv-memory/dist/claiv_memory.wasm")`);
      writeFileSync(join(folder, "config.capnp"), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (compatibilityDate = "${date}", modules = [${modules.join(", ")}]);
`);
      return { folder, url: `http://127.0.0.1:${port}` };
    }
    /** Has a new isolate answer one request. */
    async function ask(name, init) {
      const { folder, url } = await make(name);
      const began = performance.now();
      const server = await t.serve(command, ["serve", "config.capnp", "--control-fd=1"], { cwd: folder, ready: /"event":"listen"/, what: "workerd" });
      try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(600_000) });
        const text = await response.text();
        if (!response.ok) throw new t.Failure(`the Worker answered ${response.status}: ${[text, ...server.lines].join("\n").slice(0, 500)}`);
        return { value: JSON.parse(text), ms: performance.now() - began };
      } finally {
        await server.stop();
      }
    }
    return {
      version: `${version}, ${date}`,
      compare: async (options) => (await ask(options.name, { method: "POST", body: JSON.stringify(options) })).value,
      cold: async (name) => (await ask(name)).ms,
    };
  },
};

const chromiums = {
  id: "chromium", title: "Chromium",
  async start(t) {
    const browser = await chromium(t);
    const folder = t.file("site");
    const { url } = await site(t, folder, { policy: false, timeout: 2 ** 31 - 1 });
    const made = new Set();
    /** Opens a program's page for a client. It is ready once it has made `global`; WebDriver was seen not to wait for a page's modules. */
    async function open(program, name, global) {
      const file = `${program}-${name}`;
      if (!made.has(file)) {
        await bundleProgram(t, program, name, { target: "browser", to: join(folder, `${file}.js`) });
        writeFileSync(join(folder, `${file}.html`), `<!doctype html><meta charset="utf-8"><title>${file}</title><script type="module" src="${file}.js"></script>\n`);
        made.add(file);
      }
      await browser.open(`${url}/${file}.html`);
      for (let tries = 0; tries < 100 && await browser.evaluate(`typeof ${global} === "undefined"`); tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
      version: browser.version.replace(/^Chromium /, ""),
      async compare({ name, plans }) {
        await open("page", name, "compare");
        const taken = {};
        // One kind at a time: a script that WebDriver runs may take half a minute.
        for (const [kind, plan] of Object.entries(plans)) Object.assign(taken, await browser.evaluate(`compare(${JSON.stringify({ name, plans: { [kind]: plan } })})`));
        return taken;
      },
      async cold(name) {
        await open("first", name, "done");
        return browser.evaluate("done");
      },
    };
  },
};

export const RUNTIMES = [node, otherNode, denos, buns, workerd, chromiums];
