// Whatever a server, a proxy or the network does: the promise settles in time with the right error, only what is safe to send again is
// sent again, and the client works afterwards.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import { response } from "../hostile/wire.mjs";
import * as hostile from "../hostile/scenarios.mjs";
import { CALLS, PATHS, TIMEOUT, clientOf, ending, took, withServer } from "./support.mjs";

// How often each call is sent.
const ONCE = { get: 1, recall: 1, ingest: 1, forget: 1 };
const REPLAYED = { get: 3, recall: 3, ingest: 3, forget: 1 };
const ALWAYS = { get: 3, recall: 3, ingest: 3, forget: 3 };

const SLOW = 3000;

/** No complete answer came in time. Not retried: nobody knows what became of it. */
const late = {
  error: claiv.ClaivTimeoutError,
  fields: { timeoutMs: TIMEOUT, scope: "attempt", attempt: 1, mayHaveBeenApplied: true },
  sent: ONCE,
  ms: [TIMEOUT - 2, TIMEOUT + SLOW],
  check: (error) => assert.ok(error.elapsedMs >= TIMEOUT - 2, `elapsedMs ${error.elapsedMs}`),
};

/** The connection broke. */
const broken = {
  error: claiv.ClaivNetworkError,
  fields: { mayHaveBeenApplied: true },
  sent: REPLAYED,
  check: (error) => assert.ok(error.cause instanceof Error, "cause"),
};

/** A 2xx that is not what the API promises. */
const unusable = (fields) => ({ error: claiv.ClaivResponseError, fields: { status: 200, mayHaveBeenApplied: true, ...fields }, sent: ONCE });

/** JSON that breaks off. */
const cut = { ...unusable({}), sent: REPLAYED, check: (error) => assert.match(error.excerpt, /^\{"/) };

const failed = (fields) => ({ error: claiv.ClaivServerError, fields: { status: 500, mayHaveBeenApplied: true, ...fields }, sent: ALWAYS });

const fine = { sent: ONCE };

const TABLE = [
  ["accepts and never reads", hostile.neverReads, { ...late, sent: { get: 0, recall: 0, ingest: 0, forget: 0 } }],
  ["accepts and never answers", hostile.neverAnswers, late],
  ["stops in the status line", hostile.stallsInHead, late],
  ["sends headers, then nothing", hostile.stallsAfterHead, late],
  ["sends an error's headers, then nothing", hostile.stallsAfterErrorHead, late],
  ["sends a byte of the body now and then", hostile.drips(40), late],
  ["sends a byte of the body a second", hostile.drips(1000), late],
  ["sends a byte of an error's body now and then", hostile.drips(40, 503), late],
  ["sends a byte of the head now and then", hostile.dripsHead(40), late],
  ["never ends its chunks", hostile.chunksWithoutEnd, late],
  ["announces more than it sends, and waits", hostile.announcesTooMuch, late],
  ["hints for ever and never answers", hostile.hintsForever, late],

  ["resets at once", hostile.resetsAtOnce, { ...broken, sent: { get: 0, recall: 0, ingest: 0, forget: 0 }, attempts: REPLAYED }],
  ["resets before the first byte", hostile.resetsAfter(0), broken],
  ["resets after one byte", hostile.resetsAfter(1), broken],
  ["resets in the status line", hostile.resetsAfter(11), broken],
  ["resets in a header", hostile.resetsAfter(30), broken],
  ["resets in the body's first byte", hostile.resetsAfter(75), broken],
  ["resets in the body", hostile.resetsAfter(80), broken],
  ["closes without a word", hostile.closes, broken],
  ["cuts an announced body off", hostile.cutsAnnounced, broken],
  ["cuts a chunked body off", hostile.cutsChunked, broken],
  ["cuts a body off that was not announced", hostile.cutsUnannounced, cut],
  ["says gzip and sends none", hostile.falseGzip(200), broken],
  ["sends a garbage status line", hostile.garbage, broken],
  ["sends a megabyte of headers", hostile.longHead, broken],

  ["says 200 and sends HTML", hostile.respondsWith(response(200, "<html><h1>Welcome to our hotel's WLAN</h1></html>")),
    unusable({ excerpt: "<html><h1>Welcome to our hotel's WLAN</h1></html>" })],
  ["says 200 and sends nothing", hostile.respondsWith(response(200, "")), unusable({ excerpt: "" })],
  ["says 200 and sends null", hostile.respondsWith(response(200, "null")), unusable({ excerpt: "null" })],
  ["says 200 and sends an array", hostile.respondsWith(response(200, "[1]")), unusable({ excerpt: "[1]" })],
  ["says 200 and sends a text", hostile.respondsWith(response(200, '"ok"')), unusable({ excerpt: '"ok"' })],
  ["says 200 and sends ten kilobytes of text", hostile.respondsWith(response(200, "x".repeat(10_240))), unusable({ excerpt: "x".repeat(200) })],
  ["says 200 and sends bytes that are no text", hostile.respondsWith(response(200, Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]))), unusable({})],
  ["says 204", hostile.respondsWith("HTTP/1.1 204 No Content\r\n\r\n"), unusable({ status: 204, excerpt: "" })],
  ["announces less than it sends", hostile.announcesTooLittle, { error: claiv.ClaivError, fields: { mayHaveBeenApplied: true }, sent: REPLAYED }],

  ["answers 500 with gzip that is none", hostile.falseGzip(500), failed({ code: "unknown" })],
  ["cuts an error's body off", hostile.cutsError(500), failed({ code: "unknown" })],
  ["cuts a refusal's body off", hostile.cutsError(403), {
    error: claiv.ClaivPermissionError, fields: { status: 403, code: "unknown", mayHaveBeenApplied: false }, sent: ONCE,
  }],

  ["is of HTTP/1.0", hostile.http10, fine],
  ["sends invalid UTF-8 within a string", hostile.respondsWith(response(200, Buffer.from('{"plan":"\xff"}', "latin1"))), {
    ...fine, value: { plan: "\ufffd" },
  }],
];

for (const [name, scenario, expected] of TABLE) {
  test(`a server that ${name}`, () => withServer(scenario, async (server) => {
    const client = clientOf(server);
    await Promise.all(Object.keys(CALLS).map(async (kind) => check(kind, await ending(CALLS[kind](client)), expected, server)));
    await worksAgain(client, server);
  }));
}

function check(kind, { error, value, ms }, { error: Class, fields = {}, sent, attempts = sent, ms: [least, most] = [0, SLOW], ...more }, server) {
  const arrived = server.requests.filter(({ path }) => path.startsWith(PATHS[kind]));
  assert.equal(arrived.length, sent[kind], `${kind}: requests that arrived`);
  took(ms, least, most);
  if (!Class) {
    assert.equal(error, undefined);
    if (more.value) assert.deepEqual(value, more.value);
    return;
  }
  assert.ok(error instanceof Class, `${kind}: ${error.stack}`);
  const seen = Object.fromEntries(Object.keys(fields).map((name) => [name, error[name]]));
  assert.deepEqual(seen, fields, kind);
  // A request that never arrived was an attempt all the same.
  assert.equal(error.attempts.length, Math.max(1, attempts[kind]), `${kind}: attempts`);
  more.check?.(error);
  if (kind !== "ingest") return;
  assert.match(error.idempotencyKey, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  for (const { body } of arrived) assert.equal(JSON.parse(body).idempotency_key, error.idempotencyKey);
}

async function worksAgain(client, server) {
  server.heal();
  for (const call of Object.values(CALLS)) {
    const { error } = await ending(call(client, { timeout: 5000 }));
    assert.equal(error, undefined, `the next call failed: ${error?.stack}`);
  }
}
