// The outbox's storm: many events through a store, while the service fails at random and whoever sends is killed again and again.
import { randomOf } from "../../hostile/random.mjs";
import { startService } from "./service.mjs";

/** In this part of the events whoever queues is killed, and no more than this part is stored before all are queued. */
const QUEUEING = 0.7;

/**
 * Runs the storm and gives what came of it; `broken` has a sentence for each promise that was broken.
 *
 * `begin({ url, first, events, say, fail, isAllStored })` starts a sender: something that queues the events from number `first` on and sends
 * them to `url`, together with what the senders before it have left. A sender says "queued <n>" when the events below n are promised to be durable,
 * "dropped <n>" of an event that was given up, and "done" once nothing is left. `begin` gives
 *
 *   kill(release)  ends the sender in the middle of its work and gives a word for how. `release` has the service answer again, for a sender that
 *                  ends only then; otherwise the service answers nobody meanwhile
 *   end()          cleans up after a sender that is done, where there is something
 */
export async function storm({ events, seed, kills, begin, isOrdered = true, onProgress = () => {} }) {
  const random = randomOf(seed);
  let promised = 0;
  let killed = 0;
  /** How often by which means. */
  const means = {};
  let kill = () => {};

  // A third of the kills come while nothing but sending is left to do, the others while events are queued: each of those in its own
  // part. So every kill finds work to interrupt, and their number does not depend on how fast the machine or the store is.
  const whileSending = Math.floor(kills / 3);
  const whileQueueing = kills - whileSending;
  const queuedAt = Array.from({ length: whileQueueing }, (_, i) => (QUEUEING * events * (i + random())) / whileQueueing);
  let storedAt;
  const planNext = (stored) => {
    const isWhileSending = killed >= whileQueueing && killed < kills;
    storedAt = isWhileSending ? stored + ((events - stored) * random()) / (kills - killed + 1) : undefined;
  };

  const service = await startService(seed, {
    isDown: () => promised < events && service.stored.length >= QUEUEING * events,
    onStored: (stored) => {
      onProgress(promised, stored);
      if (promised === events && stored >= storedAt) kill();
    },
  });
  const started = performance.now();
  const broken = [];

  /** Runs a sender until it is done or killed; gives whether it was done. */
  const runSender = () => new Promise((resolve, reject) => {
    let isKilled = false;
    const say = (line) => {
      // What comes while it is being killed may or may not be heard: it is no promise.
      if (isKilled) return;
      const [word, number] = line.split(" ");
      if (word === "dropped") broken.push(`event ${number} was dropped`);
      if (word === "queued") promised = Number(number);
      if (word === "done") sender.then(({ end }) => end?.()).then(() => resolve(true), reject);
      if (word === "queued" && promised >= queuedAt[killed]) kill();
    };
    const sender = Promise.resolve().then(() => begin({
      url: service.url, first: promised, events, say, fail: reject, isAllStored: () => service.stored.length === events,
    }));
    sender.catch(reject);
    kill = () => {
      if (isKilled) return;
      isKilled = true;
      service.hold();
      sender.then((one) => one.kill(service.release)).then((how) => {
        service.release();
        killed += 1;
        means[how] = (means[how] ?? 0) + 1;
        resolve(false);
      }).catch(reject);
    };
  });

  try {
    let isDone = false;
    while (!isDone) {
      planNext(service.stored.length);
      isDone = await runSender();
    }
  } catch (error) {
    // No sender may go on after the storm.
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
  return { broken, seconds, counts: { events, stored: stored.length, killed, ...means, ...counts } };
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

/** An `onProgress` that prints ten lines in all. */
export function progressOf(events, print) {
  let next = 0;
  return (queued, stored) => {
    if (stored < next) return;
    next += events / 10;
    print(`${queued} are queued, ${stored} stored`);
  };
}
