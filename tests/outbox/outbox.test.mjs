// What an outbox does with events, errors and deletions, over a store in memory.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivError, ClaivValidationError } from "claiv-memory";
import { createOutbox, memoryStore } from "claiv-memory/outbox";
import { KEY, connect, paths, rejection, thrown } from "../support/client.mjs";
import { collect, deferred, message, open, refusal, service, until } from "./support.mjs";

const contents = (events) => events.map(({ content }) => content);

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

test("a key that is not accepted drops nothing", async (t) => {
  let status = 401;
  const it = service(() => (status ? refusal(status) : undefined));
  const outbox = open(t, it, { onDropped: () => assert.fail("dropped") });
  for (const thread of ["a", "b"]) await outbox.ingest(message("x", thread));
  assert.equal((await outbox.flush()).left, 2);
  status = undefined;
  assert.deepEqual(await outbox.flush(), { sent: 2, left: 0 });
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
  assert.match(dropped[0].message, /waited \d+ ms, and maxAgeMs is 50/);
  assert.ok(dropped[0] instanceof ClaivError);
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
    assert.match((await rejection(call())).message, /outbox is closed/);
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

test("the API key is in no entry of the store", async (t) => {
  const store = memoryStore();
  const outbox = open(t, service(() => refusal(429, { "retry-after": "3600" })), { store });
  await outbox.ingest(message("one"));
  await outbox.flush();
  await store.add({ odd: 1 }, 10);
  await outbox.flush();
  assert.ok(!JSON.stringify(await store.list(0, 100)).includes(KEY));
});

test("options that are not usable are all named", () => {
  const error = thrown(() => createOutbox({ client: {}, store: {}, version: "v2", maxItems: 0, maxAgeMs: -1, concurrency: 0.5, onDroped: 1, onError: 1 }), ClaivValidationError);
  assert.deepEqual(paths(error), ["client", "concurrency", "maxAgeMs", "maxItems", "onDroped", "onError", "store", "version"]);
  assert.ok(error instanceof ClaivError);
  assert.deepEqual(Object.keys(error.toJSON()), ["name", "message", "issues"]);
  thrown(() => createOutbox(), ClaivValidationError);
});
