// Two clients in turns, in one process: hand-written, other, other, hand-written, and so on, a short slice each.
import { CALLS, KEY, NOWHERE, check, stub } from "./workload.mjs";

const CLOCKS = {
  wall: () => performance.now(),
  // The processor time of all threads, so that of the garbage collector and the compilers is included.
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/** Makes `count` calls, one after the other, and gives the milliseconds they took. */
async function timed(client, call, count, clock) {
  const began = clock();
  for (let i = 0; i < count; i++) await call(client);
  return clock() - began;
}

/** Calls until the compilers have seen enough, and gives the milliseconds per call of the last of them. */
async function warm(client, call, { warmCalls, warmMs }, clock) {
  let per = 1;
  for (let done = 0, ms = 0, count = 100; done < warmCalls && ms < warmMs; done += count) {
    const took = await timed(client, call, count, clock);
    ms += took;
    per = took / count;
  }
  return per;
}

/**
 * Compares two ways to make a client, `[hand-written, other]`, by plans `{ ingest: { slices, sliceMs, warmCalls, warmMs } }`.
 * With a url they call the server there, without one a stub. Gives the microseconds per call of every slice, of the one and of the
 * other, for each kind of call.
 */
export async function compare(makes, { name, plans, url, clock = "wall" }) {
  const clients = makes.map((make) => make(url ? { url, key: KEY } : { url: NOWHERE, key: KEY, fetch: stub }));
  for (const client of clients) await check(client, name);
  const taken = {};
  for (const [kind, plan] of Object.entries(plans)) {
    const call = CALLS[kind];
    const per = [];
    for (const client of clients) per.push(await warm(client, call, plan, CLOCKS[clock]));
    // The same number of calls for both, such that the faster one's slice has the length that was planned.
    const count = Math.max(20, Math.ceil(plan.sliceMs / Math.max(Math.min(...per), 1e-4)));
    taken[kind] = [[], []];
    for (let i = 0; i < plan.slices; i++) {
      for (const which of i % 2 ? [1, 0] : [0, 1]) taken[kind][which].push(await timed(clients[which], call, count, CLOCKS[clock]) * 1000 / count);
    }
  }
  return taken;
}
