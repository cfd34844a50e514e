// The examples with a language model, each started by its own command and used as its reader would.
import { cpSync, readFileSync, readdirSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { at } from "../../../scripts/lib/project.mjs";
import { closedPort } from "../../support/server.mjs";
import { chromium } from "../browsers/webdriver.mjs";

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** An example as if it had been installed: its files, ai of the major it names, the package, and `more`. */
async function copied(t, name, more) {
  const modules = await t.tools("tests/ai");
  const folder = t.workspaces.make(`examples/${name}`, {}, more && { modules: more });
  for (const one of readdirSync(modules).filter((one) => !/^\.|^ai-6$/.test(one))) {
    cpSync(join(modules, one), join(folder, "node_modules", one === "ai-7" ? "ai" : one), { recursive: true, mode: 0 });
  }
  cpSync(at("examples", name), folder, { recursive: true, filter: (path) => !/node_modules|\.next/.test(path) });
  return { folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) };
}

async function runCase(name, work) {
  const began = Date.now();
  const message = await work().then(() => undefined, (error) => error.stack);
  return { group: "example", name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began };
}

const contains = (t, all, part) => { if (!String(all).includes(part)) throw new t.Failure(`${JSON.stringify(all)} has no ${part}`); };

/** Its manifest names the versions that are installed here. */
const sameVersions = (t, folder, manifest) => runCase("its manifest names the tested versions", async () => {
  for (const [name, wanted] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (wanted.startsWith("file:")) continue;
    const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
    if (version !== wanted) throw new t.Failure(`${name} ${wanted}, installed is ${version}`);
  }
});

/** Asks until the answer has `part` in it: what was said before is stored after its answer. */
async function eventually(t, ask, part) {
  let reply;
  for (let tries = 0; tries < 40 && !reply?.includes(part); tries++) {
    await sleep(100);
    reply = await ask();
  }
  contains(t, reply, part);
}

const agent = {
  id: "ai-example-node",
  title: "examples/ai-node",
  quick: true,
  async run(t) {
    const { folder, manifest } = await copied(t, "ai-node");
    const env = { ...process.env, NODE_OPTIONS: "" };
    delete env.CLAIV_API_KEY;
    const [, ...args] = manifest.scripts.start.split(" ");
    const chat = spawn(await t.node(22), args, { cwd: folder, env, timeout: 60_000 });
    chat.stdin.end("I am allergic to peanuts\nMy piano is black\nWhat am I allergic to?\n\n");
    const [out, err, code] = await Promise.all([text(chat.stdout), text(chat.stderr), new Promise((resolve) => chat.on("close", resolve))]);
    const answers = out.split("bot> ").slice(1);
    return { version: `ai ${manifest.dependencies.ai}`, results: [
      await sameVersions(t, folder, manifest),
      await runCase("it ends well", async () => { if (code !== 0) throw new t.Failure(err); }),
      await runCase("it remembers by a tool", async () => contains(t, answers[0], "[remember] It is remembered.")),
      await runCase("it recalls by a tool", async () => { contains(t, answers[2], "[recall_memory]"); contains(t, answers[2], "I am allergic to peanuts"); }),
    ] };
  },
};

const worker = {
  id: "ai-example-worker",
  title: "examples/ai-worker",
  quick: true,
  async run(t) {
    const { folder, manifest } = await copied(t, "ai-worker", await t.tools("tests/runtimes/wrangler"));
    const port = String(await closedPort());
    const env = { PORT: port, EMULATOR_PORT: String(await closedPort()), WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", XDG_CONFIG_HOME: join(folder, ".config"), WRANGLER_LOG_PATH: join(folder, ".logs"), CLOUDFLARE_CF_FETCH_ENABLED: "false" };
    const server = await t.serve(await t.node(22), manifest.scripts.start.split(" ").slice(1), { cwd: folder, env, ready: /Ready on (http:\S+)/, what: "the example" });
    t.after(server.stop);
    const post = (conversation, body, more) => fetch(`http://127.0.0.1:${port}/chat/${conversation}`, { method: "POST", body, headers: { "accept-encoding": "identity" }, signal: AbortSignal.timeout(20_000), ...more });
    const chat = async (...args) => (await post(...args)).text();
    /** The third conversation, as the emulator that the example has started knows it. */
    const storedTexts = async () => {
      const body = JSON.stringify({ user_id: "ada", conversation_id: "t-3", query: "vermilion" });
      const response = await fetch(`http://127.0.0.1:${env.EMULATOR_PORT}/v6/recall`, { method: "POST", headers: { authorization: "Bearer any" }, body });
      const { llm_context: { conversation_history: history } } = await response.json();
      return history.map(({ role, content }) => `${role}: ${content}`).join("\n");
    };
    return { version: `ai ${manifest.dependencies.ai}, wrangler ${manifest.devDependencies.wrangler}`, results: [
      await sameVersions(t, folder, manifest),
      await runCase("it streams its answer, in pieces", async () => {
        const response = await post("t-1", "I am allergic to peanuts");
        let pieces = 0;
        for await (const piece of response.body) if (piece.length > 0) pieces++;
        if (pieces < 3) throw new t.Failure(`${pieces} pieces`);
      }),
      await runCase("it recalls what was said in another conversation", async () => eventually(t, () => chat("t-2", "What am I allergic to?"), "I am allergic to peanuts")),
      await runCase("a visitor who leaves: what they said, and what was answered until then, is stored", async () => {
        const leave = new AbortController();
        const response = await post("t-3", `My favourite colour is vermilion, ${"very ".repeat(100)}much`, { signal: leave.signal });
        const reader = response.body.getReader();
        await reader.read();
        leave.abort();
        await eventually(t, storedTexts, "assistant: You said");
        const [own, partial] = (await storedTexts()).split("\n");
        contains(t, own, "user: My favourite colour is vermilion");
        if (partial.includes("much")) throw new t.Failure(`it is stored as far as nobody heard it: ${partial}`);
      }),
      await runCase("it refuses what is no chat", async () => { const { status } = await fetch(`http://127.0.0.1:${port}/`); if (status !== 404) throw new t.Failure(status); }),
    ] };
  },
};

const next = {
  id: "ai-example-nextjs",
  title: "examples/ai-nextjs",
  quick: false,
  async run(t) {
    const { folder, manifest } = await copied(t, "ai-nextjs", await t.tools("tests/runtimes/next"));
    const node = await t.node(24);
    const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined };
    const versions = await sameVersions(t, folder, manifest);
    const built = await runCase("it is built, and its types are right", async () => t.capture(node, ["node_modules/next/dist/bin/next", "build"], { cwd: folder, env, timeout: 300_000, what: "next build" }));
    const server = await t.serve(node, manifest.scripts.start.split(" ").slice(1), { cwd: folder, env: { ...env, PORT: String(await closedPort()) }, ready: /Local:\s+(http:\S+)/, what: "the example" });
    t.after(server.stop);
    const url = server.match[1].replace("localhost", "127.0.0.1");
    const chat = async (id, text) => {
      const messages = [{ id: crypto.randomUUID(), role: "user", parts: [{ type: "text", text }] }];
      const response = await fetch(`${url}/api/chat`, { method: "POST", body: JSON.stringify({ id, messages }), signal: AbortSignal.timeout(60_000) });
      const lines = (await response.text()).split("\n").filter((line) => line.startsWith("data: {")).map((line) => JSON.parse(line.slice(6)));
      return lines.map(({ delta = "" }) => delta).join("");
    };
    const browser = await chromium(t);
    return { version: `ai ${manifest.dependencies.ai}, next ${manifest.dependencies.next}`, results: [
      versions, built,
      await runCase("the route streams, and remembers", async () => contains(t, await chat("t-1", "I am allergic to peanuts"), "I remember nothing")),
      await runCase("it recalls it in another conversation", async () => eventually(t, () => chat("t-2", "What am I allergic to?"), "I am allergic to peanuts")),
      await runCase("the page shows the answer as it comes", async () => {
        await browser.open(url);
        await sleep(1000);
        await browser.evaluate(`(() => { const input = document.querySelector("input"); Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, "What am I allergic to?"); input.dispatchEvent(new Event("input", { bubbles: true })); document.querySelector("form").requestSubmit(); })()`);
        await eventually(t, () => browser.evaluate("document.body.innerText"), "What I remember:");
      }),
    ] };
  },
};

export const rows = [agent, worker, next];
