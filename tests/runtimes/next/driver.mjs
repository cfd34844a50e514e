// Next.js: a route on the edge and one on Node, built by Turbopack and by webpack, with the configuration Next.js has by default.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../../scripts/lib/project.mjs";
import { ask } from "../workerd/driver.mjs";

const built = new Map();

const snippet = (name) => readFileSync(at("tests/runtimes/snippets", name), "utf8");

/** Asks the recipe's chat route twice: what is said the first time is stored by `after()`, and known the second time. */
async function chats(t, url) {
  const body = JSON.stringify({ user_id: `next-${url}`, conversation_id: "c", content: "My bicycle is green" });
  let text;
  for (let tries = 0; tries < 50 && !text?.includes("My bicycle is green"); tries++) {
    text = await (await fetch(`${url}/api/chat`, { method: "POST", body })).text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return text;
}

/** Builds the application, once for both of its rows. */
function application(t, bundler) {
  if (!built.has(bundler)) built.set(bundler, make(t, bundler));
  return built.get(bundler);
}

// Without "type": "module", as create-next-app makes it: with it, `next build --webpack` fails for any edge route at all.
async function make(t, bundler) {
  const modules = await t.tools("tests/runtimes/next");
  const folder = t.workspaces.make(`next-${bundler}`, { "app/api/greeting/route.ts": snippet("route.ts"), "app/api/chat/route.ts": snippet("chat-route.ts") }, { copy: ["tests/runtimes/next", "tests/runtimes/support"], drop: /(hostile|services|report)\.mjs$/, modules, manifest: { type: undefined } });
  const node = await t.node(24);
  const next = [join(folder, "node_modules/next/dist/bin/next")];
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined };
  await t.capture(node, [...next, "build", `--${bundler}`], { cwd: folder, env, timeout: 300_000, what: `next build --${bundler}` });
  const version = JSON.parse(readFileSync(join(folder, "node_modules/next/package.json"), "utf8")).version;
  return { folder, node, next, env, version };
}

/** What browsers are sent. */
function pageScripts(folder) {
  const where = join(folder, ".next/static");
  return readdirSync(where, { recursive: true }).filter((name) => name.endsWith(".js")).map((name) => readFileSync(join(where, name), "utf8"));
}

const row = (route, bundler) => ({
  id: `next-${bundler}-${route}`,
  title: `Next.js, ${route === "edge" ? "edge" : "Node"} route, built with ${bundler === "webpack" ? "webpack" : "Turbopack"}`,
  quick: bundler === "turbopack",
  async run(t) {
    const { folder, node, next, env, version } = await application(t, bundler);
    const server = await t.serve(node, [...next, "start", "--hostname", "127.0.0.1", "--port", "0"], { cwd: folder, env: { ...env, CLAIV_API_KEY: "a-key", CLAIV_BASE_URL: t.urls.emulator }, ready: /Local:\s+(http:\S+)/, what: "next start" });
    t.after(server.stop);
    const url = server.match[1].replace("localhost", "127.0.0.1");
    const results = await ask(t, `${url}/api/${route}`);
    const greeting = await (await fetch(`${url}/api/greeting`)).text();
    const chat = await chats(t, url);
    results.push(t.check("readme", "the recipe's chat route stores what was said after its answer", () => { if (!chat.includes("My bicycle is green")) throw new t.Failure(chat); }));
    results.push(t.check("readme", "the README's route was built without a key and answers", () => { if (greeting !== "[]") throw new t.Failure(greeting); }));
    results.push(t.check("package", "the page has the client, and nothing of the emulator", () => {
      const scripts = pageScripts(folder);
      if (!scripts.some((text) => text.includes("ClaivClient"))) throw new t.Failure("the client is not there");
      if (scripts.some((text) => text.includes("ClaivEmulator"))) throw new t.Failure("the emulator is there");
    }));
    return { version, results };
  },
});

export const rows = ["turbopack", "webpack"].flatMap((bundler) => ["edge", "node"].map((route) => row(route, bundler)));
