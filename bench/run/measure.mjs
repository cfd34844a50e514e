// The measurements, one after the other; in each, all clients take turns. What is kept of a pair is
//   { base, extra, times }: what the hand-written client took, what the other took more, and how many times as much.
import { HAND, OURS, order } from "./clients.mjs";
import { median } from "./stats.mjs";

/** Of the slices of one process: the medians, pair by pair, since neighbours in time meet the same disturbances. */
function pair([base, other]) {
  return {
    base: median(base),
    extra: median(other.map((figure, i) => figure - base[i])),
    times: median(other.map((figure, i) => figure / base[i])),
  };
}

/** Keeps what is measured, and who could not be measured where, and why. */
export class Results {
  pairs = {};
  flat = {};
  failures = [];

  add(measure, runtime, client, one) {
    const here = ((this.pairs[measure] ??= {})[runtime] ??= {});
    (here[client] ??= []).push(one);
  }

  fail(runtime, client, measure, error) {
    this.failures.push({ runtime: runtime.id, client, measure, reason: error.message.split("\n").slice(0, 3).join(" ").slice(0, 400) });
    console.log(`  ${runtime.title}, ${client}, ${measure}: FAILED: ${error.message.slice(0, 1500)}`);
  }

  failed(runtime, client) {
    return this.failures.some((one) => one.runtime === runtime.id && one.client === client);
  }
}

/** Runs `work(runtime, client, round)` for all in turns. A client that fails in a runtime is out of it from then on. */
async function inTurns(results, measure, runtimes, clients, rounds, work) {
  const most = Math.max(...runtimes.map(({ id }) => rounds(id)));
  for (let round = 0; round < most; round++) {
    const began = Date.now();
    for (const runtime of runtimes.filter(({ id }) => round < rounds(id))) {
      for (const client of order(round, clients)) {
        if (results.failed(runtime, client.name)) continue;
        await work(runtime, client, round).catch((error) => results.fail(runtime, client.name, measure, error));
      }
    }
    console.log(`bench: ${measure}, round ${round + 1} of ${most}: ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }
}

/** Calls on a stub: an ingest, and a recall of 8 KB. */
export async function overhead(results, runtimes, clients, { rounds, slices, clock }) {
  await inTurns(results, "overhead", runtimes, clients, rounds, async (runtime, { name }) => {
    const taken = await runtime.compare({ name, plans: { ingest: slices, recall: slices }, clock });
    for (const kind of ["ingest", "recall"]) results.add(kind, runtime.id, name, pair(taken[kind]));
  });
}

/** An ingest over real HTTP. */
export async function http(t, results, runtimes, clients, { httpRounds, httpSlices }) {
  const server = await t.serve(process.execPath, [t.file("programs/server.mjs")], { ready: /^listening on (\d+)$/, what: "the server" });
  const url = `http://127.0.0.1:${server.match[1]}`;
  await inTurns(results, "http", runtimes, clients, httpRounds, async (runtime, { name }) => {
    const taken = await runtime.compare({ name, plans: { ingest: httpSlices }, url });
    results.add("http", runtime.id, name, pair(taken.ingest));
  });
  await server.stop();
}

/** Cold starts: each client beside the hand-written one, in turn before it and after it. */
export async function cold(results, runtimes, clients, { coldRounds, clock }) {
  // The first start of each fills caches of the disk, and of runtimes that keep compiled code.
  for (const runtime of runtimes) for (const { name } of clients) await runtime.cold(name, clock).catch((error) => results.fail(runtime, name, "cold", error));
  await inTurns(results, "cold", runtimes, clients, () => coldRounds, async (runtime, { name }, round) => {
    const ms = {};
    for (const one of round % 2 ? [name, HAND] : [HAND, name]) (ms[one] ??= []).push(await runtime.cold(one, clock));
    const base = ms[HAND][0];
    const other = ms[name].at(-1);
    results.add("cold", runtime.id, name, { base, extra: other - base, times: other / base });
  });
}

/** Many calls of one client, one after the other and at once. */
export async function flat(results, runtimes, { flat }) {
  for (const runtime of runtimes) {
    results.flat[runtime.id] = {};
    for (const name of [HAND, OURS]) {
      try {
        results.flat[runtime.id][name] = await runtime.flat({ name, ...flat });
      } catch (error) {
        results.fail(runtime, name, "long run", error);
      }
    }
    console.log(`bench: long run in ${runtime.title}`);
  }
}
