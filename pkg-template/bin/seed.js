// Loads the file of --seed: an exported state, a data file, or requests to ingest.
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { load, realPath } from "./data-file.js";

/** How many bytes are read to find out what the file is. */
const HEAD_BYTES = 4096;
/** How many requests are sent at once. */
const AT_ONCE = 1000;

/**
 * Loads a seed into an emulator.
 *
 * @param {import("../dist/emulator.js").ClaivEmulator} emulator
 * @param {string} name the path of the file
 * @param {string} [apiKey] a key that the emulator accepts
 * @returns {Promise<number | undefined>} how many events were ingested; undefined if the file is a state
 * @throws {Error} that names the line or the event that is wrong
 */
export async function seed(emulator, name, apiKey = "seed") {
  const path = realPath(name);
  if (isState(path)) {
    if (!load(emulator, path).exists) throw new Error("it is empty.");
    return undefined;
  }
  const events = parseEvents(readFileSync(path, "utf8"));
  // Many at once, so that --latency delays all of them together and not one after the other.
  for (let at = 0; at < events.length; at += AT_ONCE) {
    await Promise.all(events.slice(at, at + AT_ONCE).map((event, i) => ingest(emulator, event, at + i + 1, apiKey)));
  }
  return events.length;
}

/** Whether a file is an exported state or a data file. */
function isState(path) {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, "r");
  try {
    return /^\s*\{\s*"format"\s*:\s*"claiv-emulator"/.test(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)).toString("utf8"));
  } finally {
    closeSync(file);
  }
}

/** Parses requests: a JSON array, or one on each line. */
function parseEvents(text) {
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

/** Ingests one event; `number` is its position, counted from 1. */
async function ingest(emulator, event, number, apiKey) {
  const path = event?.conversation_id === undefined ? "/v1/ingest" : "/v6/ingest";
  const hash = createHash("sha256").update(JSON.stringify(event) ?? "").digest("hex");
  // An idempotency key of its own, so that an event of a seed is stored once even if it is ingested again.
  const body = typeof event === "object" && event !== null ? { idempotency_key: `seed-${number}-${hash.slice(0, 16)}`, ...event } : event;
  const response = await emulator.fetch(`http://localhost${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const { error } = await response.json().catch(() => ({}));
  throw new Error(`event ${number} is refused: ${error?.message ?? response.status}`);
}
