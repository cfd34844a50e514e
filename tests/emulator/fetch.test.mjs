// emulator.fetch: its arguments, aborts, bodies, and that nothing is kept alive longer than needed.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BASE, KEY, start } from "./helpers.mjs";

const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
const event = { user_id: "u", type: "message", content: "hello there" };
const ingest = { method: "POST", headers, body: JSON.stringify(event) };

test("fetch is bound, and the same function at each access", async () => {
  const emulator = new ClaivEmulator();
  const { fetch } = emulator;
  assert.equal(emulator.fetch, fetch);
  // Deno.serve looks at the length, and hands over no request if it is 0.
  assert.deepEqual([fetch.length, fetch.name], [1, "fetch"]);
  assert.equal((await fetch(`${BASE}/healthz`)).status, 200);
  assert.equal((await Reflect.apply(fetch, { other: 1 }, [`${BASE}/healthz`])).status, 200);
});

test("fetch keeps its emulator alive", async () => {
  const { fetch } = (() => new ClaivEmulator())();
  for (let i = 0; i < 50; i++) {
    new ClaivEmulator();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.equal((await fetch(`${BASE}/healthz`)).status, 200);
});

test("fetch takes a string, a URL or a Request, with or without init", async () => {
  const { emulator, contents } = start();
  const { fetch } = emulator;
  const url = `${BASE}/v1/ingest`;
  const responses = [
    await fetch(url, ingest),
    await fetch(new URL(url), ingest),
    await fetch(new Request(url, ingest)),
    await fetch(new Request(url, { ...ingest, body: "{}" }), { body: ingest.body }),
    await fetch(new Request(url), ingest),
    await fetch(url, { ...ingest, headers: new Headers(headers), body: new TextEncoder().encode(ingest.body) }),
    await fetch(url, { ...ingest, headers: Object.entries(headers), body: new Blob([ingest.body]) }),
    await fetch(url, { ...ingest, body: new Blob([ingest.body]).stream(), duplex: "half" }),
  ];
  assert.deepEqual(responses.map(({ status }) => status), responses.map(() => 200));
  assert.ok(responses.every((response) => response instanceof Response));
  assert.equal((await contents("hello")).length, responses.length);
});

test("fetch is a request handler, whatever context a server passes", async () => {
  const { fetch } = new ClaivEmulator();
  const contexts = [
    [],
    [{ remoteAddr: { hostname: "::1" }, completed: Promise.resolve() }],
    [{ port: 1, fetch() {}, stop() {}, requestIP() {} }],
    [{ KV: {}, method: "DELETE", body: "a binding", headers: "x", signal: "y" }, { waitUntil() {} }],
    [undefined, undefined],
    [null],
  ];
  for (const context of contexts) {
    const response = await fetch(new Request(`${BASE}/v1/ingest`, ingest), ...context);
    assert.equal(response.status, 200);
  }
});

test("invalid arguments reject", async () => {
  const { fetch } = new ClaivEmulator();
  await assert.rejects(fetch("/relative"), TypeError);
  await assert.rejects(fetch(BASE, { method: "GET", body: "x" }), TypeError);
  await assert.rejects(fetch(BASE, { method: "BAD METHOD" }), TypeError);
  await assert.rejects(fetch(), TypeError);
  const used = new Request(`${BASE}/v1/ingest`, ingest);
  await used.text();
  await assert.rejects(fetch(used), TypeError);
});

test("a request's body is read once", async () => {
  const request = new Request(`${BASE}/v1/ingest`, ingest);
  await new ClaivEmulator().fetch(request);
  assert.equal(request.bodyUsed, true);
});

test("an aborted signal rejects with its reason, and nothing is stored", async () => {
  const { emulator, contents } = start();
  const reason = { why: "a reason of its own" };
  const signal = AbortSignal.abort(reason);
  await assert.rejects(emulator.fetch(`${BASE}/v1/ingest`, { ...ingest, signal }), (error) => error === reason);
  const request = new Request(`${BASE}/v1/ingest`, { ...ingest, signal: AbortSignal.abort() });
  await assert.rejects(emulator.fetch(request), { name: "AbortError" });
  assert.equal(emulator.requests.length, 0);
  assert.deepEqual(await contents("hello"), []);
});

test("an abort ends a delay", async () => {
  for (const [fault, stored] of [
    [{ delay: 60_000 }, 0],
    [{ delay: Infinity }, 0],
    [{ delay: 60_000, after: true }, 1],
  ]) {
    for (const pass of ["init", "request"]) {
      const { emulator, contents } = start();
      emulator.addFault(fault);
      const controller = new AbortController();
      const init = { ...ingest, signal: controller.signal };
      const answer = pass === "init" ? emulator.fetch(`${BASE}/v1/ingest`, init) : emulator.fetch(new Request(`${BASE}/v1/ingest`, init));
      const reason = new Error("enough");
      setTimeout(() => controller.abort(reason), 20);
      const began = performance.now();
      await assert.rejects(answer, (error) => error === reason);
      assert.ok(performance.now() - began < 1000);
      assert.equal(emulator.requests[0].status, null);
      assert.equal((await contents("hello")).length, stored);
    }
  }
});

test("an abort ends the reading of the body and cancels its stream", async () => {
  const { emulator } = start();
  let cancelled = false;
  const body = new ReadableStream({ pull: () => new Promise(() => {}), cancel: () => void (cancelled = true) });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const answer = emulator.fetch(`${BASE}/v1/ingest`, { ...ingest, body, duplex: "half", signal: controller.signal });
  await assert.rejects(answer, { name: "AbortError" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(cancelled, true);
});

test("no listener is left on the signal, however a request ends", async () => {
  const { emulator } = start();
  const { signal } = new AbortController();
  const listeners = () => getEventListeners(signal, "abort").length;
  for (let i = 0; i < 20; i++) await emulator.fetch(`${BASE}/v1/ingest`, { ...ingest, signal });
  assert.equal(listeners(), 0);
  emulator.addFault({ drop: true });
  await assert.rejects(emulator.fetch(`${BASE}/healthz`, { signal }), TypeError);
  await assert.rejects(emulator.fetch("/relative", { signal }), TypeError);
  assert.equal(listeners(), 0);
  const controller = new AbortController();
  emulator.addFault({ delay: Infinity });
  const answer = emulator.fetch(`${BASE}/healthz`, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  controller.abort();
  await assert.rejects(answer, { name: "AbortError" });
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
});

test("every JavaScript string is returned as it was sent", async () => {
  for (const content of [
    "\ud800",
    "a \udfff\ud800 b",
    "\ud83d",
    "😀\ud83d",
    "\udbfd\udfff \udbfe\udc00 \udbfd",
    "\u0000\u0001\u001f",
    "שלום \u202eabc\u202c مرحبا",
    "👩‍👩‍👧‍👦 e\u0301",
    "\\ud800 \" \\ / \b\f\n\r\t",
    "\ufeff\uffff\u2028\u2029",
    " leading and trailing ",
  ]) {
    const { ingest, contents, emulator } = start();
    await ingest(content);
    const shown = JSON.stringify(content);
    assert.deepEqual(await contents("anything"), [content], shown);
    assert.equal(emulator.requests[0].body.content, content, shown);
    const copy = start();
    copy.emulator.importState(emulator.exportState());
    assert.deepEqual(await copy.contents("anything"), [content], shown);
  }
});

test("an event of five megabytes is stored and found by a word in it", async () => {
  const { post, recall } = start();
  const filler = "All work and no play makes a dull day. ".repeat(65_000);
  const content = `${filler}The combination is xylophone. ${filler}`;
  assert.ok(content.length > 5_000_000);
  assert.equal((await post("/v1/ingest", { user_id: "u", type: "message", content })).status, 200);
  const pack = await recall("xylophone", { token_budget: 200 });
  assert.ok(pack.memory_blocks[0].content.includes("xylophone"));
  assert.ok(pack.token_estimate <= 200);
});

test("two hundred calls at once all succeed, and each is stored once", async () => {
  const { emulator, ingest, post, recall } = start({ latency: 5 });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ingest(`note ${i}`, { idempotency_key: `k${i % 100}` })));
  assert.equal(new Set(answers.map(({ event_id }) => event_id)).size, 100);
  assert.equal(answers.filter(({ deduped }) => deduped).length, 100);
  const packs = await Promise.all(Array.from({ length: 200 }, () => recall("note")));
  assert.ok(packs.every(({ memory_blocks }) => memory_blocks.length === 100));
  assert.equal((await post("/v1/forget", { user_id: "u" })).body.deleted_counts.events, 100);
  assert.equal(emulator.requests.length, 401);
});

test("a body is not read beyond the limit", async () => {
  const { emulator } = start({ maxBodyBytes: 100_000 });
  let sent = 0;
  let cancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      sent += 10_000;
      controller.enqueue(new Uint8Array(10_000));
    },
    cancel: () => void (cancelled = true),
  });
  const response = await emulator.fetch(`${BASE}/v1/ingest`, { ...ingest, body, duplex: "half" });
  assert.equal(response.status, 413);
  assert.ok(sent < 300_000, `${sent}`);
  assert.equal(cancelled, true);
});
