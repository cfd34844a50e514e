// The decisions of the outbox by themselves: for all sequences of events, outcomes and times, what is sent next and what is not.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { load } from "./load.mjs";

const { backoff, createPlan, judge, FAILURES_IN_A_ROW, FIRST_MS, MAX_BACKOFF_MS, MAX_REST_MS } = await load("policy.ts");

const plan = (options = {}) => createPlan({ maxAgeMs: Infinity, concurrency: 4, random: () => 1, ...options });
const item = (id, lane = "a", queuedAt = 0) => ({ id, lane, queuedAt });

test("events of one lane are sent one after the other, others beside them", () => {
  const it = plan();
  [item(1), item(2), item(3, "b")].forEach(it.add);
  assert.deepEqual([it.next(0), it.next(0), it.next(0)], [{ do: "send", item: item(1) }, { do: "send", item: item(3, "b") }, { do: "rest" }]);
  it.settle(item(1), "sent", 0);
  assert.deepEqual(it.next(0), { do: "send", item: item(2) });
});

test("a head that fails holds back its followers until it is tried again, other lanes go on", () => {
  const it = plan();
  [item(1), item(2), item(3, "b"), item(4, "b")].forEach(it.add);
  it.next(0);
  it.settle(item(1), "failed", 0);
  for (const id of [3, 4]) {
    assert.deepEqual(it.next(0), { do: "send", item: item(id, "b") });
    it.settle(item(id, "b"), "sent", 0);
  }
  assert.deepEqual(it.next(0), { do: "wait", ms: FIRST_MS });
  assert.deepEqual(it.next(FIRST_MS), { do: "send", item: item(1) });
});

test("a refusal frees the followers at once", () => {
  const it = plan();
  [item(1), item(2)].forEach(it.add);
  it.next(0);
  it.settle(item(1), "refused", 0);
  assert.deepEqual(it.next(0), { do: "send", item: item(2) });
});

test("a pause holds all back exactly as long as asked, and retryNow does not shorten it", () => {
  const it = plan();
  [item(1), item(2, "b"), item(3, "c")].forEach(it.add);
  it.next(0);
  it.next(0);
  it.settle(item(1), { pauseMs: 7000 }, 100);
  it.settle(item(2, "b"), { pauseMs: 2000 }, 100);
  it.retryNow();
  assert.deepEqual(it.next(100), { do: "wait", ms: 7000 });
  assert.deepEqual(it.next(7099), { do: "wait", ms: 1 });
  assert.equal(it.next(7100).do, "send");
});

test("what is older than maxAgeMs expires in its turn", () => {
  const it = plan({ maxAgeMs: 1000 });
  [item(1, "a", 0), item(2, "a", 500)].forEach(it.add);
  assert.deepEqual(it.next(1001), { do: "expire", item: item(1) });
  it.settle(item(1), "expired", 1001);
  assert.equal(it.next(1001).do, "send");
});

test("while nothing gets through, one event is tried at a time, with a rest of five seconds at the most; the first success ends that", () => {
  const it = plan();
  for (let id = 1; id <= 20; id++) it.add(item(id, `lane ${id}`));
  let now = 0;
  for (let n = 0; n < 15; n++) {
    let step = it.next(now);
    if (step.do === "wait") {
      assert.ok(step.ms <= MAX_REST_MS);
      now += step.ms;
      step = it.next(now);
    }
    assert.equal(step.do, "send");
    if (n >= FAILURES_IN_A_ROW) assert.equal(it.next(now).do, "rest");
    it.settle(step.item, "failed", now);
  }
  now += MAX_REST_MS;
  it.settle(it.next(now).item, "sent", now);
  assert.deepEqual(Array.from({ length: 5 }, () => it.next(now).do), ["send", "send", "send", "send", "rest"]);
});

test("an event that was cut short or removed on its way counts for nothing", () => {
  const it = plan();
  [item(1), item(2)].forEach(it.add);
  it.next(0);
  it.settle(item(1), "stopped", 0);
  assert.deepEqual(it.next(0), { do: "send", item: item(1) });
  it.remove(1);
  it.settle(item(1), "failed", 0);
  assert.deepEqual(it.next(0), { do: "send", item: item(2) });
  it.remove(2);
  assert.equal(it.size(), 0);
  it.settle(item(2), "sent", 0);
  assert.deepEqual(it.next(0), { do: "rest" });
});

const outcome = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("sent", "failed") },
  { weight: 2, arbitrary: fc.constantFrom("refused", "stopped") },
  { weight: 1, arbitrary: fc.option(fc.nat(20_000), { nil: undefined }).map((pauseMs) => ({ pauseMs })) },
);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add"), lane: fc.constantFrom("a", "b", "c", "d", "e") }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("settle"), which: fc.nat(3), verdict: outcome }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("next"), ms: fc.nat(3000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove"), which: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.constant({ do: "retry" }) },
);

test("for all sequences: order within a lane, one on its way in each, no more than allowed, none during a pause, none lost, none twice", () => {
  fc.assert(fc.property(fc.array(action, { maxLength: 200 }), fc.integer({ min: 1, max: 4 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (actions, concurrency, random) => {
    const it = createPlan({ maxAgeMs: 30_000, concurrency, random: () => random });
    let now = 0;
    let pausedUntil = 0;
    const waiting = new Map();
    const flying = new Map();
    const done = new Set();
    const heads = (lane) => [...waiting.values()].filter((one) => one.lane === lane)[0];
    let serial = 0;

    const settle = (one, verdict) => {
      flying.delete(one.id);
      it.settle(one, verdict, now);
      if (typeof verdict === "object" && verdict.pauseMs !== undefined) pausedUntil = Math.max(pausedUntil, now + verdict.pauseMs);
      if (["sent", "refused", "expired"].includes(verdict) && waiting.delete(one.id)) done.add(one.id);
    };
    const step = () => {
      const next = it.next(now);
      if (next.do === "wait") assert.ok(next.ms > 0 && next.ms <= Math.max(MAX_BACKOFF_MS, pausedUntil - now), `waits ${next.ms}`);
      if (next.do !== "send" && next.do !== "expire") return next;
      const { item: one } = next;
      assert.ok(now >= pausedUntil, "sent during a pause");
      assert.equal(one, heads(one.lane), "not the head of its lane");
      assert.ok(![...flying.values()].some(({ lane }) => lane === one.lane), "two of a lane on their way");
      assert.equal(next.do === "expire", now - one.queuedAt > 30_000);
      flying.set(one.id, one);
      assert.ok(flying.size <= concurrency, "too many on their way");
      return next;
    };

    for (const each of actions) {
      if (each.do === "add") {
        const one = { id: ++serial, lane: each.lane, queuedAt: now };
        waiting.set(one.id, one);
        it.add(one);
      } else if (each.do === "next") {
        now += each.ms;
        step();
      } else if (each.do === "settle") {
        const one = [...flying.values()][each.which];
        if (one) settle(one, each.verdict);
      } else if (each.do === "remove") {
        const one = [...waiting.values()][each.which];
        // Nobody takes out what is on its way; a forget waits for it.
        if (one && !flying.has(one.id)) {
          waiting.delete(one.id);
          it.remove(one.id);
        }
      } else it.retryNow();
      assert.equal(it.size(), waiting.size);
    }

    // From now on everything succeeds: all of it gets sent.
    for (const one of [...flying.values()]) settle(one, "sent");
    for (let turns = 0; waiting.size > 0; turns++) {
      assert.ok(turns < 1000, `${waiting.size} are never sent`);
      const next = step();
      if (next.do === "wait") now += next.ms;
      else {
        assert.notEqual(next.do, "rest", "nothing to do, and something waits");
        settle(next.item, next.do === "expire" ? "expired" : "sent");
      }
    }
    assert.deepEqual([it.size(), it.next(now)], [0, { do: "rest" }]);
  }), { numRuns: 2000 });
});

test("the backoff doubles up to its longest, half of it left to chance", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (failures, random) => {
    const full = Math.min(MAX_BACKOFF_MS, FIRST_MS * 2 ** (failures - 1));
    const ms = backoff(failures, random);
    assert.ok(ms >= full / 2 && ms <= full, `${ms} after ${failures}`);
  }));
});

for (const [what, error, verdict] of [
  ["400", { name: "ClaivBadRequestError", status: 400 }, "refused"],
  ["403", { status: 403 }, "refused"],
  ["404", { status: 404 }, "refused"],
  ["409", { status: 409 }, "refused"],
  ["413", { status: 413 }, "refused"],
  ["422", { status: 422 }, "refused"],
  ["a check of the client", { name: "ClaivValidationError" }, "refused"],
  ["401: the key, not the event", { status: 401 }, { pauseMs: undefined }],
  ["407: a proxy", { status: 407 }, { pauseMs: undefined }],
  ["408", { status: 408 }, "failed"],
  ["425", { status: 425 }, "failed"],
  ["429 without a time", { status: 429 }, { pauseMs: undefined }],
  ["429 with one", { status: 429, retryAfterMs: 5000 }, { pauseMs: 5000 }],
  ["503 with a time", { status: 503, retryAfterMs: 5000 }, { pauseMs: 5000 }],
  ["500", { status: 500 }, "failed"],
  ["no answer", { name: "ClaivNetworkError" }, "failed"],
  ["no answer in time", { name: "ClaivTimeoutError" }, "failed"],
  ["HTML with status 200", { name: "ClaivResponseError", status: 200 }, "failed"],
  ["an abort", { name: "AbortError" }, "stopped"],
  ["a closed client", { name: "ClaivError" }, "failed"],
  ["undefined", undefined, "failed"],
]) {
  test(`${what} is taken as ${JSON.stringify(verdict)}`, () => assert.deepEqual(judge(error), verdict));
}
