// The outbox's storm in its short form; `make storm` runs the long one.
import assert from "node:assert/strict";
import test from "node:test";
import { chooseSeed } from "../hostile/random.mjs";
import { storm, told } from "./storm.mjs";

const EVENTS = 800;
const KILLS = 5;

test(`a storm of ${EVENTS} events and ${KILLS} kills: each is stored exactly once, in order within its conversation`, async (t) => {
  const seed = chooseSeed();
  t.diagnostic(`CLAIV_SEED=${seed}`);
  const { broken, counts, seconds } = await storm({ events: EVENTS, seed, kills: KILLS });
  t.diagnostic(`${told(counts)} in ${seconds.toFixed(1)} s`);
  assert.deepEqual(broken.slice(0, 10), [], `${broken.length} promises broken; CLAIV_SEED=${seed} runs it again`);
  // Else the storm was none.
  assert.equal(counts.killed, KILLS);
  for (const what of ["503", "429", "cut before", "cut after", "deduped"]) assert.ok(counts[what] > 0, `nothing was ${what}`);
});
