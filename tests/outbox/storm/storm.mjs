// The outbox's storm: many events through a store, while the service fails at random and whoever sends is killed again and again.
import { randomOf } from "../../hostile/random.mjs";
import { startService } from "./service.mjs";

/** In this part of the events whoever queues is killed, and no more than this part is stored before all are queued. */
const QUEUEING = 0.7;

/**
 * Runs the storm and gives what came of it; `broken` has a sentence for each promise that was broken.
 *
 * `begin({ url, first, events, say, fail, isAllStored })` starts a life: somebody who queues the events from number `first` on and sends
 * them to `url`, in what the lives before have left. A life says "queued <n>" when the events below n are promised to be durable, "dropped <n>" of
 * an event that was given up, and "done" once nothing is left. `begin` gives
 *
 *   kill(release)  ends that life in the middle of its work and gives a word for how. `release` has the service answer again, for a life that
 *                  ends only then; otherwise it answers nobody meanwhile
 *   end()          cleans up after a life that is done, where there is something
 */
export async function storm({ events, seed, kills, begin, isOrdered = true, onProgress = () => {} }) {
  const random = randomOf(seed);
  let promised = 0;
  let killed = 0;
  const deaths = {};
  let kill = () => {};

  // A third of the kills come while nothing but sending is left to do, the others while events are queued: each of those in its own
  // part. So every kill finds work to interrupt, and their number does not hang on how fast the machine or the store is.
  const whileSending = Math.floor(kills / 3);
  const whileQueueing = kills - whileSending;
  const queuedAt = Array.from({ length: whileQueueing }, (_, i) => (QUEUEING * events * (i + random())) / whileQueueing);
  let storedAt;
  const planNext = (stored) => { storedAt = killed < whileQueueing || killed >= kills ? undefined : stored + ((events - stored) * random()) / (kills - killed + 1); };

  const service = await startService(seed, {
    isDown: () => promised < events && service.stored.length >= QUEUEING * events,
    onStored: (stored) => {
      onProgress(promised, stored);
      if (promised === events && stored >= storedAt) kill();
    },
  });
  const started = performance.now();
  const broken = [];

  /** From the beginning of a life to its end; gives whether it was done. */
  const live = () => new Promise((resolve, reject) => {
    let isDying = false;
    const say = (line) => {
      // What the dying say is not known to have been heard.
      if (isDying) return;
      const [word, number] = line.split(" ");
      if (word === "dropped") broken.push(`event ${number} was dropped`);
      if (word === "queued") promised = Number(number);
      if (word === "done") life.then(({ end }) => end?.()).then(() => resolve(true), reject);
      if (word === "queued" && promised >= queuedAt[killed]) kill();
    };
    const life = Promise.resolve().then(() => begin({
      url: service.url, first: promised, events, say, fail: reject, isAllStored: () => service.stored.length === events,
    }));
    life.catch(reject);
    kill = () => {
      if (isDying) return;
      isDying = true;
      service.hold();
      life.then((one) => one.kill(service.release)).then((how) => {
        service.release();
        killed += 1;
        deaths[how] = (deaths[how] ?? 0) + 1;
        resolve(false);
      }).catch(reject);
    };
  });

  try {
    do planNext(service.stored.length); while (!(await live()));
  } catch (error) {
    // Nobody may go on after the storm.
    kill();
    throw error;
  } finally {
    service.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const { stored, counts } = service;
  broken.push(...faultsOf(stored, events, isOrdered));
  if (killed !== kills) broken.push(`${killed} kills instead of ${kills}: this was no storm`);
  for (const what of ["answered 503", "answered 429", "cut before", "cut after", "deduped"]) if (counts[what] === 0) broken.push(`nothing was ${what}: this was no storm`);
  return { broken, seconds, counts: { events, stored: stored.length, killed, ...deaths, ...counts } };
}

/** What is wrong with what was stored, as sentences: each of `events` once, and in order within its conversation. */
export function faultsOf(stored, events, isOrdered = true) {
  const faults = [];
  const seen = new Set();
  const last = new Map();
  for (const { thread_id, metadata: { n } } of stored) {
    if (seen.has(n)) faults.push(`event ${n} is stored twice`);
    seen.add(n);
    if (isOrdered && n < last.get(thread_id)) faults.push(`event ${n} came after ${last.get(thread_id)}`);
    last.set(thread_id, n);
  }
  for (let n = 0; n < events; n++) if (!seen.has(n)) faults.push(`event ${n} is lost`);
  return faults;
}

export const describeCounts = (counts) => Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
