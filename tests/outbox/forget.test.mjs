// Forgetting what waits, over a store in memory.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { memoryStore, queueOutbox } from "claiv-memory/outbox";
import { KEY, paths, rejection } from "../support/client.mjs";
import { contents, deferred, message, open, service, until } from "./support.mjs";

test("forget removes what waits, and calls the client's forget", async (t) => {
  let isDown = true;
  const it = service(() => { if (isDown) throw new TypeError("offline"); });
  const outbox = open(t, it);
  for (const [content, thread, user] of [["a1", "a", "u"], ["b1", "b", "u"], ["c1", "a", "v"]]) await outbox.ingest(message(content, thread, user));
  const { receipt_id } = await outbox.forget({ user_id: "u", thread_id: "a" });
  assert.equal(receipt_id, "r");
  assert.deepEqual(it.forgets, [{ user_id: "u", thread_id: "a" }]);
  isDown = false;
  assert.deepEqual(await outbox.flush(), { sent: 2, left: 0 });
  assert.deepEqual(contents(it.stored).sort(), ["b1", "c1"]);
});

test("forget waits for what is on its way: deleted memory does not come back", async (t) => {
  const { promise, resolve } = deferred();
  const it = service(() => promise);
  const outbox = open(t, it);
  await outbox.ingest(message("one"));
  await outbox.ingest(message("two"));
  await until(() => it.sent.length === 1);
  const forgotten = outbox.forget({ user_id: "u" });
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(it.forgets.length, 0);
  resolve();
  await forgotten;
  assert.deepEqual(await outbox.flush(), { sent: 0, left: 0 });
  assert.deepEqual(it.stored, []);
  assert.equal(it.sent.length, 1);
});

test("what is queued after a forget is sent", async (t) => {
  const it = service();
  const outbox = open(t, it);
  await outbox.forget({ user_id: "u" });
  await outbox.ingest(message("later"));
  await outbox.flush();
  assert.deepEqual(contents(it.stored), ["later"]);
});

test("a forget request that is refused removes nothing", async (t) => {
  const it = service(() => { throw new TypeError("offline"); });
  const outbox = open(t, it);
  await outbox.ingest(message("one"));
  const error = await rejection(outbox.forget({ user_id: "u", thread_id: undefined }), ClaivValidationError);
  assert.deepEqual(paths(error), ["thread_id"]);
  assert.equal(await outbox.size(), 1);
  assert.equal(it.forgets.length, 0);
});

test("a deletion whose program died before it was carried out is carried out by the next one that opens the store", async (t) => {
  const store = memoryStore();
  const it = service(() => { throw new TypeError("offline"); });
  const first = open(t, it, { store });
  await first.ingest(message("one"));
  await first.close();
  await store.add({ outbox: 1, kind: "forget", request: { user_id: "u" } }, Infinity);
  const second = open(t, it, { store });
  await second.flush();
  assert.deepEqual(await store.list(0, 10), []);
});

test("what the caller changes while a forget waits changes nothing: it deletes what was written", async (t) => {
  const { promise, resolve } = deferred();
  const it = service(() => promise);
  const outbox = open(t, it);
  await outbox.ingest(message("one"));
  await until(() => it.sent.length === 1);
  const request = { user_id: "u", thread_id: "t" };
  const forgotten = outbox.forget(request);
  delete request.thread_id;
  resolve();
  await forgotten;
  assert.deepEqual(it.forgets, [{ user_id: "u", thread_id: "t" }]);
});

test("a queue's forget deletes what was written, also where the caller changes it meanwhile", async () => {
  const { promise, resolve } = deferred();
  const it = service();
  const client = new ClaivClient({ apiKey: KEY, fetch: it.fetch, maxRetries: 0 });
  const added = [];
  const tombstones = { add: (one) => { added.push(one); return promise; }, list: async () => added };
  const request = { user_id: "u", thread_id: "t" };
  const forgotten = queueOutbox({ send: async () => {} }, { client, version: "v1", tombstones }).forget(request);
  delete request.thread_id;
  resolve();
  await forgotten;
  assert.deepEqual(it.forgets, [{ user_id: "u", thread_id: "t" }]);
  assert.deepEqual(added.map((one) => one.request), it.forgets);
});

test("what a toJSON gives is checked as well, and a forget that it widens is refused", async (t) => {
  const it = service();
  const outbox = open(t, it);
  const request = Object.defineProperty({ user_id: "u", thread_id: "t" }, "toJSON", { value: () => ({ user_id: "u", threadId: "t" }) });
  await rejection(outbox.forget(request), ClaivValidationError);
  assert.deepEqual(it.forgets, []);
});
