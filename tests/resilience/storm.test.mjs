// The fault storm in its short form; `make storm` runs the long one. Compares the results that callers got with what
// the service has stored.
import assert from "node:assert/strict";
import test from "node:test";
import { chooseSeed } from "../hostile/random.mjs";
import { storm } from "../hostile/storm.mjs";

const EVENTS = Number(process.env.CLAIV_STORM_EVENTS ?? 1500);

for (const [name, many] of [["ingest", false], ["ingestMany", true]]) {
  test(`a storm of ${EVENTS} events by ${name}: each settles, none is lost, none doubled, no certainty is false`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`CLAIV_SEED=${seed}`);
    const { broken, counts, faults, requests, seconds } = await storm({ events: EVENTS, seed, many });
    t.diagnostic(`${requests} requests in ${seconds.toFixed(1)} s: ${JSON.stringify(counts)}`);
    assert.deepEqual(broken.slice(0, 10), [], `${broken.length} promises broken; CLAIV_SEED=${seed} runs it again`);
    // Without faults the run would prove nothing.
    assert.ok(requests > EVENTS * 1.15, `${requests} requests`);
    assert.ok(counts.fulfilled > EVENTS * 0.5 && counts.retried > EVENTS / 20, JSON.stringify(counts));
    for (const [kind, count] of Object.entries(counts)) assert.ok(count > 0, `nothing was ${kind}`);
    assert.ok(Object.keys(faults).length > 30, `only ${Object.keys(faults).length} kinds of faults`);
  });
}
