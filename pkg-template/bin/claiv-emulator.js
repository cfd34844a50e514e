#!/usr/bin/env node
// The command claiv-emulator: serves an emulator over HTTP.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { ClaivEmulator } from "../dist/emulator.js";
import { restrictAccess } from "./access.js";
import { inspector, isInspectorPath } from "./inspector.js";
import { Journal } from "./journal.js";
import { logLine } from "./log.js";
import { HELP, readOptions } from "./options.js";
import { seed } from "./seed.js";
import { listener } from "./serve.js";

/** After Ctrl-C or SIGTERM, how long open requests may take to end, in milliseconds. */
const GRACE_MS = 2000;
/** How many of the latest requests are kept for the inspector. */
const LOG_LIMIT = 500;

// Writing fails once the reader of a pipe has ended, as after `| head`. The command goes on serving then.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/** Prints an error in one line and ends the process. */
function fail(message) {
  console.error(`claiv-emulator: ${message}`);
  process.exit(1);
}

/** Prints a text and ends the process once it is written. Never resolves. */
function printAndExit(text) {
  process.stdout.write(`${text}\n`, () => process.exit(0));
  return new Promise(() => {});
}

/** Calls a function of the emulator; an error ends the process with a message that names the option of the command. */
function attempt(act, option) {
  try {
    return act();
  } catch (error) {
    return fail(`${option}: ${error.message}`);
  }
}

const options = parseOptions();
if (options.help) await printAndExit(HELP.trimEnd());
if (options.version) await printAndExit(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);

function parseOptions() {
  try {
    return readOptions();
  } catch (error) {
    return fail(error.message);
  }
}

const { port, host, hosts, origins, apiKeys, data, faults, quota, latency, quiet } = options;
const make = () => new ClaivEmulator({ apiKeys, quota, latency, journal: data !== undefined, logLimit: LOG_LIMIT });
const emulator = attempt(make, "--quota");

const lost = (error) => fail(`cannot write the data file ${data}: ${error.message}`);
const onWait = () => console.error(`claiv-emulator: ${data} is locked by a process of another machine or container; waiting to see whether it is still running.`);
const open = () => Journal.open(emulator, data, { onWait, onLost: lost });
const journal = data === undefined ? undefined : await open().catch((error) => fail(`cannot use the data file ${data}: ${error.message}`));

if (options.seed !== undefined) await plantSeed();
attempt(() => emulator.addFault(faults), "--fault");

/** Loads the file of --seed, unless the file of --data has content: an exported state would replace it. */
async function plantSeed() {
  if (journal?.existed) return;
  await seed(emulator, options.seed, apiKeys?.[0]).catch((error) => fail(`cannot use the seed ${options.seed}: ${error.message}`));
  await journal?.flush().catch(lost);
}

/** Answers a request once the changes it made are on the disk. */
async function handle(request) {
  try {
    return await emulator.fetch(request);
  } finally {
    await journal?.flush().catch(lost);
  }
}

const answer = restrictAccess(inspector(handle, { apiKey: apiKeys?.[0], origins }), { hosts, origins });
const log = (done) => {
  if (!isInspectorPath(done.url.split("?")[0])) console.log(logLine(done));
};
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
  indexWhileIdle();
});

/** Indexes loaded events in the pauses between requests. */
function indexWhileIdle() {
  if (emulator.prepare()) setImmediate(indexWhileIdle);
}

let stopping = false;

/** Stops listening, waits for open requests, and closes the data file. A second signal ends the process at once. */
async function stop() {
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
