// The programs of tests/dropin/, written for the service's own TypeScript client, with nothing but their import changed.
import { programs } from "../../dropin/project.mjs";
import { bun } from "../bun/driver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { serveWorker } from "../wrangler/driver.mjs";

const env = (t) => ({ CLAIV_API_KEY: "a-key", CLAIV_BASE_URL: t.urls.emulator });

const RUNTIMES = {
  async Node(t) {
    const folder = t.workspace(programs());
    // The first that runs TypeScript as it is.
    return t.printed(await t.capture(await t.node(24), ["main.ts"], { cwd: folder, env: env(t) }));
  },
  async Deno(t) {
    const folder = t.workspace({ ...programs(), "deno.json": { nodeModulesDir: "manual" } });
    return t.printed(await t.capture(await deno(t), ["run", "--no-prompt", "--allow-env", "--allow-net=127.0.0.1", "main.ts"], { cwd: folder, env: { ...environment(folder), ...env(t) } }));
  },
  async Bun(t) {
    const folder = t.workspace(programs());
    return t.printed(await t.capture(await bun(t), ["main.ts"], { cwd: folder, env: env(t) }));
  },
  async "a Worker"(t) {
    const config = { name: "a-worker", main: "worker.ts", compatibility_date: "2026-04-01", compatibility_flags: ["nodejs_compat"], vars: env(t) };
    const { url } = await serveWorker(t, t.workspace({ ...programs(), "wrangler.json": config }));
    const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
    const text = await response.text();
    if (!text.startsWith("[")) throw new t.Failure(`the Worker answered ${response.status}: ${text.slice(0, 2000)}`);
    return JSON.parse(text);
  },
};

export const rows = [{
  id: "dropin",
  title: "Programs written for the service's own client",
  quick: true,
  async run(t) {
    const results = [];
    for (const [runtime, work] of Object.entries(RUNTIMES)) {
      const named = (one) => ({ ...one, group: "drop-in", name: `${one.name}, in ${runtime}` });
      try {
        results.push(...(await work(t)).map(named));
      } catch (error) {
        const outcome = error instanceof t.NotRun ? { outcome: "not-run", reason: error.message } : { outcome: "failed", message: error.stack };
        results.push(named({ name: "the programs", ms: 0, ...outcome }));
      }
    }
    return { version: "as in the rows above", results };
  },
}];
