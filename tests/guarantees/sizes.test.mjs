// How large an answer may be: `maxResponseBytes`, of the client and of a call, 32 MiB unless it is said otherwise. It counts the bytes of the
// body as they reach the client, unpacked.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ClaivClient, ClaivResponseError, ClaivServerError, ClaivValidationError } from "claiv-memory";
import { rejection, thrown } from "../support/client.mjs";
import { serve } from "../support/server.mjs";
import { program } from "./support.mjs";

const MiB = 1 << 20;
const DEFAULT = 32 * MiB;
const EVENT = { user_id: "u", type: "message", content: "c" };
const TASK = { user_id: "u", task: "t", token_budget: 500 };

/** JSON of exactly so many bytes. */
const json = (bytes) => `{"event_id":"${"a".repeat(bytes - 15)}"}`;

/** A body that comes in these pieces, and notes whether it was cancelled. */
function body(pieces, { end = true } = {}) {
  const left = [...pieces];
  const state = { cancelled: 0, pulled: 0 };
  const stream = new ReadableStream({
    pull(controller) {
      state.pulled += 1;
      if (left.length > 0) controller.enqueue(left.shift());
      else if (end) controller.close();
      else return new Promise(() => {});
      return undefined;
    },
    cancel() { state.cancelled += 1; },
  }, { highWaterMark: 0 });
  return { stream, state };
}

const bytes = (text) => new TextEncoder().encode(text);

/** A client of stubbed answers, and how often its fetch was called. */
function make(respond, options = {}) {
  const asked = [];
  const fetch = async (...args) => {
    asked.push(args);
    return respond(...args);
  };
  return { asked, client: new ClaivClient({ apiKey: "k", baseUrl: "http://127.0.0.1:9", fetch, maxRetries: 2, maxRetryDelay: 1, ...options }) };
}

/** What an answer that is too large ends in. */
function tooLarge(error, limit, status = 200) {
  assert.equal(error.constructor, ClaivResponseError, error.stack);
  assert.equal(error.status, status);
  assert.match(error.message, /maxResponseBytes|larger|too large|more than/i);
  assert.ok(error.message.includes(String(limit)), error.message);
  assert.equal(error.attempts.length, 1);
  assert.equal(error.mayHaveBeenApplied, status < 400 || status >= 500);
  assert.ok(error.excerpt === undefined || error.excerpt.length <= 200);
}

describe("bodies without end, in processes of their own", { concurrency: 2 }, () => {
  for (const [kind, what, status] of [["endless", "an endless 200", 200], ["bomb", "a gzip bomb of ten gigabytes", 200], ["error", "an endless error body", 500], ["chunk", "400 MB packed into one piece", 200]]) {
    for (const limit of [undefined, MiB]) {
      test(`${what} ends in a ClaivResponseError at ${limit ? "1 MiB" : "the default of 32 MiB"}: it is not retried, the connection is closed at once, the memory stays small`, async (t) => {
        const end = await program("endless-body.mjs", [kind, ...(limit ? [limit] : [])], { timeout: 30_000, flags: ["--max-old-space-size=1024"] });
        t.diagnostic(`rss grew by ${(end.grown / MiB).toFixed(0)} MiB`);
        assert.equal(end.ended, "ClaivResponseError");
        assert.deepEqual([end.status, end.attempts, end.requests, end.mayHaveBeenApplied, end.key], [status, 1, 1, true, "string"]);
        assert.ok(end.message.includes(String(limit ?? DEFAULT)), end.message);
        assert.ok(end.closed, "the server still has its connection");
        // The stream's own buffers, the text, and what the collector has not looked at yet. Without a limit these are gigabytes. What is packed
        // into one piece, the server has to hold as well.
        assert.ok(end.grown < (kind === "chunk" ? 1400 : 500) * MiB, `rss grew by ${(end.grown / MiB).toFixed(0)} MiB`);
      });
    }
  }
});

test("an answer of exactly maxResponseBytes passes, one byte more does not", async (t) => {
  const server = await serve(t, ({ url }) => ({ body: json(url.includes("recall") ? 1001 : 1000) }));
  const client = new ClaivClient({ apiKey: "k", baseUrl: server.url, maxResponseBytes: 1000 });
  assert.equal((await client.ingest(EVENT)).event_id.length, 985);
  tooLarge(await rejection(client.recall(TASK)), 1000);
  assert.equal(server.requests.length, 2);
});

test("the default is 33,554,432 bytes, for a body in pieces and for a mock with only text()", async () => {
  const piece = new Uint8Array(MiB).fill(97);
  const pieces = (more) => [bytes('{"event_id":"'), ...Array.from({ length: 31 }, () => piece), piece.subarray(0, MiB - 15 + more), bytes('"}')];
  for (const respond of [(more) => new Response(body(pieces(more)).stream), (more) => ({ status: 200, headers: new Headers(), text: async () => json(DEFAULT + more) })]) {
    assert.equal((await make(() => respond(0)).client.ingest(EVENT)).event_id.length, DEFAULT - 15);
    tooLarge(await rejection(make(() => respond(1)).client.ingest(EVENT)), DEFAULT);
  }
});

test("a call's maxResponseBytes is instead of the client's, larger or smaller", async () => {
  const { client } = make(() => new Response(json(5000)), { maxResponseBytes: 1000 });
  assert.equal((await client.ingest(EVENT, { maxResponseBytes: 5000 })).event_id.length, 4985);
  tooLarge(await rejection(client.ingest(EVENT, { maxResponseBytes: 4999 })), 4999);
  tooLarge(await rejection(client.ingest(EVENT)), 1000);
  const [{ reason }] = await client.ingestMany([EVENT], { maxResponseBytes: 2000 });
  tooLarge(reason, 2000);
  assert.equal((await client.ingestMany([EVENT], { maxResponseBytes: 5000 }))[0].status, "fulfilled");
});

test("a limit above the default lets larger answers in", async () => {
  const { client } = make(() => new Response(json(DEFAULT + 1000)), { maxResponseBytes: 2 * DEFAULT });
  assert.equal((await client.ingest(EVENT)).event_id.length, DEFAULT + 985);
});

for (const status of [200, 201, 400, 404, 429, 500, 503]) {
  test(`a body of status ${status} that is too large is cancelled after the piece that was too much, and the call is not repeated`, async () => {
    const { stream, state } = body([bytes('{"a":"'), new Uint8Array(600), new Uint8Array(600), new Uint8Array(600), new Uint8Array(600)], { end: false });
    const { client, asked } = make(() => new Response(stream, { status }), { maxResponseBytes: 1000 });
    const error = await rejection(client.ingest(EVENT));
    tooLarge(error, 1000, status);
    assert.equal(asked.length, 1);
    assert.deepEqual(state, { cancelled: 1, pulled: 3 });
  });
}

test("a Content-Length that is too large is not waited for, and one that lies changes nothing", async () => {
  const { stream, state } = body([bytes('{"event_id":"e"}')]);
  const { client } = make(() => new Response(stream, { headers: { "content-length": "5000" } }), { maxResponseBytes: 1000 });
  // Of a packed answer it is the packed length, so it cannot say that the answer is too large; to refuse it unread is allowed, to wait is not.
  const end = await client.ingest(EVENT).then(({ event_id }) => event_id, (error) => error);
  if (end !== "e") tooLarge(end, 1000);
  assert.ok(state.pulled <= 2);
  const lies = make(() => new Response(body([bytes(json(2000))]).stream, { headers: { "content-length": "10" } }), { maxResponseBytes: 1000 });
  tooLarge(await rejection(lies.client.ingest(EVENT)), 1000);
});

test("a body that cannot be cancelled, or whose cancel never ends, changes nothing", async () => {
  for (const cancel of [() => { throw new Error("no"); }, () => Promise.reject(new Error("no")), () => new Promise(() => {})]) {
    const stream = new ReadableStream({ pull: (it) => it.enqueue(new Uint8Array(600)), cancel });
    tooLarge(await rejection(make(() => new Response(stream), { maxResponseBytes: 1000 }).client.ingest(EVENT)), 1000);
  }
});

test("without a body to read in pieces the text is measured, in bytes of UTF-8", async () => {
  const like = (text) => () => ({ status: 200, headers: new Headers(), text: async () => text });
  assert.deepEqual(await make(like('{"a":"é"}'), { maxResponseBytes: 10 }).client.ingest(EVENT), { a: "é" });
  tooLarge(await rejection(make(like('{"a":"é"}'), { maxResponseBytes: 9 }).client.ingest(EVENT)), 9);
  for (const absent of [null, undefined, "text", {}]) {
    const respond = () => ({ ...like('{"a":1}')(), body: absent });
    assert.deepEqual(await make(respond, { maxResponseBytes: 7 }).client.ingest(EVENT), { a: 1 });
    tooLarge(await rejection(make(respond, { maxResponseBytes: 6 }).client.ingest(EVENT)), 6);
  }
  tooLarge(await rejection(make(() => ({ ...like("x".repeat(2000))(), status: 503 }), { maxResponseBytes: 1000 }).client.ingest(EVENT)), 1000, 503);
});

for (const value of [1, 2, 1000, DEFAULT, 2 ** 32, Number.MAX_SAFE_INTEGER, undefined]) {
  test(`maxResponseBytes may be ${value}`, async () => {
    assert.ok(new ClaivClient({ apiKey: "k", maxResponseBytes: value }));
    const { client } = make(() => new Response("{}"));
    const end = await client.ingest(EVENT, { maxResponseBytes: value }).then(() => "fulfilled", (error) => error);
    if (value === 1) tooLarge(end, 1);
    else assert.equal(end, "fulfilled");
  });
}

for (const value of [0, -1, 0.5, 1000.5, NaN, Infinity, -Infinity, 2 ** 53, "1000", "", null, true, {}, [1], 10n, Symbol("n"), () => 5, new Number(5)]) {
  test(`maxResponseBytes must not be ${typeof value} ${String(value)}: a whole number, 1 or more`, async () => {
    const faulty = (error, path) => {
      assert.deepEqual(error.issues.map((issue) => issue.path), [path]);
      assert.match(error.issues[0].message, /^must be a whole number, 1 or more.*got /);
    };
    faulty(thrown(() => new ClaivClient({ apiKey: "k", maxResponseBytes: value }), ClaivValidationError), "maxResponseBytes");
    const { client, asked } = make(() => new Response("{}"));
    faulty(await rejection(client.ingest(EVENT, { maxResponseBytes: value }), ClaivValidationError), "options.maxResponseBytes");
    assert.equal(asked.length, 0);
  });
}

test("characters that are split between pieces of the body survive, whatever the split", async () => {
  const text = '{"event_id":"aé€😀\u0000z","b":"\ud7ff\ue000𐍈"}'.replace("\u0000", "\\u0000");
  const all = bytes(text);
  for (let at = 0; at <= all.length; at++) {
    const { client } = make(() => new Response(body([all.subarray(0, at), all.subarray(at)].filter(({ length }) => length > 0)).stream));
    assert.deepEqual(await client.ingest(EVENT), JSON.parse(text), `split at ${at}`);
  }
  const { client } = make(() => new Response(body([...all].map((byte) => Uint8Array.of(byte))).stream));
  assert.deepEqual(await client.ingest(EVENT), JSON.parse(text));
});

test("a body in pieces is decoded as text() decodes it: a byte order mark is dropped, broken UTF-8 becomes U+FFFD", async () => {
  for (const raw of [[0xef, 0xbb, 0xbf, ...bytes('{"a":1}')], [...bytes('{"a":"'), 0xff, 0xc3, ...bytes('"}')], [...bytes('{"a":"\ufeffb"}')], [...bytes('{"a":"'), 0xe2, 0x82, ...bytes('"}')]]) {
    const expected = JSON.parse(await new Response(Uint8Array.from(raw)).text());
    for (const pieces of [[Uint8Array.from(raw)], raw.map((byte) => Uint8Array.of(byte))]) {
      assert.deepEqual(await make(() => new Response(body(pieces).stream)).client.ingest(EVENT), expected);
    }
  }
  // A character that has only begun at the end.
  const cut = await rejection(make(() => new Response(Uint8Array.of(0x7b, 0xe2, 0x82)), { maxRetries: 0 }).client.ingest(EVENT));
  assert.equal(cut.excerpt, await new Response(Uint8Array.of(0x7b, 0xe2, 0x82)).text());
});

test("a body whose pieces are no bytes ends in a ClaivError", async () => {
  for (const piece of ["text", 7, {}, null, new Date(), [1, 2]]) {
    const error = await rejection(make(() => ({ status: 200, headers: new Headers(), body: body([piece]).stream, text: async () => "{}" }), { maxRetries: 0 }).client.ingest(EVENT)
      .then((value) => (assert.deepEqual(value, {}), Promise.reject(new ClaivResponseError("read by text()"))), (reason) => Promise.reject(reason)));
    assert.ok(error.message);
  }
});

test("what is not too large and fails is retried as before", async () => {
  let failures = 0;
  const { client, asked } = make(() => new Response("x".repeat(1000), { status: ++failures < 3 ? 503 : 500 }), { maxResponseBytes: 1000 });
  assert.ok(await rejection(client.ingest(EVENT)) instanceof ClaivServerError);
  assert.equal(asked.length, 3);
});
