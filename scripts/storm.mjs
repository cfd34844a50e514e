#!/usr/bin/env node
// The fault storm in full:  node scripts/storm.mjs [events] [seed]
// Needs the package installed into tests/node_modules: node scripts/test.mjs pack
import { chooseSeed } from "../tests/hostile/random.mjs";
import { storm } from "../tests/hostile/storm.mjs";

const [given = "20000", givenSeed] = process.argv.slice(2);
const events = Number(given);
const seed = chooseSeed(givenSeed ?? process.env.CLAIV_SEED);

/** Prints the promises that were broken, or `kept` where none was. */
function report(broken, kept) {
  for (const sentence of broken.slice(0, 50)) console.error(`storm: ${sentence}`);
  console.log(broken.length === 0 ? `storm: ${kept}` : `storm: ${broken.length} promises were broken`);
  if (broken.length > 0) process.exitCode = 1;
}

for (const many of [false, true]) {
  console.log(`storm: ${events} events by ${many ? "ingestMany" : "ingest"}, seed ${seed}`);
  let reported = 0;
  const onProgress = (done, total) => {
    if (done < total && done - reported < total / 10) return;
    reported = done;
    console.log(`storm: ${done} of ${total} have settled`);
  };
  const { broken, counts, faults, requests, seconds } = await storm({ events, seed, many, onProgress });
  console.log(`storm: ${requests} requests in ${seconds.toFixed(1)} s`);
  console.log(`storm: ${Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  console.log(`storm: ${Object.entries(faults).sort().map(([name, count]) => `${name} ${count}`).join(", ")}`);
  report(broken, "every promise was kept");
}

// Over the stores that Node has; `make storm` goes on with the others (tests/runtimes/outbox/storm.mjs).
const [{ describeCounts, progressOf, storm: outboxStorm }, { STORES }] = await Promise.all([import("../tests/outbox/storm/storm.mjs"), import("../tests/outbox/storm/stores.mjs")]);
for (const [store, beginOf] of Object.entries(STORES)) {
  console.log(`storm: ${events} events through an outbox over ${store}, seed ${seed}`);
  const cleaning = [];
  const onProgress = progressOf(events, (line) => console.log(`storm: ${line}`));
  const { broken, counts, seconds } = await outboxStorm({ events, seed, kills: 40, begin: beginOf((work) => cleaning.push(work)), onProgress });
  for (const work of cleaning) work();
  console.log(`storm: ${store}: ${describeCounts(counts)} in ${seconds.toFixed(1)} s`);
  report(broken, "every event is stored once, in order");
}
