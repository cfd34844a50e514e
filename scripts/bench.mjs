#!/usr/bin/env node
// Measures the built package beside other clients.
//   node scripts/bench.mjs [--quick] [--ours] [--only=ingest,…] [--write | --report] [runtime…]
//   --quick   few rounds, for a first impression          --ours     no other clients than the hand-written one and ours
//   --only    some of overhead, cold, http, flat, size    --write    writes docs/performance.md and its plots, from a full run
//   --cpu     the processor's time instead of the clock's, on a stub and for cold starts in Node, Deno and Bun: for a busy machine
//   --report  writes them from the figures of the last full run, without measuring
// BENCH_ROUNDS sets the number of rounds.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { Failure, at, main, version } from "./lib/project.mjs";
import { NotRun, tools } from "./runtimes/install.mjs";
import { weigh, weighWorker } from "../bench/run/bundles.mjs";
import { CLIENTS, HAND, OURS, versionOf } from "../bench/run/clients.mjs";
import { createContext } from "../bench/run/context.mjs";
import { Results, cold, flat, http, overhead } from "../bench/run/measure.mjs";
import { plan } from "../bench/run/plan.mjs";
import { drawPlots } from "../bench/run/plots.mjs";
import { markdown, print, writeInto } from "../bench/run/report.mjs";
import { RUNTIMES } from "../bench/run/runtimes.mjs";

const MEASURES = ["overhead", "cold", "http", "flat", "size"];
const LAST = at(".build/bench.json");

function options(words) {
  const flags = words.filter((word) => word.startsWith("--"));
  const ids = words.filter((word) => !word.startsWith("--"));
  const only = flags.find((flag) => flag.startsWith("--only="))?.slice("--only=".length).split(",");
  const unknown = [...flags.filter((flag) => !/^--(quick|ours|cpu|write|report|only=.*)$/.test(flag)),
    ...ids.filter((id) => !RUNTIMES.some((runtime) => runtime.id === id)), ...(only ?? []).filter((measure) => !MEASURES.includes(measure))];
  if (unknown.length > 0) throw new Failure(`there is no ${unknown.join(", ")}; runtimes: ${RUNTIMES.map(({ id }) => id).join(", ")}; measures: ${MEASURES.join(", ")}`);
  const has = (name) => flags.includes(`--${name}`);
  const rounds = process.env.BENCH_ROUNDS ? Number(process.env.BENCH_ROUNDS) : undefined;
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) throw new Failure("BENCH_ROUNDS must be a whole number above 0");
  const whole = !has("ours") && !has("cpu") && !only && ids.length === 0;
  if (has("write") && !whole) throw new Failure("only a run of everything writes docs/performance.md");
  if (has("cpu") && ids.length === 0) ids.push("node", "deno", "bun");
  return { ...plan({ quick: has("quick"), rounds }), ids, only: only ?? (has("cpu") ? ["overhead", "cold"] : MEASURES), clock: has("cpu") ? "cpu" : "wall", write: has("write"), report: has("report"), whole, clients: CLIENTS.filter(({ name }) => !has("ours") || [HAND, OURS].includes(name)) };
}

/** Starts the runtimes that can be started here, and lists the others with the reason. */
async function startRuntimes(t, ids) {
  const started = { runtimes: [], skipped: [] };
  for (const runtime of RUNTIMES.filter(({ id }) => ids.length === 0 || ids.includes(id))) {
    try {
      started.runtimes.push({ ...runtime, ...(await runtime.start(t)) });
    } catch (error) {
      const reason = error instanceof NotRun ? error.message : `it did not start: ${error.message.split("\n").slice(0, 3).join(" ")}`;
      started.skipped.push({ title: runtime.title, reason });
      console.log(`  not run: ${runtime.title}: ${reason}`);
    }
  }
  return started;
}

/** How many cores other programs keep busy. Not the load average, which the build before would still raise. */
async function busyCores() {
  const sum = (values) => values.reduce((all, one) => all + one, 0);
  const times = () => cpus().map(({ times: { idle, ...busy } }) => [sum(Object.values(busy)), idle]);
  const before = times();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return sum(times().map(([busy, idle], i) => {
    const [worked, rested] = [busy - before[i][0], idle - before[i][1]];
    return worked / Math.max(worked + rested, 1);
  }));
}

async function measure(t, chosen) {
  const { runtimes, skipped } = await startRuntimes(t, chosen.ids);
  const { clients, only } = chosen;
  const load = await busyCores();
  if (load > 0.5) console.log(`bench: other programs keep this machine busy (load ${load.toFixed(1)}): times will be longer than they should be, and uncertain`);
  const results = new Results();
  const began = Date.now();
  const sizes = {};
  if (only.includes("size")) {
    for (const client of clients) sizes[client.name] = await weigh(t, client);
    sizes.worker = await weighWorker(t);
  }
  if (only.includes("overhead")) await overhead(results, runtimes, clients, chosen);
  if (only.includes("cold")) await cold(results, runtimes, clients, chosen);
  if (only.includes("http")) await http(t, results, runtimes.filter((runtime) => runtime.http), clients, chosen);
  if (only.includes("flat")) await flat(results, runtimes.filter((runtime) => runtime.flat && runtime.http), chosen);
  console.log(`bench: measured for ${((Date.now() - began) / 60_000).toFixed(1)} minutes`);
  const [{ model }] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: { cpu: model.trim(), cores: cpus().length, memory: Math.round(totalmem() / 1e9), system: `${type()} ${release()}`, load },
    rounds: `${chosen.rounds("node")} in Node and ${chosen.rounds("deno")} elsewhere on a stub, ${chosen.httpRounds("node")} and ${chosen.httpRounds("deno")} over HTTP, ${chosen.coldRounds} cold starts`,
    versions: { ...Object.fromEntries(CLIENTS.map((client) => [client.name, versionOf(t.modules, client)])), [OURS]: version() },
    runtimes: runtimes.map(({ id, title, version }) => ({ id, title, version })), skipped,
    pairs: results.pairs, flat: { ...results.flat, calls: chosen.flat.calls, concurrent: chosen.flat.concurrent },
    failures: results.failures, ...(only.includes("size") && { sizes }),
  };
}

async function write(results) {
  const plots = await drawPlots(results, at("docs/performance"), await tools("bench"));
  writeInto(at("docs/performance.md"), markdown(results, plots));
  console.log("docs/performance.md and its plots are written");
}

await main(async () => {
  const chosen = options(process.argv.slice(2));
  if (chosen.report) return write(JSON.parse(readFileSync(LAST, "utf8")));
  const t = await createContext();
  try {
    const results = await measure(t, chosen);
    if (chosen.whole) {
      mkdirSync(at(".build"), { recursive: true });
      writeFileSync(LAST, JSON.stringify(results));
    }
    print(results);
    if (chosen.write) await write(results);
    // Other clients and runtimes may be missing and are listed; a run without figures of claiv-memory itself has failed.
    if (results.failures.some(({ client }) => [HAND, OURS].includes(client))) process.exitCode = 1;
  } finally {
    await t.close();
  }
});
