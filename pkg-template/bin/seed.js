// What --seed puts into an emulator: an exported state or a data file, or requests to ingest.
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { load, realPath } from "./data-file.js";

const HEAD_BYTES = 4096;
const AT_ONCE = 1000;

/** Tells how many events were ingested; undefined if it was a state. */
export async function seed(emulator, name, apiKey = "seed") {
  const path = realPath(name);
  if (isState(path)) {
    if (!load(emulator, path).exists) throw new Error("it is empty.");
    return undefined;
  }
  const events = read(readFileSync(path, "utf8"));
  // Some at once, so that a latency is not waited for with each.
  for (let at = 0; at < events.length; at += AT_ONCE) {
    await Promise.all(events.slice(at, at + AT_ONCE).map((event, i) => ingest(emulator, event, at + i + 1, apiKey)));
  }
  return events.length;
}

function isState(path) {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, "r");
  try {
    return /^\s*\{\s*"format"\s*:\s*"claiv-emulator"/.test(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)).toString("utf8"));
  } finally {
    closeSync(file);
  }
}

/** An array of requests, or one on each line. */
function read(text) {
  const plain = text.replace(/^\ufeff/, "");
  if (plain.trimStart().startsWith("[")) return JSON.parse(plain);
  return plain.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch (error) {
      throw new Error(`line ${at + 1} is not JSON: ${error.message}`, { cause: error });
    }
  });
}

async function ingest(emulator, event, number, apiKey) {
  const path = event?.conversation_id === undefined ? "/v1/ingest" : "/v6/ingest";
  const print = createHash("sha256").update(JSON.stringify(event) ?? "").digest("hex");
  // With --data the same seed comes again at each start.
  const body = typeof event === "object" && event !== null ? { idempotency_key: `seed-${number}-${print.slice(0, 16)}`, ...event } : event;
  const response = await emulator.fetch(`http://localhost${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const { error } = await response.json().catch(() => ({}));
  throw new Error(`event ${number} is refused: ${error?.message ?? response.status}`);
}
