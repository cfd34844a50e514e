// The README's programs for each runtime: these files are what it shows (the suite `readme` compares them), and here they run.
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/lib/project.mjs";
import { site } from "../browsers/site.mjs";
import { chromium } from "../browsers/webdriver.mjs";
import { bun } from "../bun/driver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { serveWorker } from "../wrangler/driver.mjs";

const read = (name) => readFileSync(at("tests/runtimes/snippets", name), "utf8");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const REMEMBERED = "The user likes to be called Ada";

/** Gives the service something to remember, as a user's own program would. */
async function teach(t) {
  for (const user_id of ["me", "user-123"]) {
    const body = JSON.stringify({ user_id, type: "message", content: REMEMBERED });
    await t.services.emulator.fetch("http://localhost/v1/ingest", { method: "POST", headers: { authorization: "Bearer k", "content-type": "application/json" }, body });
  }
}

const has = (t, text, part) => { if (!String(text).includes(part)) throw new t.Failure(`it said: ${text}`); };

const env = (t) => ({ CLAIV_API_KEY: "a-key", CLAIV_BASE_URL: t.urls.emulator });

/** What a page's own server does with /api/claiv/*. */
const proxy = (t) => ({
  "/api/claiv": (path, { headers, ...init }) => t.services.emulator.fetch(`http://localhost${path}`, { ...init, headers: { ...headers, authorization: "Bearer k" } }),
});

/** Opens a page of a static folder and waits for what it was taught. Inline scripts are the README's, so there is no policy. */
async function checkPage(t, root, page) {
  const browser = await chromium(t);
  const { url } = await site(t, root, { policy: false, proxy: proxy(t) });
  await browser.open(`${url}/${page}`);
  let seen;
  for (let tries = 0; tries < 60 && !seen?.includes(REMEMBERED); tries++) {
    await sleep(100);
    seen = await browser.evaluate("document.body.innerText");
  }
  has(t, seen, REMEMBERED);
}

/** A static folder with the package beside the page. */
function withVendor(t, page) {
  const folder = t.workspace({ [page]: read(page) });
  mkdirSync(join(folder, "vendor"));
  cpSync(join(t.package, "dist"), join(folder, "vendor/claiv-memory"), { recursive: true });
  return folder;
}

const PROGRAMS = {
  async "Node"(t) {
    const folder = t.workspace({ "app.mjs": read("node.mjs") });
    has(t, await t.capture(await t.node(22), ["app.mjs"], { cwd: folder, env: env(t) }), "{ ok: true }");
  },
  async "Deno"(t) {
    const folder = t.workspace({ "app.ts": read("deno.ts"), "deno.json": { nodeModulesDir: "manual" } });
    has(t, await t.capture(await deno(t), ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1", "app.ts"], { cwd: folder, env: { ...environment(folder), ...env(t) } }), "{ ok: true }");
  },
  async "Bun"(t) {
    const folder = t.workspace({ "app.ts": read("bun.ts") });
    has(t, await t.capture(await bun(t), ["app.ts"], { cwd: folder, env: env(t) }), "ok: true");
  },
  async "Cloudflare Workers"(t) {
    const folder = t.workspace({ "index.js": read("worker.js"), "wrangler.json": { name: "a-worker", main: "index.js", compatibility_date: "2026-04-01", vars: env(t) } });
    const { url } = await serveWorker(t, folder);
    has(t, await (await fetch(url)).text(), REMEMBERED);
  },
  async "a page built with Vite"(t) {
    const modules = await t.tools("tests/bundlers/vite");
    const folder = t.workspace({ "src/main.js": read("vite.js"), "index.html": '<!doctype html>\n<body><script type="module" src="/src/main.js"></script></body>\n' });
    await t.capture(await t.node(24), [join(modules, "vite/bin/vite.js"), "build"], { cwd: folder, what: "vite build" });
    await checkPage(t, join(folder, "dist"), "index.html");
  },
  "a page without a bundler": (t) => checkPage(t, withVendor(t, "page.html"), "page.html"),
  "a page of classic scripts": (t) => checkPage(t, withVendor(t, "classic.html"), "classic.html"),
};

export const rows = [{
  id: "readme",
  title: "The README's programs",
  quick: true,
  async run(t) {
    await teach(t);
    const results = [];
    for (const [name, work] of Object.entries(PROGRAMS)) {
      const began = Date.now();
      let found = { outcome: "passed" };
      try {
        await work(t);
      } catch (error) {
        found = error instanceof t.NotRun ? { outcome: "not-run", reason: error.message } : { outcome: "failed", message: error.stack };
      }
      results.push({ group: "readme", name, ...found, ms: Date.now() - began });
    }
    return { version: "as in the rows above", results };
  },
}];
