#!/usr/bin/env node
// What the outbox costs:  node bench/outbox.mjs [--quick]
// An ingest into each store beside a bare one, on a stub of fetch that answers at once, and the events a second that go through. IndexedDB
// runs in Chromium, Deno KV in Deno, where these are installed; what is not there is named.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { at, main } from "../scripts/lib/project.mjs";
import { tools, which } from "../scripts/runtimes/install.mjs";
import { measure } from "./programs/outbox.mjs";

const quick = process.argv.includes("--quick");
const EVENTS = quick ? 300 : 5000;
const dist = (name) => at("pkg/dist", name);
const folder = mkdtempSync(join(tmpdir(), "claiv-bench-outbox-"));

async function inNode() {
  const { ClaivClient } = await import(dist("index.node.js"));
  const { fileStore, ...outbox } = await import(dist("outbox.node.js"));
  return measure({ ClaivClient, ...outbox }, { memory: () => outbox.memoryStore(), "a file": () => fileStore(join(folder, `journal-${Math.random()}`)) }, EVENTS);
}

async function inDeno() {
  const modules = await tools("tests/runtimes/deno");
  const command = ["linux-x64-glibc", "linux-arm64-glibc", "darwin-arm64", "darwin-x64"].map((platform) => join(modules, "@deno", platform, "deno")).find(existsSync);
  if (!command) throw new Error("there is no Deno for this platform");
  const program = join(folder, "deno.mjs");
  writeFileSync(program, `
    import { ClaivClient } from ${JSON.stringify(dist("index.js"))};
    import * as outbox from ${JSON.stringify(dist("outbox.js"))};
    import { measure } from ${JSON.stringify(at("bench/programs/outbox.mjs"))};
    const kv = await Deno.openKv(${JSON.stringify(join(folder, "kv.sqlite"))});
    console.log(JSON.stringify(await measure({ ClaivClient, ...outbox }, { "Deno KV": () => outbox.denoKvStore(kv, { prefix: [String(Math.random())] }) }, ${EVENTS})));
    Deno.exit();
  `);
  const { stdout, stderr, status } = spawnSync(command, ["run", "--no-prompt", "--unstable-kv", "--allow-all", program], { encoding: "utf8", env: { ...process.env, DENO_DIR: join(folder, "deno") } });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function inChromium() {
  const chromium = which("chromium");
  if (!chromium) throw new Error("there is no chromium");
  const { outputFiles: [{ text }] } = await build({
    stdin: { resolveDir: at("bench/programs"), contents: `
      import { ClaivClient } from ${JSON.stringify(dist("index.js"))};
      import * as outbox from ${JSON.stringify(dist("outbox.js"))};
      import { measure } from "./outbox.mjs";
      measure({ ClaivClient, ...outbox }, { IndexedDB: () => outbox.indexedDBStore({ name: String(Math.random()) }) }, ${EVENTS})
        .then((found) => fetch("/found", { method: "POST", body: JSON.stringify(found) }), (error) => fetch("/found", { method: "POST", body: JSON.stringify(String(error)) }));
    ` },
    bundle: true, write: false, format: "esm",
  });
  const { promise, resolve } = Promise.withResolvers?.() ?? (() => { let done; return { promise: new Promise((ok) => { done = ok; }), resolve: (value) => done(value) }; })();
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (request.url === "/found") resolve(JSON.parse(Buffer.concat(chunks).toString()));
    const [type, body] = request.url === "/" ? ["text/html", '<script type="module" src="/page.js"></script>'] : ["text/javascript", text];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const { CHROMIUM_ARGS } = await import("../tests/runtimes/browsers/webdriver.mjs");
  const { spawn } = await import("node:child_process");
  mkdirSync(join(folder, "profile"));
  const browser = spawn(chromium, [...CHROMIUM_ARGS, `--user-data-dir=${join(folder, "profile")}`, "--remote-debugging-port=0", `http://127.0.0.1:${server.address().port}/`], { stdio: "ignore" });
  const found = await promise;
  browser.kill("SIGKILL");
  await new Promise((ended) => browser.once("close", ended));
  server.close();
  if (typeof found === "string") throw new Error(found);
  return found;
}

await main(async () => {
  try {
    const { version } = JSON.parse(readFileSync(at("pkg/package.json"), "utf8"));
    console.log(`claiv-memory ${version}: ${EVENTS} events, an answer at once; a bare ingest, one into the store, and all the way through`);
    for (const [where, run] of [["Node", inNode], ["Deno", inDeno], ["Chromium", inChromium]]) {
      const rows = await run().catch((error) => console.log(`  not run: ${where}: ${error.message.split("\n")[0]}`) ?? []);
      for (const { store, bareUs, queuedUs, atOnceUs, perSecond } of rows) {
        console.log(`  ${`${where}, ${store}`.padEnd(22)} bare ${bareUs.toFixed(0).padStart(6)} µs   queued ${queuedUs.toFixed(0).padStart(7)} µs   ten at once ${atOnceUs.toFixed(0).padStart(6)} µs each   through ${perSecond.toFixed(0).padStart(6)} events/s`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
