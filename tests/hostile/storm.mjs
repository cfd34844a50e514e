// The fault storm: many ingests at once through a service that fails at random, and afterwards a look into its store.
import { ClaivClient, ClaivError } from "claiv-memory";
import { randomOf } from "./random.mjs";
import { startStore } from "./store.mjs";

/** Of an attempt. Hanging answers cost this much each; right ones must not, however busy the machine is. */
const TIMEOUT = 1500;
const MAX_RETRIES = 3;
/** A call that takes longer than all its attempts and waits could is called pending. */
const PENDING = 30_000;
/** How many calls are aborted: before they begin, and at some time. */
const ABORTED_BEFORE = 0.01;
const ABORTED_LATER = 0.03;

/**
 * Sends `events` ingests, `concurrency` at a time, and gives what came of them:
 *
 *   broken   sentences, one for each promise that was broken; empty when all is well
 *   counts   how many fulfilled, were deduped, were rejected as certain or uncertain, …
 *   faults   what the service did, by name
 *
 * `many` sends them by one ingestMany instead.
 */
export async function storm({ events, seed, concurrency = 64, many = false, onProgress = () => {} }) {
  const store = await startStore(seed);
  const client = new ClaivClient({
    apiKey: "ck_storm", baseUrl: store.server.url, timeout: TIMEOUT, maxRetries: MAX_RETRIES, maxRetryDelay: 20,
  });
  const started = performance.now();
  const ends = many ? await sendMany(client, events, concurrency, onProgress) : await sendEach(client, events, seed, concurrency, onProgress);
  await store.settled();
  store.server.close();
  return { seed, seconds: (performance.now() - started) / 1000, faults: store.faults, requests: store.server.requests.length, ...judge(ends, store) };
}

const eventOf = (n) => ({ user_id: `user-${n % 7}`, type: "message", content: `event ${n}`, metadata: { n } });

async function sendEach(client, events, seed, concurrency, onProgress) {
  const ends = new Map();
  let next = 1;
  const lane = async () => {
    while (next <= events) {
      const n = next++;
      ends.set(n, await settle(client.ingest(eventOf(n), { signal: signalOf(randomOf(seed, n)) })));
      onProgress(ends.size, events);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return ends;
}

async function sendMany(client, events, concurrency, onProgress) {
  const list = Array.from({ length: events }, (_, i) => eventOf(i + 1));
  const results = await client.ingestMany(list, { concurrency, onProgress: ({ done, total }) => onProgress(done, total) });
  return new Map(results.map(({ value, reason }, i) => [i + 1, value ? { value } : { error: reason }]));
}

/** Aborts some of the calls. */
function signalOf(random) {
  const roll = random();
  if (roll < ABORTED_BEFORE) return AbortSignal.abort();
  if (roll > ABORTED_BEFORE + ABORTED_LATER) return undefined;
  const controller = new AbortController();
  setTimeout(() => controller.abort(), random() * 100);
  return controller.signal;
}

async function settle(promise) {
  let timer;
  const pending = new Promise((resolve) => {
    timer = setTimeout(resolve, PENDING, { pending: true });
  });
  const end = await Promise.race([promise.then((value) => ({ value }), (error) => ({ error })), pending]);
  clearTimeout(timer);
  return end;
}

/** Compares the results that callers got with what is stored. */
function judge(ends, { rows, attempts }) {
  const broken = [];
  const counts = { fulfilled: 0, retried: 0, deduped: 0, certain: 0, uncertain: 0, uncertainButStored: 0 };
  const stored = new Map();
  for (const row of rows) stored.set(row.n, [...(stored.get(row.n) ?? []), row]);

  for (const [n, { value, error, pending }] of ends) {
    const found = stored.get(n) ?? [];
    const { keys, count } = attempts.get(n) ?? { keys: new Set(), count: 0 };
    const report = (what) => broken.push(`event ${n}: ${what}`);
    if (found.length > 1) report(`is stored ${found.length} times`);
    if (keys.size > 1 || keys.has(undefined)) report("came with different keys, or without one");
    if (count > MAX_RETRIES + 1) report(`was sent ${count} times`);
    if (pending) {
      report("its promise is pending");
    } else if (value) {
      counts.fulfilled += 1;
      if (count > 1) counts.retried += 1;
      if (value.deduped) counts.deduped += 1;
      if (found.length !== 1) report("is told to be stored and is not");
      else if (found[0].id !== value.event_id) report(`has the id of another: ${value.event_id}`);
    } else if (!(error instanceof ClaivError)) {
      report(`failed with something else than a ClaivError: ${error}`);
    } else {
      counts[error.mayHaveBeenApplied ? "uncertain" : "certain"] += 1;
      if (error.mayHaveBeenApplied && found.length === 1) counts.uncertainButStored += 1;
      if (error.mayHaveBeenApplied === false && found.length > 0) report(`is stored, though ${error.name} says that it cannot be`);
      if (error.attempts.length < count) report(`was sent ${count} times, and its error tells of ${error.attempts.length}`);
      if (count > 0 && !keys.has(error.idempotencyKey)) report("its error has another key than its requests");
    }
  }
  return { broken, counts };
}
