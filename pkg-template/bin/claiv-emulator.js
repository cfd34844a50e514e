#!/usr/bin/env node
// Serves the emulator over HTTP.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { ClaivEmulator } from "../dist/emulator.js";
import { guard } from "./guard.js";
import { inspector, isInspectors } from "./inspector.js";
import { Journal } from "./journal.js";
import { logLine } from "./log.js";
import { HELP, readOptions } from "./options.js";
import { seed } from "./seed.js";
import { listener } from "./serve.js";

/** How long requests under way may take to end once the process is told to stop. */
const GRACE_MS = 2000;
/** How many requests the inspector can show. */
const LOGGED = 500;

// Whoever read what is printed may be gone, as after `| head`. That is no reason to end, nor to say so.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

function fail(message) {
  console.error(`claiv-emulator: ${message}`);
  process.exit(1);
}

function done(text) {
  process.stdout.write(`${text}\n`, () => process.exit(0));
  return new Promise(() => {});
}

/** What the emulator refuses is named as it is in its own options. */
function attempt(act, option) {
  try {
    return act();
  } catch (error) {
    return fail(`${option}: ${error.message}`);
  }
}

const options = attemptOptions();
if (options.help) await done(HELP.trimEnd());
if (options.version) await done(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);

function attemptOptions() {
  try {
    return readOptions();
  } catch (error) {
    return fail(error.message);
  }
}

const { port, host, hosts, origins, apiKeys, data, faults, quota, latency, quiet } = options;
const make = () => new ClaivEmulator({ apiKeys, quota, latency, journal: data !== undefined, logLimit: LOGGED });
const emulator = attempt(make, "--quota");

const lost = (error) => fail(`cannot write the data file ${data}: ${error.message}`);
const onWait = () => console.error(`claiv-emulator: ${data} has a lock whose owner cannot be seen; waiting whether it is still in use.`);
const open = () => Journal.open(emulator, data, { onWait, onLost: lost });
const journal = data === undefined ? undefined : await open().catch((error) => fail(`cannot use the data file ${data}: ${error.message}`));

if (options.seed !== undefined) await plant();
attempt(() => emulator.addFault(faults), "--fault");

async function plant() {
  // A state would replace what is kept.
  if (journal?.existed) return;
  await seed(emulator, options.seed, apiKeys?.[0]).catch((error) => fail(`cannot use the seed ${options.seed}: ${error.message}`));
  await journal?.flush().catch(lost);
}

/** An answer leaves only after what it says is on the disk. */
async function handle(request) {
  try {
    return await emulator.fetch(request);
  } finally {
    await journal?.flush().catch(lost);
  }
}

const answer = guard(inspector(handle, { apiKey: apiKeys?.[0], origins }), { hosts, origins });
const log = (one) => isInspectors(one.url.split("?")[0]) || console.log(logLine(one));
const server = createServer(listener(answer, quiet ? undefined : log));

server.on("error", (error) => {
  if (error.code === "EADDRINUSE") fail(`port ${port} of ${host} is in use; choose another one with --port.`);
  if (error.code === "EACCES") fail(`port ${port} of ${host} may not be used; choose another one with --port.`);
  fail(`cannot listen on ${host}: ${error.message}`);
});

server.listen(port, host, () => {
  const { address, family, port } = server.address();
  const url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  console.log(`claiv-emulator listens on ${url}`);
  if (!quiet) console.log(`claiv-emulator shows its memory at ${url}/_claiv/`);
  prepare();
});

/** Indexes what was loaded while there is nothing else to do. */
function prepare() {
  if (emulator.prepare()) setImmediate(prepare);
}

let stopping = false;

async function stop() {
  // The second time is meant.
  if (stopping) process.exit(130);
  stopping = true;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  await journal?.close().catch(lost);
  process.exit(0);
}

process.on("SIGINT", stop);
process.on("SIGTERM", stop);
