// The examples, each started by its own command, and used as its reader would.
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/lib/project.mjs";
import { chromium } from "../browsers/webdriver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { closedPort } from "../../support/server.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** An example as if it had been installed: its files, and the package where its manifest says it comes from. */
function copied(t, name, modules) {
  const folder = t.workspaces.make(`examples/${name}`, {}, { modules });
  cpSync(at("examples", name), folder, { recursive: true, filter: (path) => !path.includes("node_modules") });
  return folder;
}

const post = async (url, body) => (await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(20_000) })).json();

const contains = (t, text, part) => { if (!String(text).includes(part)) throw new t.Failure(`${JSON.stringify(text)} has no ${part}`); };

/** A case of its own for every thing that is to be seen. */
async function runCase(name, work) {
  const began = Date.now();
  const message = await work().then(() => undefined, (error) => error.stack);
  return { group: "example", name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began };
}

const worker = {
  id: "example-cloudflare-worker",
  title: "examples/cloudflare-worker",
  quick: true,
  async run(t) {
    const modules = await t.tools("tests/runtimes/wrangler");
    const folder = copied(t, "cloudflare-worker", modules);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const version = JSON.parse(readFileSync(join(modules, "wrangler/package.json"), "utf8")).version;
    const port = String(await closedPort());
    const env = { PORT: port, WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", XDG_CONFIG_HOME: join(folder, ".config"), WRANGLER_LOG_PATH: join(folder, ".logs"), CLOUDFLARE_CF_FETCH_ENABLED: "false" };
    const server = await t.serve(await t.node(20), manifest.scripts.start.split(" ").slice(1), { cwd: folder, env, ready: /Ready on (http:\S+)/, what: "the example" });
    t.after(server.stop);
    const chat = async (message, thread) => (await post(`http://127.0.0.1:${port}/chat`, JSON.stringify({ user: "ada", thread, message }))).reply;
    return { version, results: [
      await runCase("its manifest names the tested wrangler", async () => { if (manifest.devDependencies.wrangler !== version) throw new t.Failure(manifest.devDependencies.wrangler); }),
      await runCase("it answers without memory first", async () => contains(t, await chat("I am allergic to peanuts", "t-1"), "remember nothing")),
      await runCase("it recalls what it ingested after the answer", async () => {
        let reply;
        for (let tries = 0; tries < 40 && !/peanuts/.test(reply); tries++) {
          await sleep(100);
          reply = await chat("What am I allergic to?", "t-2");
        }
        contains(t, reply, "I am allergic to peanuts");
      }),
      await runCase("it refuses what is no message", async () => contains(t, JSON.stringify(await post(`http://127.0.0.1:${port}/chat`, "{}")), "must be texts")),
    ] };
  },
};

const denoServer = {
  id: "example-deno",
  title: "examples/deno",
  quick: true,
  async run(t) {
    const command = await deno(t);
    const folder = copied(t, "deno");
    // What the example finds in the repository's pkg/.
    cpSync(t.package, join(folder, "../../pkg"), { recursive: true });
    const server = await t.serve(command, ["task", "start"], { cwd: folder, env: { ...environment(folder), PORT: "0", CLAIV_API_KEY: undefined }, ready: /Listening on (http:\/\/[^\s/]+)/, what: "the example" });
    t.after(server.stop);
    const url = server.match[1];
    await t.capture(command, ["check", "server.ts"], { cwd: folder, env: environment(folder), what: "deno check" });
    return { version: /\d+\.\d+\.\d+/.exec(await t.capture(command, ["--version"]))[0], results: [
      await runCase("it stores a note", async () => contains(t, (await post(`${url}/notes/ada`, "My bike is locked with code 4711")).stored, "evt_")),
      await runCase("it finds it again, for its user only", async () => {
        await post(`${url}/notes/bob`, "My bike is blue");
        const found = await (await fetch(`${url}/notes/ada?about=bike`)).json();
        if (found.join() !== "My bike is locked with code 4711") throw new t.Failure(JSON.stringify(found));
      }),
    ] };
  },
};

const page = {
  id: "example-browser",
  title: "examples/browser",
  quick: true,
  async run(t) {
    const folder = copied(t, "browser");
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const env = { PORT: "0", CLAIV_API_KEY: undefined };
    const server = await t.serve(await t.node(22), manifest.scripts.start.split(" ").slice(1), { cwd: folder, env, ready: /open (http:\S+)/, what: "the example" });
    t.after(server.stop);
    const browser = await chromium(t);
    await browser.open(server.match[1]);
    const submit = (form, input, value) => browser.evaluate(`(() => { document.getElementById(${JSON.stringify(input)}).value = ${JSON.stringify(value)}; document.getElementById(${JSON.stringify(form)}).requestSubmit(); })()`);
    const waitForText = async (text) => {
      let seen;
      for (let tries = 0; tries < 50 && !seen?.includes(text); tries++) {
        await sleep(100);
        seen = await browser.evaluate("document.body.innerText");
      }
      contains(t, seen, text);
    };
    return { version: browser.version, results: [
      await runCase("it remembers", async () => { await submit("remember", "fact", "I am allergic to peanuts"); await waitForText("I will remember that."); }),
      await runCase("it recalls", async () => { await submit("ask", "question", "What am I allergic to?"); await waitForText("I am allergic to peanuts"); }),
      await runCase("other endpoints are not offered", async () => {
        const { status } = await fetch(`${server.match[1]}/api/claiv/v1/forget`, { method: "POST", body: "{}" });
        if (status !== 404) throw new t.Failure(`status ${status}`);
      }),
    ] };
  },
};

export const rows = [worker, denoServer, page];
