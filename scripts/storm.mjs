#!/usr/bin/env node
// The fault storm in full:  node scripts/storm.mjs [events] [seed]
// Needs the package installed into tests/node_modules: node scripts/test.mjs pack
import { chooseSeed } from "../tests/hostile/random.mjs";
import { storm } from "../tests/hostile/storm.mjs";

const [events = "20000", given] = process.argv.slice(2);
const seed = chooseSeed(given ?? process.env.CLAIV_SEED);

for (const many of [false, true]) {
  console.log(`storm: ${events} events by ${many ? "ingestMany" : "ingest"}, seed ${seed}`);
  let reported = 0;
  const onProgress = (done, total) => {
    if (done < total && done - reported < total / 10) return;
    reported = done;
    console.log(`storm: ${done} of ${total} have settled`);
  };
  const { broken, counts, faults, requests, seconds } = await storm({ events: Number(events), seed, many, onProgress });
  console.log(`storm: ${requests} requests in ${seconds.toFixed(1)} s`);
  console.log(`storm: ${Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  console.log(`storm: ${Object.entries(faults).sort().map(([name, count]) => `${name} ${count}`).join(", ")}`);
  for (const sentence of broken.slice(0, 50)) console.error(`storm: ${sentence}`);
  console.log(broken.length === 0 ? "storm: every promise was kept" : `storm: ${broken.length} promises were broken`);
  if (broken.length > 0) process.exitCode = 1;
}

// Over the stores that Node has; `make storm` goes on with the others (tests/runtimes/outbox/storm.mjs).
const [{ describeCounts, storm: outboxStorm }, { STORES }] = await Promise.all([import("../tests/outbox/storm/storm.mjs"), import("../tests/outbox/storm/stores.mjs")]);
for (const [store, lives] of Object.entries(STORES)) {
  console.log(`storm: ${events} events through an outbox over ${store}, seed ${seed}`);
  const cleaning = [];
  let next = 0;
  const { broken, counts, seconds } = await outboxStorm({ events: Number(events), seed, kills: 40, begin: lives((work) => cleaning.push(work)), onProgress: (queued, stored) => {
    if (stored < next) return;
    next += Number(events) / 10;
    console.log(`storm: ${queued} are queued, ${stored} stored`);
  } });
  for (const work of cleaning) work();
  console.log(`storm: ${store}: ${describeCounts(counts)} in ${seconds.toFixed(1)} s`);
  for (const sentence of broken.slice(0, 50)) console.error(`storm: ${sentence}`);
  console.log(broken.length === 0 ? "storm: every event is stored once, in order" : `storm: ${broken.length} promises were broken`);
  if (broken.length > 0) process.exitCode = 1;
}
