// The outbox's storm over the stores that Node does not have. With CLAIV_OUTBOX_STORM=20000 it has so many events: `make storm`.
import { join } from "node:path";
import { chooseSeed } from "../../hostile/random.mjs";
import { inProcesses } from "../../outbox/storm/processes.mjs";
import { describeCounts, progressOf, storm } from "../../outbox/storm/storm.mjs";
import { bun } from "../bun/driver.mjs";
import { chromium, firefox, webkit } from "../browsers/webdriver.mjs";
import { deno, environment } from "../deno/driver.mjs";
import { cases } from "./service.mjs";
import { inObjects, throughQueue } from "./storm-cloudflare.mjs";
import { inPages } from "./storm-pages.mjs";

/** How many events the long form has; 0 in the short one. */
const LONG_EVENTS = Number(process.env.CLAIV_OUTBOX_STORM ?? 0);
const FILES = { copy: ["tests/runtimes/outbox", "tests/outbox/storm"] };
const DENO = ["run", "--no-prompt", "--no-remote", "--unstable-kv", "--allow-net=127.0.0.1", "--allow-read", "--allow-write", "--allow-sys=hostname", "process.mjs"];

/**
 * A row of the table. `start(t)` gives the version, and `begin` of the storm for each store by name. `short` and `long` are the numbers of kills in
 * the two forms: with a lease each kill costs the 15 s until it ends, so there they are few.
 */
const row = (id, title, { quick = false, short = 4, long = 40, events = 300, ...more }, start) => ({
  id: `outbox-storm-${id}`,
  title: `Outbox's storm, ${title}`,
  quick,
  timeout: LONG_EVENTS ? 30 * 60_000 : undefined,
  async run(t) {
    const { results, add } = cases(t);
    const { version, stores } = await start(t);
    const kills = LONG_EVENTS ? long : short;
    for (const [store, begin] of Object.entries(stores)) {
      const order = more.isOrdered === false ? "" : ", in order within its conversation";
      await add(`a storm of events and kills through ${store}: each is stored exactly once${order}`, async () => {
        const seed = chooseSeed();
        const onProgress = LONG_EVENTS ? progressOf(LONG_EVENTS, (line) => console.log(`     ${store}: ${line}`)) : undefined;
        const { broken, counts, seconds } = await storm({ events: LONG_EVENTS || events, seed, kills, begin, onProgress, ...more });
        console.log(`     ${version}, ${store}: ${describeCounts(counts)} in ${seconds.toFixed(1)} s, seed ${seed}`);
        if (broken.length > 0) throw new t.Failure(`${broken.length} promises broken; CLAIV_SEED=${seed} runs it again\n${broken.slice(0, 10).join("\n")}`);
      });
    }
    return { version, results };
  },
});

const browser = (id, title, quick, start) => row(id, `IndexedDB in ${title}`, { quick }, async (t) => {
  const started = await start(t);
  return { version: started.version, stores: { indexedDBStore: await inPages(t, started, t.workspace({}, FILES)) } };
});

export const rows = [
  row("bun", "a file in Bun", {}, async (t) => {
    const command = await bun(t);
    const cwd = t.workspace({}, FILES);
    const version = await t.capture(command, ["--version"]);
    return { version: `Bun ${version}`, stores: { fileStore: inProcesses(command, ["process.mjs", "file", join(cwd, "journal")], { cwd }) } };
  }),
  row("deno", "Deno KV and a file in Deno", { quick: true, short: 3, long: 20 }, async (t) => {
    const command = await deno(t);
    const cwd = t.workspace({ "deno.json": { nodeModulesDir: "manual" } }, FILES);
    const [version] = (await t.capture(command, ["--version"])).split("\n");
    const begin = (kind, file) => inProcesses(command, [...DENO, kind, join(cwd, file)], { cwd, env: { ...process.env, ...environment(cwd) } });
    return { version: `Deno ${version.split(" ")[1]}`, stores: { denoKvStore: begin("kv", "kv.sqlite"), fileStore: begin("file", "journal") } };
  }),
  browser("chromium", "Chromium", true, chromium),
  browser("firefox", "Firefox", false, firefox),
  browser("webkit", "WebKit", false, webkit),
  row("durable-objects", "Durable Objects in miniflare", { quick: true }, (t) => inObjects(t, t.workspace({}, FILES))),
  row("queues", "Queues in miniflare", { quick: true, isOrdered: false }, (t) => throughQueue(t, t.workspace({}, FILES))),
];
