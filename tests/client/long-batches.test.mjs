// A batch of many events leaves the event loop to others: it is checked, sent and settled in slices. Nothing here is measured by the
// clock; a loop of setImmediate counts the turns that it gets.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivAbortError, ClaivValidationError } from "claiv-memory";
import { connect } from "../support/client.mjs";

const COUNT = 20_000;
/** How much may happen between two turns of the event loop. */
const SLICE = 500;

const event = (i) => ({ user_id: "u", type: "message", content: `${i}` });
const many = (count, make = event) => Array.from({ length: count }, (_, i) => make(i));
const offline = (options) => connect({ url: "http://127.0.0.1:1" }, { fetch: async () => new Response("{}"), ...options });

/** Counts turns of the event loop until the test ends. `step()` notes that something happened; `most` is how often it did within one turn at the most. */
function turns(t) {
  const seen = { count: 0, most: 0, within: 0, step() { seen.most = Math.max(seen.most, ++seen.within); } };
  let next;
  const turn = () => {
    seen.count += 1;
    seen.within = 0;
    next = setImmediate(turn);
  };
  next = setImmediate(turn);
  t.after(() => clearImmediate(next));
  return seen;
}

for (const concurrency of [1, 4, 1000]) {
  test(`events that are answered at once are sent in slices, ${concurrency} at a time`, async (t) => {
    const seen = turns(t);
    const client = offline({ fetch: () => { seen.step(); return new Response("{}"); } });
    const results = await client.ingestMany(many(COUNT), { concurrency });
    assert.ok(results.every(({ status }) => status === "fulfilled"));
    assert.ok(seen.most <= SLICE, `${seen.most} were sent in one turn`);
  });

  test(`an abort rejects the rest in slices, ${concurrency} at a time`, async (t) => {
    const seen = turns(t);
    const controller = new AbortController();
    const client = offline({ fetch: () => { controller.abort("enough"); return new Promise(() => {}); } });
    const results = await client.ingestMany(many(COUNT), { concurrency, signal: controller.signal, onProgress: seen.step });
    assert.ok(results.every(({ reason }) => reason instanceof ClaivAbortError && reason.cause === "enough"));
    assert.ok(seen.most <= SLICE + concurrency, `${seen.most} settled in one turn`);
  });
}

test("events that break the rules are told in slices, and so are their errors made", async (t) => {
  const seen = turns(t);
  let settled = 0;
  const onProgress = ({ done }) => {
    seen.step();
    if (done === COUNT) settled = seen.count;
  };
  const results = await offline().ingestMany(many(COUNT, () => ({})), { onProgress });
  assert.ok(results.every(({ reason }) => reason instanceof ClaivValidationError));
  assert.equal(new Set(results.map(({ reason }) => reason)).size, COUNT);
  assert.ok(seen.most <= SLICE, `${seen.most} settled in one turn`);
  assert.ok(seen.count - settled >= COUNT / SLICE - 1, `${seen.count - settled} turns while the errors were made`);
});

test("one long thread is looked through in slices", async (t) => {
  const seen = turns(t);
  let found;
  const controller = new AbortController();
  const fetch = (_, { body }) => {
    if (JSON.parse(body).content === "another") found = seen.count;
    return new Promise(() => {});
  };
  const call = offline({ fetch }).ingestMany([...many(COUNT, (i) => ({ ...event(i), thread_id: "t" })), event("another")], { signal: controller.signal });
  while (found === undefined) await new Promise(setImmediate);
  assert.ok(found >= COUNT / SLICE - 1, `${found} turns until the event behind the thread was found`);
  controller.abort();
  assert.equal((await call).length, COUNT + 1);
});

test("the first event is sent before the others are checked", async (t) => {
  const { randomUUID } = crypto;
  let keys = 0;
  crypto.randomUUID = () => { keys += 1; return randomUUID.call(crypto); };
  t.after(() => { crypto.randomUUID = randomUUID; });
  let atFirst;
  const client = offline({ fetch: async () => { atFirst ??= keys; return new Response("{}"); } });
  await client.ingestMany(many(2000));
  assert.equal(keys, 2000);
  assert.ok(atFirst <= 4, `${atFirst} keys were made before the first was sent`);
});

test("all events are copied when the method is called, however late they are sent", async () => {
  const bodies = [];
  const client = offline({ fetch: async (_, { body }) => { bodies.push(JSON.parse(body)); return new Response("{}"); } });
  const at = new Date(0);
  class Text { constructor(text) { this.text = text; } toJSON() { return { ...event(this.text), metadata: { text: this.text } }; } }
  const events = many(1500, (i) => ({ ...event(i), metadata: { tags: ["a"], at, odd: undefined } }));
  const written = new Text("written");
  events.push(written);
  const call = client.ingestMany(events);
  for (const one of events) {
    one.content = "changed";
    one.metadata?.tags.push("changed");
    one.late = true;
  }
  written.text = "changed";
  at.setTime(1);
  events.length = 0;
  const results = await call;
  assert.equal(results.length, 1501);
  assert.ok(results.every(({ status }) => status === "fulfilled"));
  const sent = bodies.map(({ idempotency_key: _key, ...rest }) => rest);
  assert.deepEqual(sent.slice(0, 1500), many(1500, (i) => ({ ...event(i), metadata: { tags: ["a"], at: "1970-01-01T00:00:00.000Z" } })));
  assert.deepEqual(sent[1500], { ...event("written"), metadata: { text: "written" } });
});

test("an event is checked as its ingest is: values keep their types", async () => {
  const client = offline();
  const cycle = {};
  cycle.cycle = cycle;
  const boxed = Object("u");
  const wrong = [
    { event_time: new Date() }, { metadata: { n: 5n } }, { metadata: cycle }, { metadata: [] }, { user_id: boxed }, { content: () => "c" }, { threadId: undefined },
    { get content() { throw new Error("no"); } }, { metadata: { toJSON() { throw new Error("no"); } } },
  ];
  const events = wrong.map((fields) => Object.defineProperties(event("c"), Object.getOwnPropertyDescriptors(fields)));
  const results = await client.ingestMany(events);
  for (const [i, one] of events.entries()) {
    const error = await client.ingest(one).catch((reason) => reason);
    assert.ok(error instanceof ClaivValidationError, JSON.stringify(error));
    assert.deepEqual([results[i].reason.message, results[i].reason.issues], [error.message, error.issues], `event ${i}`);
  }
});
