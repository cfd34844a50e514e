// A Worker bundled and served by wrangler in its default configuration, on Node 20.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { inlinedModules } from "../../support/inlined.mjs";
import { closedPort } from "../../support/server.mjs";
import { ask, make } from "../workerd/driver.mjs";

const MANIFEST = { "wrangler.json": { name: "a-worker", main: "worker.mjs", compatibility_date: "2026-04-01" } };

async function wrangler(t, folder) {
  const command = [await t.node(20), join(await t.tools("tests/runtimes/wrangler"), "wrangler/bin/wrangler.js")];
  const env = {
    WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_HIDE_BANNER: "true", WRANGLER_LOG_PATH: join(folder, ".logs"),
    XDG_CONFIG_HOME: join(folder, ".config"), CLOUDFLARE_CF_FETCH_ENABLED: "false",
  };
  const version = (await t.capture(command[0], [command[1], "--version"], { cwd: folder, env })).match(/\d+\.\d+\.\d+/)[0];
  return { command, env, version };
}

/** Bundles `main` and gives the files that would be uploaded. */
async function bundled(t, main) {
  const folder = make(t, MANIFEST);
  const { command: [node, script], env, version } = await wrangler(t, folder);
  await t.capture(node, [script, "deploy", main, "--dry-run", "--outdir", "out"], { cwd: folder, env, what: "wrangler deploy --dry-run" });
  const out = join(folder, "out");
  const files = readdirSync(out).filter((name) => !name.endsWith(".map") && name !== "README.md").map((name) => ({ name, size: statSync(join(out, name)).size, content: readFileSync(join(out, name)) }));
  return { files, version };
}

/** Serves the Worker of a folder on a port of this machine. */
export async function serveWorker(t, folder) {
  const { command: [node, script], env, version } = await wrangler(t, folder);
  const port = await closedPort();
  const args = [script, "dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await closedPort()), "--show-interactive-dev-session=false"];
  const server = await t.serve(node, args, { cwd: folder, env, ready: /Ready on (http:\S+)/, what: "wrangler dev" });
  t.after(server.stop);
  return { url: `http://127.0.0.1:${port}`, version };
}

export const rows = [
  {
    id: "wrangler-dev",
    title: "Cloudflare Workers through wrangler",
    quick: true,
    async run(t) {
      const { url, version } = await serveWorker(t, make(t, MANIFEST));
      return { version, results: await ask(t, url) };
    },
  },
  {
    id: "wrangler-bundle",
    title: "What wrangler uploads of a Worker with the client",
    quick: true,
    async run(t) {
      const { files, version } = await bundled(t, "storm.mjs");
      return { version, results: [
        t.check("package", "the client's module is a file of its own, and none is beside it as text", () => {
          const wasm = files.filter(({ name }) => name.endsWith(".wasm"));
          if (wasm.length !== 1 || !wasm[0].content.equals(readFileSync(join(t.package, "dist/claiv_memory.wasm")))) throw new t.Failure(`the .wasm files are ${wasm.map(({ name }) => name)}`);
          for (const { name, content } of files) if (name.endsWith(".js") && inlinedModules(content.toString("latin1")) > 0) throw new t.Failure(`${name} carries the module once more`);
        }),
        t.check("package", "nothing of the emulator is in it", () => {
          for (const { name, content } of files) if (content.includes("ClaivEmulator")) throw new t.Failure(`${name} has the emulator in it`);
        }),
      ] };
    },
  },
];
