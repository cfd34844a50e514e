// ingestMany: each event is an ingest of its own, with its own result.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import test from "node:test";
import { ClaivAbortError, ClaivServerError, ClaivValidationError } from "claiv-memory";
import { connect, deepFreeze, paths, rejection } from "../support/client.mjs";
import { serveEmulator } from "../support/emulator.mjs";
import { serve } from "../support/server.mjs";

const event = (content, more = {}) => ({ user_id: "u", type: "message", content, ...more });

test("each event is an ingest with a key of its own, and the results stand in the order given", async (t) => {
  const server = await serve(t, ({ json }) => ({ body: { event_id: `e-${json.content}`, deduped: false } }));
  const contents = Array.from({ length: 20 }, (_, i) => String(i));
  const results = await connect(server).ingestMany(deepFreeze(contents.map((content) => event(content))));
  assert.deepEqual(results, contents.map((content) => ({ status: "fulfilled", value: { event_id: `e-${content}`, deduped: false } })));
  assert.deepEqual([...new Set(server.requests.map(({ method, url }) => `${method} ${url}`))], ["POST /v1/ingest"]);
  assert.equal(new Set(server.requests.map(({ json }) => json.idempotency_key)).size, 20);
});

for (const [options, expected] of [[undefined, 4], [{ concurrency: 1 }, 1], [{ concurrency: 7 }, 7], [{ concurrency: 1000 }, 21]]) {
  test(`${expected} run at once, no more and no fewer, with ${JSON.stringify(options) ?? "no options"}`, async () => {
    const waiting = [];
    const fetch = () => new Promise((resolve) => waiting.push(() => resolve(new Response("{}"))));
    const call = connect({ url: "http://127.0.0.1:1" }, { fetch }).ingestMany(Array.from({ length: 21 }, (_, i) => event(String(i))), options);
    for (let left = 21; left > 0; left--) {
      // Nothing here waits for time, so a few turns of the event loop are enough for all that can happen.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      assert.equal(waiting.length, Math.min(expected, left));
      waiting.shift()();
    }
    assert.equal((await call).length, 21);
  });
}

test("events of one thread go one after the other, in the order given", async (t) => {
  const running = new Set();
  const server = await serve(t, async ({ json }) => {
    assert.ok(!running.has(json.thread_id), "two of one thread at once");
    running.add(json.thread_id);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running.delete(json.thread_id);
    return {};
  });
  const events = Array.from({ length: 24 }, (_, i) => event(String(i), { thread_id: `t-${i % 3}` }));
  const results = await connect(server).ingestMany(events, { concurrency: 8 });
  assert.deepEqual([...new Set(results.map(({ status }) => status))], ["fulfilled"]);
  for (const thread of ["t-0", "t-1", "t-2"]) {
    const order = server.requests.filter(({ json }) => json.thread_id === thread).map(({ json }) => Number(json.content));
    assert.deepEqual(order, order.toSorted((a, b) => a - b));
    assert.equal(order.length, 8);
  }
});

test("what is wrong with one event rejects that one only", async (t) => {
  const server = await serveEmulator(t);
  const results = await connect(server).ingestMany([event("a"), {}, null, event(""), event("b", { metadata: { n: 5n } }), event("c")]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "rejected", "rejected", "rejected", "fulfilled"]);
  for (const { reason } of results.slice(1, 5)) {
    assert.ok(reason instanceof ClaivValidationError);
    assert.deepEqual([reason.attempts, reason.mayHaveBeenApplied], [[], false]);
  }
  assert.equal(server.emulator.requests.length, 2);
});

test("a failure of the server is the event's own, with its key", async (t) => {
  const server = await serve(t, ({ json }) => (json.content === "b" ? { status: 500 } : {}));
  const [a, b, c] = await connect(server).ingestMany([event("a"), event("b"), event("c")], { concurrency: 1 });
  assert.deepEqual([a.status, b.status, c.status], ["fulfilled", "rejected", "fulfilled"]);
  assert.ok(b.reason instanceof ClaivServerError);
  assert.equal(b.reason.idempotencyKey, server.requests[1].json.idempotency_key);
});

test("none is an empty list", async (t) => {
  const server = await serve(t);
  assert.deepEqual(await connect(server).ingestMany([]), []);
  assert.equal(server.requests.length, 0);
});

for (const events of [undefined, null, "x", 5, {}, new Set([event("a")]), () => [event("a")], { length: 1, 0: event("a") }]) {
  test(`the events must be an array, not ${String(events)}`, async (t) => {
    const server = await serve(t);
    assert.deepEqual(paths(await rejection(connect(server).ingestMany(events), ClaivValidationError)), ["events"]);
    assert.equal(server.requests.length, 0);
  });
}

test("its options are checked like those of any call", async (t) => {
  const server = await serve(t);
  const wrong = { concurrency: 0, onProgress: 5, timeout: -1, other: 1 };
  const error = await rejection(connect(server).ingestMany([event("a")], wrong), ClaivValidationError);
  assert.deepEqual(paths(error), ["options.concurrency", "options.onProgress", "options.other", "options.timeout"]);
  for (const concurrency of [1001, 1.5, "4", NaN, null]) {
    assert.deepEqual(paths(await rejection(connect(server).ingestMany([], { concurrency }), ClaivValidationError)), ["options.concurrency"]);
  }
  const single = await rejection(connect(server).ingest(event("a"), { concurrency: 2 }), ClaivValidationError);
  assert.deepEqual(paths(single), ["options.concurrency"], "and belong to it alone");
  assert.equal(server.requests.length, 0);
});

test("progress is told once for each event, and whoever listens cannot disturb", async (t) => {
  const server = await serve(t);
  const reported = [];
  const onProgress = (progress) => {
    reported.push({ ...progress });
    if (progress.done % 2) throw new Error("listener");
    return Promise.reject(new Error("listener"));
  };
  await connect(server).ingestMany([event("a"), {}, event("c")], { onProgress });
  assert.deepEqual(reported.map(({ done, total }) => [done, total]), [[1, 3], [2, 3], [3, 3]]);
  assert.deepEqual(reported.map(({ index }) => index).sort(), [0, 1, 2]);
  assert.deepEqual([reported[2].fulfilled, reported[2].rejected], [2, 1]);
});

test("after an abort nothing more is sent, and what was not sent says so", async (t) => {
  const controller = new AbortController();
  const server = await serve(t, ({ json }) => {
    if (json.content !== "c") return {};
    controller.abort("enough");
    return "hang";
  });
  const events = ["a", "b", "c", "d", "e"].map((content) => event(content));
  const results = await connect(server).ingestMany(events, { concurrency: 1, signal: controller.signal });
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "fulfilled", "rejected", "rejected", "rejected"]);
  for (const { reason } of results.slice(2)) {
    assert.ok(reason instanceof ClaivAbortError);
    assert.equal(reason.cause, "enough");
  }
  assert.deepEqual(results.slice(2).map(({ reason }) => reason.mayHaveBeenApplied), [true, false, false]);
  assert.equal(server.requests.length, 3);
});

test("what is sent is what was given at the time of the call", async (t) => {
  const server = await serve(t);
  const events = [event("a"), event("b"), event("c")];
  const call = connect(server).ingestMany(events, { concurrency: 1 });
  for (const one of events) one.content = "changed";
  events.length = 1;
  assert.equal((await call).length, 3);
  assert.deepEqual(server.requests.map(({ json }) => json.content), ["a", "b", "c"]);
});

test("closing lets a batch that runs finish, and refuses the next", async (t) => {
  const client = connect(await serve(t));
  const running = client.ingestMany([event("a"), event("b")], { concurrency: 1 });
  client.close();
  assert.deepEqual((await running).map(({ status }) => status), ["fulfilled", "fulfilled"]);
  assert.match((await rejection(client.ingestMany([]))).message, /closed/);
});

test("while the server answers 429 all lanes wait, whatever they were about to send", async (t) => {
  const arrivals = [];
  const server = await serve(t, ({ json }) => {
    arrivals.push(performance.now());
    // The second request that arrives closes the gate for all.
    if (arrivals.length === 2) return { status: 429, headers: { "retry-after-ms": "150" }, body: {} };
    return { body: { event_id: json.content, deduped: false } };
  });
  const events = Array.from({ length: 12 }, (_, i) => event(String(i)));
  const results = await connect(server, { maxRetries: 1 }).ingestMany(events, { concurrency: 3 });
  assert.deepEqual(results.map(({ value }) => value?.event_id), events.map(({ content }) => content));
  assert.equal(arrivals.length, 13);
  // What was on its way already may still arrive; after that nothing does until the time is over.
  const closed = arrivals[1];
  const between = arrivals.filter((at) => at > closed && at < closed + 149);
  assert.ok(between.length <= 4, `${between.length} arrived in the pause`);
  assert.ok(arrivals.filter((at) => at >= closed + 149).length >= 7);
});

test("an event that is refused with 429 for good holds the others back for as long as was asked", async (t) => {
  const arrivals = [];
  const server = await serve(t, ({ json }) => {
    arrivals.push(performance.now());
    if (arrivals.length === 1) return { status: 429, headers: { "retry-after-ms": "120" }, body: {} };
    return { body: { event_id: json.content, deduped: false } };
  });
  const results = await connect(server, { maxRetries: 0 }).ingestMany([event("a"), event("b"), event("c")], { concurrency: 1 });
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "fulfilled", "fulfilled"]);
  assert.ok(arrivals[1] - arrivals[0] >= 119, `the next came after ${arrivals[1] - arrivals[0]} ms`);
});

test("an abort ends a pause that 429 has laid on all lanes", async (t) => {
  const server = await serve(t, () => ({ status: 429, headers: { "retry-after-ms": "20000" }, body: {} }));
  const controller = new AbortController();
  const call = connect(server, { maxRetries: 0 }).ingestMany([event("a"), event("b"), event("c")], {
    concurrency: 1, signal: controller.signal, onProgress: () => controller.abort(new Error("enough")),
  });
  const results = await call;
  assert.deepEqual(results.map(({ reason }) => reason.constructor.name), ["ClaivRateLimitError", "ClaivAbortError", "ClaivAbortError"]);
  assert.equal(results[2].reason.cause.message, "enough");
  assert.equal(results[2].reason.mayHaveBeenApplied, false);
  assert.equal(server.requests.length, 1);
});

test("a batch listens to its signal once, however many are on their way, and not after", async () => {
  const { signal } = new AbortController();
  const counts = new Set();
  const fetch = async () => {
    counts.add(getEventListeners(signal, "abort").length);
    return new Response("{}");
  };
  const events = Array.from({ length: 40 }, (_, i) => event(String(i)));
  const results = await connect({ url: "http://127.0.0.1:1" }, { fetch }).ingestMany(events, { concurrency: 20, signal });
  assert.ok(results.every(({ status }) => status === "fulfilled"));
  assert.deepEqual([...counts], [1]);
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("an abort cuts all that are on their way", async () => {
  const controller = new AbortController();
  const fetch = () => new Promise(() => {});
  const call = connect({ url: "http://127.0.0.1:1" }, { fetch }).ingestMany(
    Array.from({ length: 6 }, (_, i) => event(String(i))), { concurrency: 3, signal: controller.signal },
  );
  setTimeout(() => controller.abort("enough"), 5);
  const results = await call;
  assert.deepEqual(results.map(({ reason }) => [reason.name, reason.cause, reason.mayHaveBeenApplied]),
    [true, true, true, false, false, false].map((sent) => ["AbortError", "enough", sent]));
});

test("each event is told to onError as its ingest would be, also where an abort kept it from being sent", async () => {
  const reported = [];
  const controller = new AbortController();
  const fetch = async () => {
    controller.abort("enough");
    return new Response("{}", { status: 404 });
  };
  const client = connect({ url: "http://127.0.0.1:1" }, { fetch, onError: ({ durationMs, ...rest }) => reported.push({ ...rest, timed: durationMs >= 0 }) });
  const call = { method: "POST", path: "/v1/ingest", route: "/v1/ingest", error: "ClaivAbortError", timed: true };
  const results = await client.ingestMany([{}, event("a"), event("b"), event("c")], { concurrency: 1, signal: controller.signal });
  assert.deepEqual(results.map(({ reason }) => reason.name), ["ClaivValidationError", "AbortError", "AbortError", "AbortError"]);
  assert.deepEqual(reported.map(({ attempt }) => attempt), [1, 0, 0]);
  for (const event of reported) assert.deepEqual(event, { ...call, attempt: event.attempt });
  // As one that is called by itself.
  reported.length = 0;
  await rejection(client.ingest(event("d"), { signal: controller.signal }), ClaivAbortError);
  assert.deepEqual(reported, [{ attempt: 0, ...call }]);
});

for (const [what, jump] of [["back by an hour", -3_600_000], ["back to nothing", -Infinity], ["on by an hour", 3_600_000]]) {
  test(`a clock that jumps ${what} during the pause after a 429 holds nothing back for longer than was asked`, async (t) => {
    const real = performance.now;
    let jumped = 0;
    const { setTimeout: start } = globalThis;
    t.after(() => Object.assign(globalThis, { setTimeout: start }) && Object.assign(performance, { now: real }));
    performance.now = () => (jumped === -Infinity ? 0 : real.call(performance) + jumped);
    const pauses = [];
    globalThis.setTimeout = (run, ms) => {
      if (ms >= 60 && ms < 30_000) pauses.push(ms);
      return start(run, ms);
    };
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      if (asked === 1) {
        setTimeout(() => { jumped = jump; }, 5);
        return new Response("{}", { status: 429, headers: { "retry-after-ms": "60" } });
      }
      // What fails later waits for as long as the others are held back, by the clock of that moment.
      return new Response("{}", asked === 4 ? { status: 503 } : undefined);
    };
    const client = connect({ url: "http://127.0.0.1:1" }, { fetch, maxRetries: 1, maxRetryDelay: 100 });
    const results = await client.ingestMany(Array.from({ length: 8 }, (_, i) => event(String(i))), { concurrency: 2 });
    assert.deepEqual([...new Set(results.map(({ status }) => status))], ["fulfilled"]);
    assert.equal(asked, 10);
    // The one that was answered with 429 waits, and so does the other worker; each of them may wait once more where the clock says so. The one
    // that fails later has a wait of its own.
    assert.ok(pauses.length >= 2 && pauses.length <= 5 && Math.max(...pauses) <= 102, `${pauses}`);
  });
}
