// The outbox's storm in its short form, over the stores that Node has. tests/runtimes/outbox/storm.mjs has the others, `make storm` the long form.
import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "claiv-memory/outbox";
import { chooseSeed } from "../hostile/random.mjs";
import { eventOf } from "./storm/events.mjs";
import { inMemory } from "./storm/memory.mjs";
import { STORES } from "./storm/stores.mjs";
import { describeCounts, faultsOf, storm } from "./storm/storm.mjs";

const EVENTS = 500;
const KILLS = 6;

for (const [store, beginOf] of Object.entries(STORES)) {
  test(`a storm of ${EVENTS} events and ${KILLS} kills through ${store}: each is stored exactly once, in order within its conversation`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`CLAIV_SEED=${seed}`);
    const { broken, counts, seconds } = await storm({ events: EVENTS, seed, kills: KILLS, begin: beginOf((work) => t.after(work)) });
    t.diagnostic(`${store}: ${describeCounts(counts)} in ${seconds.toFixed(1)} s`);
    assert.deepEqual(broken.slice(0, 10), [], `${broken.length} promises broken; CLAIV_SEED=${seed} runs it again`);
  });
}

test("a storm finds out a store that loses an event", async () => {
  const store = memoryStore();
  let added = 0;
  const losing = { ...store, add: async (value, most) => (value.kind === "event" && ++added === 50 ? 1e9 : store.add(value, most)) };
  const { broken } = await storm({ events: 200, seed: 1, kills: 0, begin: inMemory(losing) });
  assert.deepEqual(broken.filter((sentence) => /^event/.test(sentence)), ["event 49 is lost"]);
});

test("events that are lost, stored twice or out of order are named", () => {
  const numbers = [0, 100, 2, 1, 101, 2, 201, 102, 4, 104];
  const others = Array.from({ length: 202 }, (_, n) => n).filter((n) => !numbers.includes(n) && n !== 3);
  const stored = [...numbers, ...others].map(eventOf);
  assert.deepEqual(faultsOf(stored, 202).sort(), ["event 2 is stored twice", "event 3 is lost"]);
  assert.deepEqual(faultsOf([eventOf(100), eventOf(0)], 1), ["event 0 came after 100"]);
  assert.deepEqual(faultsOf([eventOf(100), eventOf(0)], 1, false), []);
});
