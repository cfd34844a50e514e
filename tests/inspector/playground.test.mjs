// The inspector with an emulator in the page, from a folder that a static host serves.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BROWSERS, openBrowser, whyNot } from "./browser.mjs";

const SCRIPT = fileURLToPath(new URL("../../scripts/playground.mjs", import.meta.url));

/** Starts `npm run playground`, and resolves to the URL it prints. */
async function start() {
  const child = spawn(process.execPath, [SCRIPT], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = line.match(/http:\S+/) ?? [];
    if (url) return { child, url };
  }
  throw new Error("the playground did not start");
}

const FOLDER = fileURLToPath(new URL("../../.build/playground", import.meta.url));
const BELOW = "/of/somebody/else/";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

/** A host that serves nothing but the folder, below a path of its own. */
async function host() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = pathname.startsWith(BELOW) && `${FOLDER}/${pathname.slice(BELOW.length) || "index.html"}`;
    if (!file || !existsSync(file)) return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": TYPES[extname(file)] }).end(readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}${BELOW}` };
}

for (const name of BROWSERS) {
  describe(name, { timeout: 120_000, skip: await whyNot(name) }, () => {
    let playground;
    let browser;
    before(async () => {
      playground = await start();
      browser = await openBrowser(name);
    });
    after(async () => {
      await browser?.close();
      playground.child.kill();
      await once(playground.child, "close");
    });

    test("it works without any service: seed, look, recall, forget", async () => {
      await browser.open(playground.url);
      await browser.has(".empty", "Nothing is stored yet");
      await browser.value(`(location.hash = "#tools/", true)`);
      await browser.click("button", "Seed the demo's conversation");
      await browser.has(".good-news", "36 events stored for the user mara");
      await browser.value(`(location.hash = "#timeline/mara", true)`);
      await browser.has(".row .content", "Safe travels");
      await browser.value(`(location.hash = "#recall/mara", true)`);
      await browser.type(".task input", "Who is allergic to peanuts?");
      await browser.has(".block mark", "allergic");
      await browser.value(`(location.hash = "#live/mara", true)`);
      await browser.has("[role=status]", "36 requests in 36 calls");
      await browser.value(`(location.hash = "#usage/mara", true)`);
      await browser.click(".danger", "Forget 36 events");
      await browser.has(".good-news", "36 events deleted");
      const asked = await browser.value("performance.getEntriesByType('resource').map(({ name }) => name)");
      assert.ok(asked.length > 0 && asked.every((url) => url.startsWith(playground.url)), asked.join("\n"));
    });

    test("any host can serve the folder, below any path", async () => {
      const { server, url } = await host();
      await browser.open(`${url}#tools/`);
      await browser.click("button", "Seed the demo's conversation");
      await browser.has(".good-news", "36 events stored for the user mara");
      await browser.value(`(location.hash = "#recall/mara?task=peanuts", true)`);
      await browser.has(".block mark", "peanuts");
      const asked = await browser.value("performance.getEntriesByType('resource').map(({ name }) => name)");
      assert.ok(asked.length > 0 && asked.every((one) => one.startsWith(url)), asked.join("\n"));
      server.close();
      server.closeAllConnections();
    });
  });
}
