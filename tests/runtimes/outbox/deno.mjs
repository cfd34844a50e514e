// Deno KV: the contract, processes that are killed, and two that share a database.
import { join } from "node:path";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { once } from "node:events";
import { deno, environment } from "../deno/driver.mjs";
import { cases, faultsOf, startService } from "./service.mjs";

async function run(t) {
  const { results, add } = cases(t);
  const command = await deno(t);
  const folder = t.workspace({ "deno.json": { nodeModulesDir: "manual" } }, { copy: ["tests/runtimes/outbox"] });
  const service = await startService(t);
  const [version] = (await t.capture(command, ["--version"])).split("\n");
  let serial = 0;

  /** Starts the program; `onLine` gets the results that it has printed so far. */
  function start(args, onLine = () => {}) {
    const flags = ["run", "--no-prompt", "--no-remote", "--unstable-kv", "--allow-net=127.0.0.1", "--allow-read", "--allow-write"];
    const child = spawn(command, [...flags, "deno-kv.mjs", ...args.map(String)], { cwd: folder, env: { ...process.env, ...environment(folder) } });
    t.after(() => child.kill("SIGKILL"));
    const results = [];
    let errors = "";
    child.stderr.on("data", (data) => { errors += data; });
    const reader = createInterface({ input: child.stdout });
    reader.on("line", (line) => {
      if (!line.startsWith("@result ")) return;
      results.push(JSON.parse(line.slice("@result ".length)));
      onLine(results, child);
    });
    return { child, results, ended: Promise.all([once(child, "close"), once(reader, "close")]).then(() => ({ results, errors })) };
  }
  const expect = (actual, wanted, what) => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== b) throw new t.Failure(`${what}: expected ${b}, got ${a}`);
  };
  const file = () => join(folder, `kv-${++serial}.sqlite`);
  const queuedOf = (results) => results.filter((one) => "queued" in one).map(({ queued }) => queued);
  const range = (first, count) => Array.from({ length: count }, (_, i) => first + i);

  await add("the contract of stores; an event that is larger than a value may be is refused", async () => {
    const { results: [answer], errors } = await start(["contract", file()]).ended;
    expect(answer, { faults: [], large: "TypeError" }, errors);
  });

  await add("kill -9: every event that was promised is stored, once and in order", async () => {
    service.reset();
    service.fail = (event, n) => [undefined, undefined, "after", 503][n % 4];
    const path = file();
    const queued = [];
    for (let round = 0; round < 4; round++) {
      const { results } = await start(["queue", path, service.url, round * 100, 40], (lines, child) => { if (lines.length >= 7 + round * 6) child.kill("SIGKILL"); }).ended;
      queued.push(...queuedOf(results));
    }
    const last = await start(["drain", path, service.url]).ended;
    expect(last.results.at(-1), { done: true }, last.errors);
    expect(faultsOf(service.stored, queued), [], "stored");
    if (queued.length < 40) throw new t.Failure(`only ${queued.length} were queued`);
  });

  await add("two processes with one database: each event once and in order, by whichever sends", async () => {
    service.reset();
    const path = file();
    const ends = await Promise.all([0, 100].map((first) => start(["queue", path, service.url, first, 20]).ended));
    for (const { results, errors } of ends) expect(results.at(-1), { done: true }, errors);
    expect(faultsOf(service.stored.filter(({ metadata: { n } }) => n < 100), range(0, 20)), [], "the first one's");
    expect(faultsOf(service.stored.filter(({ metadata: { n } }) => n >= 100), range(100, 20)), [], "the second one's");
    expect(service.stored.length, 40, "stored");
  });
  return { version: version.split(" ")[1], results };
}

export const rows = [{ id: "outbox-deno", title: "Outbox in Deno, Deno KV", quick: true, run }];
