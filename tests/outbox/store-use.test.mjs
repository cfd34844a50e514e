// What an outbox does with its store: one that is full, fails, holds what cannot be read, or has another outbox on it.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivError } from "claiv-memory";
import { createOutbox, memoryStore } from "claiv-memory/outbox";
import { KEY, connect, rejection } from "../support/client.mjs";
import { collect, contents, deferred, message, open, refusal, service, until } from "./support.mjs";

test("a long pause is kept in the store, for whoever opens it next", async (t) => {
  const store = memoryStore();
  const it = service(() => refusal(429, { "retry-after": "3600" }));
  const first = open(t, it, { store });
  await first.ingest(message("one"));
  await until(() => it.sent.length === 1);
  await first.close();
  const second = open(t, it, { store });
  assert.deepEqual(await second.flush(), { sent: 0, left: 1 });
  assert.equal(it.sent.length, 1);
});

test("beyond maxItems ingest rejects with a ClaivError, and what waits is kept", async (t) => {
  const outbox = open(t, service(() => { throw new TypeError("offline"); }), { maxItems: 2 });
  await outbox.ingest(message("1"));
  await outbox.ingest(message("2"));
  const error = await rejection(outbox.ingest({ ...message("3"), idempotency_key: "k3" }));
  assert.match(error.message, /^The event was not queued: 2 wait already \(maxItems\)\.$/);
  assert.equal(error.idempotencyKey, "k3");
  assert.deepEqual((await collect(outbox.pending())).map(({ event }) => event.content), ["1", "2"]);
});

test("a store that has no room rejects the ingest that did not fit, with its reason", async (t) => {
  const reason = new DOMException("no room", "QuotaExceededError");
  const store = memoryStore();
  const it = service();
  const outbox = open(t, it, { store: { ...store, add: (value, most) => (value.event?.content === "large" ? Promise.reject(reason) : store.add(value, most)) } });
  const error = await rejection(outbox.ingest(message("large")));
  assert.equal(error.cause, reason);
  assert.match(error.message, /did not take it \(QuotaExceededError: no room\)/);
  await outbox.ingest(message("small"));
  await outbox.flush();
  assert.deepEqual(contents(it.stored), ["small"]);
});

test("entries that cannot be read are set aside and told, the rest goes on", async (t) => {
  const store = memoryStore();
  const broken = [{ odd: true }, "text", { outbox: 1, kind: "event", version: "v1", queued_at: 1, event: { user_id: "u" } }, { outbox: 2, kind: "event" }, null];
  for (const value of broken) await store.add(value, 100);
  const told = [];
  const it = service();
  const outbox = open(t, it, { store, onError: (error) => { told.push(error); } });
  await outbox.ingest(message("whole"));
  assert.deepEqual(await outbox.flush(), { sent: 1, left: 0 });
  assert.deepEqual(told.map(({ details }) => details), broken);
  assert.ok(told.every((error) => error instanceof ClaivError));
  assert.deepEqual((await collect(outbox.damaged())).map(({ value }) => value), broken);
  const again = open(t, it, { store, onError: () => assert.fail("told again") });
  assert.deepEqual(await again.flush(), { sent: 0, left: 0 });
  for (const { id } of await collect(again.damaged())) await store.remove([id]);
  assert.deepEqual(await store.list(0, 10), []);
});

test("two outboxes with one store send one at a time, and what one queues or forgets or flushes the other sees", async (t) => {
  const store = memoryStore();
  let most = 0;
  let now = 0;
  const it = service(async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 2));
    now -= 1;
  });
  const [a, b] = [open(t, it, { store, concurrency: 1 }), open(t, it, { store, concurrency: 1 })];
  await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 ? a : b).ingest(message(String(n), `t${n % 5}`))));
  const results = await Promise.all([a.flush(), b.flush()]);
  await until(async () => (await a.size()) === 0);
  assert.equal(most, 1);
  assert.equal(it.sent.length, 40);
  assert.ok(results[0].sent + results[1].sent <= 40);

  it.answer = () => { throw new TypeError("offline"); };
  await a.ingest(message("waits", "w", "w"));
  await until(() => it.sent.length > 40);
  await b.ingest(message("waits, too", "x", "x"));
  await b.forget({ user_id: "w" });
  assert.deepEqual((await collect(b.pending())).map(({ event }) => event.user_id), ["x"]);
  it.answer = () => undefined;
  assert.equal((await b.flush()).left, 0);
});

test("an event that could not be removed is not sent again by the same outbox, and once more, with the same key, by the next", async (t) => {
  const store = memoryStore();
  let isFull = true;
  const failing = { ...store, remove: (ids) => (isFull ? Promise.reject(new Error("disk full")) : store.remove(ids)) };
  const it = service();
  const outbox = open(t, it, { store: failing });
  await outbox.ingest(message("one"));
  await outbox.ingest(message("two"));
  await outbox.flush();
  await outbox.flush();
  assert.deepEqual(contents(it.sent), ["one", "two"]);
  await outbox.close();
  isFull = false;
  const next = open(t, it, { store: failing });
  assert.equal((await next.flush()).left, 0);
  assert.deepEqual(contents(it.sent), ["one", "two", "one", "two"]);
  assert.deepEqual(contents(it.stored), ["one", "two"]);
});

test("a store that fails for a while is told of, and goes on later", async (t) => {
  const store = memoryStore();
  let isBroken = false;
  const told = [];
  const it = service();
  const list = (...what) => (isBroken ? Promise.reject(new Error("broken")) : store.list(...what));
  const outbox = open(t, it, { store: { ...store, list }, onError: (error) => { told.push(error.message); } });
  isBroken = true;
  await outbox.ingest(message("one"));
  await until(() => told.includes("broken"));
  isBroken = false;
  assert.equal((await outbox.flush()).left, 0);
  assert.deepEqual(contents(it.stored), ["one"]);
});

test("where the lock is lost, what is on its way is cut short and sent again by whoever has it next", async (t) => {
  const store = memoryStore();
  const controller = new AbortController();
  let turns = 0;
  const lock = (work, signal) => store.lock(() => work(turns++ === 0 ? controller.signal : new AbortController().signal), signal);
  const hang = deferred();
  const it = service(() => hang.promise);
  const client = connect({ url: "https://api.claiv.test" }, {
    fetch: (url, init) => Promise.race([it.fetch(url, init), new Promise((_, reject) => init.signal.addEventListener("abort", () => reject(init.signal.reason)))]),
  });
  const outbox = createOutbox({ client, store: { ...store, lock }, version: "v1", onError: (error) => assert.fail(error) });
  t.after(() => outbox.close());
  await outbox.ingest(message("one"));
  await until(() => it.sent.length === 1);
  controller.abort();
  hang.resolve();
  await until(async () => (await outbox.size()) === 0);
  assert.equal(it.sent.length, 2);
  assert.equal(it.stored.length, 1);
});

test("the API key is in no entry of the store", async (t) => {
  const store = memoryStore();
  const outbox = open(t, service(() => refusal(429, { "retry-after": "3600" })), { store });
  await outbox.ingest(message("one"));
  await outbox.flush();
  await store.add({ odd: 1 }, 10);
  await outbox.flush();
  assert.ok(!JSON.stringify(await store.list(0, 100)).includes(KEY));
});
