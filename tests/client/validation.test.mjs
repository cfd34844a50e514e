// Requests are checked before anything is sent: which values each field takes.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { REQUESTS } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

const NO_STRINGS = [null, 0, 5, true, false, {}, [], ["x"], Symbol("s"), 5n, () => "x", new String("x"), Object.create(null)];

const text = { good: ["x", " ", "\0", "ключ", "😀", "\ud83d", "x".repeat(100_000)], bad: ["", ...NO_STRINGS] };
const oneOf = (...names) => ({
  good: names,
  bad: ["", names[0].toUpperCase(), `${names[0]} `, "other", "constructor", "__proto__", ...NO_STRINGS],
});
const time = {
  good: [
    "2026-01-31", "2026-01-31T12:00Z", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456Z", "2026-01-31T12:00:00+05:30",
    "2026-01-31 12:00:00-0800", "2024-02-29", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999+00:00", "2016-12-31T23:59:60Z",
    new Date(0).toISOString(),
  ],
  bad: [
    "", "yesterday", "2026", "2026-02-30", "2025-02-29", "2026-13-01", "31.01.2026", "2026-01-31T25:00:00Z", "2026-01-31T12:00:00 Z",
    " 2026-01-31", "1769860800", "2026-01-31T12:00:00Z\n", "２０２６-01-31", "2".repeat(1_000_000), new Date(0), 1769860800000,
    ...NO_STRINGS,
  ],
};
const budget = {
  good: [200, 201, 2000, 7999, 8000, 2e3],
  bad: [199, 8001, 199.999, 2000.5, 0, -200, NaN, Infinity, -Infinity, "2000", null, true, {}, [2000], 2000n, new Number(2000), Symbol("n"), 1e300],
};
const number = { good: [0, 1, -1, 0.5, 1e300, -0], bad: [NaN, Infinity, -Infinity, "0.5", "", null, true, {}, [0.5], 1n, new Number(1), Symbol("n")] };
const record = { good: [{}, { a: null }, Object.create(null), { a: { b: [1] } }], bad: [null, 5, "x", "", true, [], [{}], Symbol("r"), 5n, () => ({})] };
const texts = {
  good: [[], ["a"], ["a", "b"], Object.freeze(["ключ"])],
  bad: [null, "a", 5, true, {}, { length: 1, 0: "a" }, new Set(["a"]), Symbol("t"), () => ["a"]],
};

const FORGET = { user_id: text, thread_id: text, from_time: time, to_time: { good: ["2026-02-01", "9999-12-31"], bad: time.bad } };
const RECALL = { user_id: text, task: text, token_budget: budget, thread_id: text, min_confidence: number };

const RULES = {
  ingest: {
    user_id: text, content: text, thread_id: text, idempotency_key: text, metadata: record, event_time: time,
    type: oneOf("message", "tool_call", "app_event"), role: oneOf("user", "assistant", "system", "tool"),
  },
  recall: { ...RECALL, scope: record },
  forget: FORGET,
  recallV2: {
    ...RECALL, since: time, relations: texts, status: oneOf("open", "completed", "all"),
    mode: oneOf("state", "delta", "tasks", "audit", "compose", "conversation"),
  },
  forgetV2: FORGET,
};
const REQUIRED = {
  ingest: ["content", "type", "user_id"], recall: ["task", "token_budget", "user_id"], forget: ["user_id"],
  recallV2: ["task", "token_budget", "user_id"], forgetV2: ["user_id"],
};

const show = (value) => {
  const text = typeof value === "string" ? JSON.stringify(value) : Array.isArray(value) ? JSON.stringify(value) : String(typeof value === "object" && value ? `an object ${Object.keys(value)}` : value);
  return text.length > 45 ? `${text.slice(0, 45)}…` : text;
};

for (const [method, fields] of Object.entries(RULES)) {
  for (const [field, { good, bad }] of Object.entries(fields)) {
    test(`${method}: ${field} takes ${good.length} good values and passes each on`, async (t) => {
      const server = await serve(t);
      const client = connect(server);
      for (const value of good) {
        const request = { ...REQUESTS[method], [field]: value };
        // The other end of a span would be compared with this one.
        if (field === "from_time") delete request.to_time;
        if (field === "to_time") delete request.from_time;
        await client[method](request);
        assert.equal(server.requests.at(-1).text, JSON.stringify(request), show(value));
      }
      assert.equal(server.requests.length, good.length);
    });

    test(`${method}: ${field} refuses ${bad.length} bad values, and nothing is sent`, async (t) => {
      const server = await serve(t);
      const client = connect(server);
      for (const value of bad) {
        const error = await rejection(client[method]({ ...REQUESTS[method], [field]: value }), ClaivValidationError);
        assert.deepEqual(paths(error), [field], show(value));
        assert.match(error.issues[0].message, /^(must be|is required)/, show(value));
        assert.ok(error.message.length < 500, "a message stays short, whatever the value");
        assert.deepEqual([error.attempts, error.mayHaveBeenApplied, error.idempotencyKey], [[], false, undefined]);
      }
      assert.equal(server.requests.length, 0);
    });
  }

  test(`${method}: what is required must be there, and the rest may be left out`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const request of [{}, Object.create(null), Object.fromEntries(REQUIRED[method].map((field) => [field, undefined]))]) {
      const error = await rejection(client[method](request), ClaivValidationError);
      assert.deepEqual(paths(error), REQUIRED[method]);
      for (const { message } of error.issues) assert.match(message, /^is required/);
    }
    assert.equal(server.requests.length, 0);
    await client[method](Object.fromEntries(REQUIRED[method].map((field) => [field, REQUESTS[method][field]])));
    assert.equal(server.requests.length, 1);
  });

  test(`${method}: all faults are told together`, async (t) => {
    const server = await serve(t);
    const all = Object.fromEntries(Object.keys(fields).map((field) => [field, 5n]));
    const error = await rejection(connect(server)[method](all), ClaivValidationError);
    assert.deepEqual(paths(error), Object.keys(fields).sort());
    for (const { path, message } of error.issues) assert.ok(error.message.includes(`${path} ${message}`), path);
    assert.equal(server.requests.length, 0);
  });

  test(`${method}: the request itself must be an object`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const request of [undefined, null, "x", "", 5, true, [], [{}], Symbol("r"), 5n, () => ({})]) {
      assert.deepEqual(paths(await rejection(client[method](request), ClaivValidationError)).includes("request"), true, String(request));
    }
    assert.equal(server.requests.length, 0);
  });
}

test("each item of a list is checked at its place", async (t) => {
  const server = await serve(t);
  const holes = ["a", "", 5, "b", null];
  holes[6] = "c";
  const error = await rejection(connect(server).recallV2({ ...REQUESTS.recallV2, relations: holes }), ClaivValidationError);
  assert.deepEqual(paths(error), ["relations[1]", "relations[2]", "relations[4]", "relations[5]"]);
  assert.equal(server.requests.length, 0);
});

const LISTS = {
  limit: { good: [1, 2, 100, Number.MAX_SAFE_INTEGER], bad: [0, -1, 1.5, NaN, Infinity, "5", null, true, {}, [], 5n, 2 ** 53] },
  offset: { good: [0, 1, 100], bad: [-1, 0.5, NaN, Infinity, "5", "", null, true, {}, [], 5n] },
  user_id: { good: ["u"], bad: ["", ...NO_STRINGS] },
};
for (const [field, { good, bad }] of Object.entries(LISTS)) {
  test(`listDeletionReceipts: ${field} takes its good values and refuses the bad ones unsent`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const value of bad) {
      assert.deepEqual(paths(await rejection(client.listDeletionReceipts({ [field]: value }), ClaivValidationError)), [field], show(value));
    }
    assert.equal(server.requests.length, 0);
    for (const value of good) await client.listDeletionReceipts({ [field]: value });
    assert.equal(server.requests.length, good.length);
  });
}

test("listDeletionReceipts: the request is an object or left out", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  for (const request of [null, "x", 5, [], true, () => {}]) {
    assert.deepEqual(paths(await rejection(client.listDeletionReceipts(request), ClaivValidationError)), ["request"], String(request));
  }
  assert.equal(server.requests.length, 0);
});

for (const method of ["getUsageSummary", "getUsageBreakdown"]) {
  test(`${method}: the range is one of four`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const range of ["7d", "30d", "month", "today"]) await client[method](range);
    assert.deepEqual(server.requests.map(({ url }) => url.split("range=")[1]), ["7d", "30d", "month", "today"]);
    for (const range of ["", "7D", "1d", "year", ...NO_STRINGS]) {
      assert.deepEqual(paths(await rejection(client[method](range), ClaivValidationError)), ["range"], show(range));
    }
    assert.equal(server.requests.length, 4);
  });
}

test("an array of four billion holes is refused at once, with as many faults as anybody reads", async () => {
  const request = { user_id: "u", task: "t", token_budget: 200, relations: new Array(2 ** 32 - 1) };
  const error = await rejection(connect({ url: "http://127.0.0.1:1" }).recallV2(request), ClaivValidationError);
  assert.equal(error.issues.length, 100);
  assert.equal(error.issues[99].path, "relations[99]");
});
