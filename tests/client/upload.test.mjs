// A document's content as a Blob or a stream: read first, as much as may be sent, then sent as text.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import test from "node:test";
import { ClaivAbortError, ClaivNetworkError, ClaivTimeoutError, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const REST = { user_id: "u", document_name: "n", project_id: "p" };
const MOST = 5 * 1024 * 1024;
const bytes = (text) => new TextEncoder().encode(text);
const stream = (...chunks) => new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(chunk);
    controller.close();
  },
});
/** One byte to a chunk, so that every character is torn. */
const torn = (text) => stream(...Array.from(bytes(text), (byte) => Uint8Array.of(byte)));
const TEXT = "# Noten\n\n„Ключ“ 😀 \"quoted\\\" \u0000\u2028";

const SOURCES = {
  "a Blob": () => new Blob([TEXT]),
  "a stream of bytes": () => stream(bytes(TEXT)),
  "a stream of single bytes": () => torn(TEXT),
  "a stream of strings": () => stream(TEXT.slice(0, 5), TEXT.slice(5)),
  "a Response's body": () => new Response(TEXT).body,
  "what has the shape of a Blob": () => ({ stream: () => stream(bytes(TEXT)) }),
};
for (const [what, make] of Object.entries(SOURCES)) {
  test(`uploadDocument takes ${what}, and each attempt sends its text`, async (t) => {
    const server = await serve(t, (_, number) => (number === 1 ? { status: 503, headers: { "retry-after-ms": "1" } } : {}));
    const request = Object.freeze({ ...REST, content: make(), metadata: { a: 1 } });
    await connect(server, { maxRetries: 1 }).uploadDocument(request);
    assert.equal(server.requests.length, 2);
    for (const { json } of server.requests) assert.deepEqual(json, { ...REST, content: TEXT, metadata: { a: 1 } });
  });
}

if (typeof File === "function") {
  test("uploadDocument takes a File", async (t) => {
    const server = await serve(t);
    await connect(server).uploadDocument({ ...REST, content: new File(["te", "xt"], "a.md") });
    assert.equal(server.requests[0].json.content, "text");
  });
}

test("a field called __proto__ beside a Blob is sent as any other", async (t) => {
  const server = await serve(t);
  const request = { ...REST, content: new Blob(["text"]), ["__proto__"]: { a: 1 } };
  await connect(server).uploadDocument(request);
  assert.deepEqual(Object.entries(server.requests[0].json), [...Object.entries(REST), ["__proto__", { a: 1 }], ["content", "text"]]);
});

test("a stream is sent again only with a document_id, as text is", async (t) => {
  for (const [more, attempts] of [[{}, 1], [{ document_id: "d" }, 2]]) {
    const server = await serve(t, () => "drop");
    const client = connect(server, { maxRetries: 1, maxRetryDelay: 1 });
    await rejection(client.uploadDocument({ ...REST, ...more, content: stream("text") }), ClaivNetworkError);
    assert.equal(server.requests.length, attempts);
  }
});

test("the rest of the request is checked before anything is read", async (t) => {
  const server = await serve(t);
  let read = false;
  const content = new ReadableStream({ pull() { read = true; } }, { highWaterMark: 0 });
  const error = await rejection(connect(server).uploadDocument({ ...REST, user_id: "", content }), ClaivValidationError);
  assert.deepEqual([paths(error), read, content.locked], [["user_id"], false, false]);
});

const locked = () => {
  const content = stream("x");
  content.getReader();
  return content;
};
const BAD = {
  "nothing in it": [() => stream(), /non-empty/],
  "an empty Blob": [() => new Blob([]), /non-empty/],
  "no UTF-8": [() => stream(Uint8Array.of(0xff, 0xfe)), /could not be read/],
  "half a character at its end": [() => stream(bytes("€").slice(0, 2)), /could not be read/],
  "a number in it": [() => stream(5), /could not be read/],
  "an error": [() => new ReadableStream({ start: (controller) => controller.error(new Error("torn")) }), /could not be read: Error: torn/],
  "a reader already": [locked, /could not be read/],
  "a stream that is none": [() => ({ stream: () => 5 }), /could not be read/],
  "a method that throws": [() => ({ stream() { throw new Error("trap"); } }), /could not be read: Error: trap/],
};
for (const [what, [make, message]] of Object.entries(BAD)) {
  test(`content with ${what} is refused, and nothing is sent`, async (t) => {
    const server = await serve(t);
    const error = await rejection(connect(server).uploadDocument({ ...REST, content: make() }), ClaivValidationError);
    assert.deepEqual(paths(error), ["content"]);
    assert.match(error.message, message);
    assert.deepEqual([error.attempts, error.mayHaveBeenApplied, server.requests.length], [[], false, 0]);
  });
}

test("5 MB fit; what is longer is not read to its end, and its stream is cancelled", async (t) => {
  const server = await serve(t);
  const half = new Uint8Array(MOST / 2).fill(0x78);
  await connect(server).uploadDocument({ ...REST, content: stream(half, half) });
  assert.equal(server.requests[0].json.content.length, MOST);
  await connect(server).uploadDocument({ ...REST, content: new Blob([half, half]) });

  let pulled = 0;
  let cancelled = false;
  const endless = new ReadableStream({
    pull(controller) { pulled += 1; controller.enqueue(half); },
    cancel() { cancelled = true; },
  }, { highWaterMark: 0 });
  for (const content of [endless, new Blob([half, half, "x"]), stream("€".repeat(MOST / 2))]) {
    const error = await rejection(connect(server).uploadDocument({ ...REST, content }), ClaivValidationError);
    assert.deepEqual(paths(error), ["content"]);
    assert.match(error.message, /5 MB/);
  }
  assert.deepEqual([pulled, cancelled, server.requests.length], [3, true, 2]);
});

test("a stream that stalls ends with the timeout or the signal, and is cancelled", async (t) => {
  const server = await serve(t);
  const cancelled = [];
  const stalled = (name) => new ReadableStream({ cancel() { cancelled.push(name); return Promise.reject(new Error("unheard")); } });
  const client = connect(server);
  const slow = await rejection(client.uploadDocument({ ...REST, content: stalled("timeout") }, { timeout: 20 }), ClaivTimeoutError);
  assert.equal(slow.timeoutMs, 20);
  const total = await rejection(client.uploadDocument({ ...REST, content: stalled("total") }, { totalTimeout: 21 }), ClaivTimeoutError);
  assert.equal(total.scope, "total");
  const controller = new AbortController();
  const pending = client.uploadDocument({ ...REST, content: stalled("abort") }, { signal: controller.signal });
  controller.abort();
  await rejection(pending, ClaivAbortError);
  await wait(5);
  assert.deepEqual([cancelled, server.requests.length], [["timeout", "total", "abort"], 0]);
});

test("what is no text and no source of any is refused at once", async (t) => {
  const server = await serve(t);
  for (const content of [{}, [], new Uint8Array(3), { stream: true }, () => "x", 5, null]) {
    assert.deepEqual(paths(await rejection(connect(server).uploadDocument({ ...REST, content }), ClaivValidationError)), ["content"]);
  }
  assert.equal(server.requests.length, 0);
});
