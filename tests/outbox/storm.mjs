// The outbox's storm: many events through a file, while the service fails at random and the process is killed again and again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { randomOf } from "../hostile/random.mjs";

const PROGRAM = fileURLToPath(new URL("storm-program.mjs", import.meta.url));
/** From time to time the service is away altogether, for so long. */
const AWAY_MS = 1500;

/** Stores each key once. What it does to a request hangs on the seed and the request's number. */
async function startService(seed, onStored) {
  const stored = [];
  const keys = new Set();
  const counts = { requests: 0, deduped: 0, away: 0, "503": 0, "429": 0, "cut before": 0, "cut after": 0 };
  let awayUntil = 0;
  const server = createServer(async (incoming, outgoing) => {
    const event = await json(incoming).catch(() => undefined);
    if (!event) return;
    const random = randomOf(seed, ++counts.requests);
    const refuse = (status) => {
      counts[status] += 1;
      outgoing.writeHead(status, { "content-type": "application/json", "retry-after-ms": "5" }).end('{"error":{"code":"made_up","message":"no"}}');
    };
    const cut = (when) => { counts[when] += 1; incoming.socket.destroy(); };
    if (random() < 1 / 3000) awayUntil = Date.now() + AWAY_MS;
    if (Date.now() < awayUntil) return cut("away");
    const roll = random();
    if (roll < 0.08) return refuse(503);
    if (roll < 0.1) return refuse(429);
    if (roll < 0.13) return cut("cut before");
    const deduped = keys.has(event.idempotency_key);
    if (deduped) counts.deduped += 1;
    else {
      keys.add(event.idempotency_key);
      stored.push(event);
      onStored(stored.length);
    }
    if (roll < 0.16) return cut("cut after");
    outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ event_id: event.idempotency_key, deduped }));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { stored, counts, url: `http://127.0.0.1:${server.address().port}`, close: () => { server.close(); server.closeAllConnections(); } };
}

/** Runs the storm and gives what came of it; `broken` has a sentence for each promise that was broken. */
export async function storm({ events, seed, kills, onProgress = () => {} }) {
  const folder = mkdtempSync(join(tmpdir(), "claiv-storm-"));
  const random = randomOf(seed);
  let child;
  let promised = 0;
  let killed = 0;
  const kill = () => { if (!child.killed) child.kill("SIGKILL"); };

  // A third of the kills come while nothing but sending is left to do, the others while events are queued: each of those in its own
  // part of the first seven tenths. So every kill finds work to interrupt, and their number does not hang on the machine's speed.
  const whileSending = Math.floor(kills / 3);
  const whileQueueing = kills - whileSending;
  const queuedAt = Array.from({ length: whileQueueing }, (_, i) => (0.7 * events * (i + random())) / whileQueueing);
  let storedAt;
  const planNext = (stored) => { storedAt = killed < whileQueueing || killed >= kills ? undefined : stored + ((events - stored) * random()) / (kills - killed + 1); };
  const service = await startService(seed, (stored) => { if (promised === events && stored >= storedAt) kill(); });
  const started = performance.now();
  const broken = [];
  try {
    for (let isDone = false; !isDone;) {
      planNext(service.stored.length);
      child = spawn(process.execPath, [PROGRAM, join(folder, "journal"), service.url, String(promised), String(events)]);
      let errors = "";
      child.stderr.on("data", (data) => { errors += data; });
      const reader = createInterface({ input: child.stdout });
      reader.on("line", (line) => {
        const [word, number] = line.split(" ");
        if (word === "dropped") broken.push(`event ${number} was dropped`);
        if (word === "done") isDone = true;
        if (word === "queued") promised = Number(number);
        onProgress(promised, service.stored.length);
        if (word === "queued" && promised >= queuedAt[killed]) kill();
      });
      const [[code, signal]] = await Promise.all([once(child, "close"), once(reader, "close")]);
      if (signal === "SIGKILL") killed += 1;
      else if (code !== 0 || !isDone) throw new Error(`the process ended with ${code ?? signal}: ${errors}`);
    }
  } finally {
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - started) / 1000;
  const { stored, counts } = service;
  const seen = new Set();
  const last = new Map();
  for (const { thread_id, metadata: { n } } of stored) {
    if (seen.has(n)) broken.push(`event ${n} is stored twice`);
    seen.add(n);
    if (n < last.get(thread_id)) broken.push(`event ${n} came after ${last.get(thread_id)}`);
    last.set(thread_id, n);
  }
  for (let n = 0; n < events; n++) if (!seen.has(n)) broken.push(`event ${n} is lost`);
  return { broken, seconds, counts: { events, stored: stored.length, killed, ...counts } };
}

export const told = (counts) => Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
