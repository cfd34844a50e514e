// What an outbox does with events and with the outcomes of sending them, over a store in memory.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivError, ClaivValidationError } from "claiv-memory";
import { createOutbox, memoryStore } from "claiv-memory/outbox";
import { paths, rejection, thrown } from "../support/client.mjs";
import { contents, deferred, message, open, refusal, service, until } from "./support.mjs";

test("an event is sent with the key and the time that it got when it was queued", async (t) => {
  const it = service();
  const outbox = open(t, it);
  const before = Date.now();
  const { queued, idempotency_key } = await outbox.ingest(message("one"));
  const after = Date.now();
  assert.deepEqual(await outbox.flush(), { sent: 1, left: 0 });
  const [{ event_time, ...sent }] = it.sent;
  assert.equal(queued, true);
  assert.deepEqual(sent, { ...message("one"), idempotency_key });
  assert.ok(Date.parse(event_time) >= before && Date.parse(event_time) <= after);
});

test("a key and a time of the caller's stay, and what the caller changes afterwards changes nothing", async (t) => {
  const it = service();
  const outbox = open(t, it);
  const event = { ...message("one"), idempotency_key: "mine", event_time: "2026-01-01T00:00:00Z", metadata: { n: 1 } };
  const queued = outbox.ingest(event);
  event.content = "changed";
  event.metadata.n = 2;
  assert.equal((await queued).idempotency_key, "mine");
  await outbox.flush();
  assert.deepEqual(it.sent, [{ ...message("one"), idempotency_key: "mine", event_time: "2026-01-01T00:00:00Z", metadata: { n: 1 } }]);
});

test("version v6 sends by ingestV6, and takes a time in Unix seconds", async (t) => {
  const urls = [];
  const it = service();
  const outbox = open(t, { fetch: (url, init) => { urls.push(url); return it.fetch(url, init); } }, { version: "v6" });
  await outbox.ingest({ user_id: "u", conversation_id: "c", type: "message", content: "one", event_time: 1_700_000_000 });
  await outbox.flush();
  assert.match(urls[0], /\/v6\/ingest$/);
  assert.equal(it.sent[0].event_time, 1_700_000_000);
});

test("what the client would refuse is refused before it enters, by the client's own error", async (t) => {
  const outbox = open(t, service());
  const error = await rejection(outbox.ingest({ user_id: "", type: "massage", content: "x" }), ClaivValidationError);
  assert.deepEqual(paths(error), ["type", "user_id"]);
  const circular = message("x");
  circular.metadata = { circular };
  assert.deepEqual(paths(await rejection(outbox.ingest(circular), ClaivValidationError)), ["metadata"]);
  await rejection(outbox.ingest({ toJSON: () => "text", ...message("x") }), ClaivValidationError);
  assert.equal(await outbox.size(), 0);
});

test("an event that fails is sent again with the same key; its followers wait, other conversations go on", async (t) => {
  let fails = true;
  const it = service(({ content }) => { if (content === "a1" && fails) throw new TypeError("fetch failed"); });
  const outbox = open(t, it);
  for (const [content, thread] of [["a1", "a"], ["a2", "a"], ["b1", "b"], ["b2", "b"]]) await outbox.ingest(message(content, thread));
  assert.deepEqual(await outbox.flush(), { sent: 2, left: 2 });
  assert.deepEqual(contents(it.stored), ["b1", "b2"]);
  fails = false;
  assert.deepEqual(await outbox.flush(), { sent: 2, left: 0 });
  assert.deepEqual(contents(it.stored), ["b1", "b2", "a1", "a2"]);
  assert.equal(new Set(it.sent.filter(({ content }) => content === "a1").map((one) => one.idempotency_key)).size, 1);
});

test("an event that failed is tried again without being asked", async (t) => {
  const it = service((event, n) => (n === 1 ? refusal(500) : undefined));
  const outbox = open(t, it);
  await outbox.ingest(message("one"));
  await until(() => it.stored.length === 1);
  assert.equal(it.sent.length, 2);
});

test("events of a user outside of any conversation keep their order, too", async (t) => {
  const it = service(async ({ content }) => { if (content === "1") await new Promise((resolve) => setTimeout(resolve, 30)); });
  const outbox = open(t, it);
  for (const content of ["1", "2", "3"]) await outbox.ingest({ user_id: "u", type: "message", content });
  await outbox.flush();
  assert.deepEqual(contents(it.stored), ["1", "2", "3"]);
});

test("a refusal goes to onDropped with the event and its error, and unblocks", async (t) => {
  const dropped = [];
  const it = service(({ content }) => (content === "bad" ? refusal(422) : undefined));
  const outbox = open(t, it, { onDropped: (...what) => { dropped.push(what); } });
  const { idempotency_key } = await outbox.ingest(message("bad"));
  await outbox.ingest(message("good"));
  assert.deepEqual(await outbox.flush(), { sent: 1, left: 0 });
  const [[event, error]] = dropped;
  assert.equal(dropped.length, 1);
  assert.equal(event.idempotency_key, idempotency_key);
  assert.ok(error instanceof ClaivError);
  assert.equal(error.status, 422);
});

test("an event of which nobody could be told is kept", async (t) => {
  let isUp = false;
  const dropped = [];
  const outbox = open(t, service(() => refusal(400)), { onDropped: async (event) => { if (!isUp) throw new Error("my log is down"); dropped.push(event); } });
  await outbox.ingest(message("one"));
  assert.deepEqual(await outbox.flush(), { sent: 0, left: 1 });
  isUp = true;
  assert.deepEqual(await outbox.flush(), { sent: 0, left: 0 });
  assert.equal(dropped.length, 1);
});

test("a drop that nobody listens for is printed", async (t) => {
  const printed = [];
  t.mock.method(console, "warn", (...what) => { printed.push(what.map(String).join(" ")); });
  const outbox = open(t, service(() => refusal(400)), { onError: undefined });
  const { idempotency_key } = await outbox.ingest(message("one"));
  await outbox.flush();
  assert.equal(printed.length, 1);
  assert.match(printed[0], new RegExp(`^claiv-memory/outbox: dropped ${idempotency_key} ClaivBadRequestError`));
});

test("a 429 pauses all conversations as long as it asks; a flush does not shorten that, and resolves", async (t) => {
  const started = Date.now();
  const it = service((event, n) => (n === 1 ? refusal(429, { "retry-after-ms": "1500" }) : undefined));
  const outbox = open(t, it, { concurrency: 1 });
  await outbox.ingest(message("a", "a"));
  await until(() => it.sent.length === 1);
  await outbox.ingest(message("b", "b"));
  assert.deepEqual(await outbox.flush(), { sent: 0, left: 2 });
  await until(() => it.stored.length === 2);
  assert.ok(Date.now() - started >= 1500);
  assert.equal(it.sent.length, 3);
});

test("a key that is not accepted drops nothing", async (t) => {
  let status = 401;
  const it = service(() => (status ? refusal(status) : undefined));
  const outbox = open(t, it, { onDropped: () => assert.fail("dropped") });
  for (const thread of ["a", "b"]) await outbox.ingest(message("x", thread));
  assert.equal((await outbox.flush()).left, 2);
  status = undefined;
  assert.deepEqual(await outbox.flush(), { sent: 2, left: 0 });
});

test("an event that waited longer than maxAgeMs is dropped and told", async (t) => {
  const dropped = [];
  let isDown = true;
  const it = service(() => { if (isDown) throw new TypeError("offline"); });
  const outbox = open(t, it, { maxAgeMs: 50, onDropped: (event, error) => { dropped.push(error); } });
  const { idempotency_key } = await outbox.ingest(message("old"));
  await outbox.flush();
  await new Promise((resolve) => setTimeout(resolve, 60));
  isDown = false;
  await outbox.ingest(message("new"));
  await outbox.flush();
  assert.deepEqual(contents(it.stored), ["new"]);
  assert.equal(dropped[0].idempotencyKey, idempotency_key);
  assert.match(dropped[0].message, /has waited longer than 50 ms \(maxAgeMs\)/);
  assert.ok(dropped[0] instanceof ClaivError);
});

test("a closed outbox sends nothing, takes nothing, and keeps what waits; what is on its way arrives first", async (t) => {
  const { promise, resolve } = deferred();
  const it = service(() => promise);
  const store = memoryStore();
  const outbox = open(t, it, { store });
  await outbox.ingest(message("one"));
  await outbox.ingest(message("two"));
  await until(() => it.sent.length === 1);
  const closed = outbox.close();
  for (const call of [() => outbox.ingest(message("x")), () => outbox.flush(), () => outbox.forget({ user_id: "u" })]) {
    assert.match((await rejection(call())).message, /outbox was closed/);
  }
  resolve();
  await closed;
  await outbox.close();
  assert.deepEqual(contents(it.stored), ["one"]);
  assert.equal((await store.list(0, 10)).length, 1);
  assert.equal(typeof outbox[Symbol.asyncDispose], "function");
});

test("a flush ends when its signal fires", async (t) => {
  const { promise, resolve } = deferred();
  const it = service(() => promise);
  const outbox = open(t, it);
  await outbox.ingest(message("one"));
  assert.deepEqual(await outbox.flush({ signal: AbortSignal.timeout(20) }), { sent: 0, left: 1 });
  assert.deepEqual(await outbox.flush({ signal: AbortSignal.abort() }), { sent: 0, left: 1 });
  resolve();
});

test("handlers that throw or reject change nothing", async (t) => {
  let fails = true;
  const it = service(() => { if (fails) throw new TypeError("offline"); });
  for (const onError of [() => { throw new Error("mine"); }, () => Promise.reject(new Error("mine"))]) {
    fails = true;
    const outbox = open(t, it, { onError });
    await outbox.ingest(message("one"));
    await outbox.flush();
    fails = false;
    assert.equal((await outbox.flush()).left, 0);
  }
});

test("options that are not usable are all named", () => {
  const error = thrown(() => createOutbox({ client: {}, store: {}, version: "v2", maxItems: 0, maxAgeMs: -1, concurrency: 0.5, onDroped: 1, onError: 1 }), ClaivValidationError);
  assert.deepEqual(paths(error), ["client", "concurrency", "maxAgeMs", "maxItems", "onDroped", "onError", "store", "version"]);
  assert.ok(error instanceof ClaivError);
  assert.deepEqual(Object.keys(error.toJSON()), ["name", "message", "issues"]);
  thrown(() => createOutbox(), ClaivValidationError);
});
