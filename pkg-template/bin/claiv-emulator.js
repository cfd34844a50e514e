#!/usr/bin/env node
// Serves the emulator over HTTP.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { ClaivEmulator } from "../dist/emulator.js";
import { Journal } from "./journal.js";
import { listener } from "./serve.js";

const HELP = `An in-memory Claiv Memory service, for work offline, demos and tests.

Usage: claiv-emulator [options]

  --port <number>   the port to listen on; 0 for a free one (default 8787)
  --host <address>  the address to listen on (default 127.0.0.1)
  --data <file>     keep the state in this file, so that it outlives the process
  --api-key <key>   accept this key only; may be given several times
  --version         print the version
  --help            print this text
`;

const OPTIONS = {
  port: { type: "string", default: "8787" },
  host: { type: "string", default: "127.0.0.1" },
  data: { type: "string" },
  "api-key": { type: "string", multiple: true },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
};

/** How long requests under way may take to end once the process is told to stop. */
const GRACE_MS = 2000;

function fail(message) {
  console.error(`claiv-emulator: ${message}`);
  process.exit(1);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    fail(`${error.message.split("\n")[0]} See --help.`);
  }
  if (values.help) return done(HELP.trimEnd());
  if (values.version) return done(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) fail(`--port must be a number from 0 to 65535, not "${values.port}".`);
  if (values["api-key"]?.some((key) => key === "")) fail("--api-key must not be empty.");
  if (values.data === "") fail("--data must name a file.");
  return { port, host: values.host, data: values.data, apiKeys: values["api-key"] };
}

function done(text) {
  console.log(text);
  process.exit(0);
}

function openJournal(emulator, file) {
  try {
    return Journal.open(emulator, file);
  } catch (error) {
    return fail(`cannot use the data file ${file}: ${error.message}`);
  }
}

/** One line for each request. Whoever sends it decides on its path, so nothing but printable characters gets through; no query, no key. */
function logLine({ method, url, status, ms, requestId }) {
  const path = url.split("?")[0].replace(/[^\x21-\x7e]/g, "?");
  console.log(`${new Date().toISOString()} ${method} ${path} ${status ?? "dropped"} ${ms} ms ${requestId}`);
}

const { port, host, data, apiKeys } = readOptions();
const emulator = new ClaivEmulator({ apiKeys, journal: data !== undefined, logLimit: 0 });
const journal = data === undefined ? undefined : openJournal(emulator, data);

/** An answer leaves only after what it says is on the disk. */
async function handle(request) {
  try {
    return await emulator.fetch(request);
  } finally {
    await journal?.flush().catch((error) => fail(`cannot write the data file ${data}: ${error.message}`));
  }
}

const server = createServer(listener(handle, logLine));

server.on("error", (error) => {
  if (error.code === "EADDRINUSE") fail(`port ${port} of ${host} is in use; choose another one with --port.`);
  if (error.code === "EACCES") fail(`port ${port} of ${host} may not be used; choose another one with --port.`);
  fail(`cannot listen on ${host}: ${error.message}`);
});

server.listen(port, host, () => {
  const { address, family, port } = server.address();
  console.log(`claiv-emulator listens on http://${family === "IPv6" ? `[${address}]` : address}:${port}`);
});

let stopping = false;

async function stop() {
  // The second time is meant.
  if (stopping) process.exit(130);
  stopping = true;
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
  await journal?.close().catch((error) => fail(`cannot write the data file ${data}: ${error.message}`));
  process.exit(0);
}

process.on("SIGINT", stop);
process.on("SIGTERM", stop);
