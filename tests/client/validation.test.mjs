// Requests are checked before anything is sent: which values each field takes.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { REQUESTS, send } from "../support/methods.mjs";
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

const flag = { good: [true, false], bad: ["", "true", 0, 1, null, {}, [], 5n, Symbol("f"), () => true, new Boolean(true)] };
const whole = (least, most) => ({
  good: [least, least + 1, most],
  bad: [least - 1, most + 1, least + 0.5, NaN, Infinity, "5", "", null, true, {}, [], 5n, Symbol("n")],
});
const count = { good: [0, 1, 100, Number.MAX_SAFE_INTEGER], bad: whole(0, 2 ** 53).bad };
const nullable = ({ good, bad }) => ({ good: [...good, null], bad: bad.filter((value) => value !== null) });
const epoch = {
  good: [...time.good, 0, -1, 1769860800, 1769860800.123, 1769860800000],
  bad: time.bad.filter((value) => typeof value !== "number").concat(NaN, Infinity),
};

const FORGET = { user_id: text, thread_id: text, from_time: time, to_time: { good: ["2026-02-01", "9999-12-31"], bad: time.bad } };
const RECALL = { user_id: text, task: text, token_budget: budget, thread_id: text, min_confidence: number };

const INGEST = {
  user_id: text, content: text, thread_id: text, idempotency_key: text, metadata: record, event_time: time,
  type: oneOf("message", "tool_call", "app_event"), role: oneOf("user", "assistant", "system", "tool"),
};
const without = (fields, name) => Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));

const RULES = {
  ingest: INGEST,
  recall: { ...RECALL, scope: record },
  forget: FORGET,
  recallV2: {
    ...RECALL, since: time, relations: texts, status: oneOf("open", "completed", "all"),
    mode: oneOf("state", "delta", "tasks", "audit", "compose", "conversation"),
  },
  forgetV2: FORGET,
  ingestV3: { ...INGEST, retention_policy: oneOf("standard", "legal_hold", "ephemeral") },
  recallV3: { ...RECALL, entity_resolution: oneOf("merged", "probabilistic", "raw") },
  forgetV3: { ...FORGET, immediate: flag },
  feedbackV3: { fact_ids_used: texts },
  ingestV6: {
    ...without(INGEST, "thread_id"), conversation_id: text, project_id: text, document_id: text, document_name: text,
    scope: oneOf("global", "project", "conversation"), event_time: epoch,
  },
  recallV6: {
    user_id: text, query: text, conversation_id: text, project_id: text, document_id: text, reference_time: nullable(time),
    mode_hint: nullable(text), limits: record, include: record,
  },
  forgetV6: { ...FORGET, conversation_id: text, project_id: text, document_id: text },
  feedbackV6: { selected_ids: texts, user_rating: whole(1, 5) },
  ingestV5: { ...INGEST, event_time: epoch },
  recallV5: {
    user_id: text, query: text, thread_id: text, token_budget: { ...count, good: count.good.slice(1) }, include_history: flag,
    include_cold: flag, raw_facts: flag,
  },
  feedbackV5: { selected_ids: texts, user_rating: whole(1, 5) },
  uploadDocument: {
    user_id: text, content: text, document_name: text, project_id: text, document_id: text, collection_id: text, position: count,
  },
  createCollection: { user_id: text, project_id: text, name: text, ordered: flag, collection_id: text },
  addDocumentToCollection: { document_id: text, user_id: text, position: count },
};
const REQUIRED = {
  ingest: ["content", "type", "user_id"], recall: ["task", "token_budget", "user_id"], forget: ["user_id"],
  recallV2: ["task", "token_budget", "user_id"], forgetV2: ["user_id"],
  ingestV3: ["content", "type", "user_id"], recallV3: ["task", "token_budget", "user_id"], forgetV3: ["user_id"], feedbackV3: ["fact_ids_used"],
  ingestV6: ["content", "conversation_id", "type", "user_id"], recallV6: ["conversation_id", "query", "user_id"],
  forgetV6: ["user_id"], feedbackV6: ["selected_ids"],
  ingestV5: ["content", "type", "user_id"], recallV5: ["query", "user_id"], feedbackV5: ["selected_ids"],
  uploadDocument: ["content", "document_name", "project_id", "user_id"], createCollection: ["name", "project_id", "user_id"],
  addDocumentToCollection: ["document_id", "user_id"],
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
        await send(client, method, request);
        assert.equal(server.requests.at(-1).text, JSON.stringify(request), show(value));
      }
      assert.equal(server.requests.length, good.length);
    });

    test(`${method}: ${field} refuses ${bad.length} bad values, and nothing is sent`, async (t) => {
      const server = await serve(t);
      const client = connect(server);
      for (const value of bad) {
        const error = await rejection(send(client, method, { ...REQUESTS[method], [field]: value }), ClaivValidationError);
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
      const error = await rejection(send(client, method, request), ClaivValidationError);
      assert.deepEqual(paths(error), REQUIRED[method]);
      for (const { message } of error.issues) assert.match(message, /^is required/);
    }
    assert.equal(server.requests.length, 0);
    await send(client, method, Object.fromEntries(REQUIRED[method].map((field) => [field, REQUESTS[method][field]])));
    assert.equal(server.requests.length, 1);
  });

  test(`${method}: all faults are told together`, async (t) => {
    const server = await serve(t);
    const all = Object.fromEntries(Object.keys(fields).map((field) => [field, 5n]));
    const error = await rejection(send(connect(server), method, all), ClaivValidationError);
    assert.deepEqual(paths(error), Object.keys(fields).sort());
    for (const { path, message } of error.issues) assert.ok(error.message.includes(`${path} ${message}`), path);
    assert.equal(server.requests.length, 0);
  });

  test(`${method}: the request itself must be an object`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const request of [undefined, null, "x", "", 5, true, [], [{}], Symbol("r"), 5n, () => ({})]) {
      assert.deepEqual(paths(await rejection(send(client, method, request), ClaivValidationError)).includes("request"), true, String(request));
    }
    assert.equal(server.requests.length, 0);
  });
}

const NESTED = {
  limits: Object.fromEntries(["answer_facts", "supporting_facts", "background_facts", "max_list_items", "document_chunks"].map((name) => [name, count])),
  include: { pending_plan: flag, debug: flag },
};
for (const [group, fields] of Object.entries(NESTED)) {
  test(`recallV6: each field of ${group} is checked, and named by its path`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const [field, { good, bad }] of Object.entries(fields)) {
      for (const value of good) {
        await client.recallV6({ ...REQUESTS.recallV6, [group]: { [field]: value } });
        assert.deepEqual(server.requests.at(-1).json[group], { [field]: value });
      }
      const sent = server.requests.length;
      for (const value of bad) {
        const error = await rejection(client.recallV6({ ...REQUESTS.recallV6, [group]: { [field]: value } }), ClaivValidationError);
        assert.deepEqual(paths(error), [`${group}.${field}`], show(value));
      }
      assert.equal(server.requests.length, sent);
    }
    const all = Object.fromEntries(Object.keys(fields).map((field) => [field, "x"]));
    const error = await rejection(client.recallV6({ ...REQUESTS.recallV6, user_id: "", [group]: all }), ClaivValidationError);
    assert.deepEqual(paths(error), [...Object.keys(fields).map((field) => `${group}.${field}`), "user_id"].sort());
    await client.recallV6({ ...REQUESTS.recallV6, [group]: { unknown: 1, [Object.keys(fields)[0]]: undefined } });
    assert.deepEqual(server.requests.at(-1).json[group], { unknown: 1 });
  });

  test(`recallV6: a field of ${group} that throws is a fault of its own`, async () => {
    const trap = { get [Object.keys(fields)[0]]() { throw new Error("trap"); } };
    const error = await rejection(connect({ url: "http://127.0.0.1:1" }).recallV6({ ...REQUESTS.recallV6, [group]: trap }), ClaivValidationError);
    assert.deepEqual(paths(error), [`${group}.${Object.keys(fields)[0]}`]);
    assert.match(error.message, /could not be read: Error: trap/);
  });
}

const MOST = 5 * 1024 * 1024;
const LONG = {
  "5 MB of ASCII": ["x".repeat(MOST), true],
  "a byte more": ["x".repeat(MOST + 1), false],
  "5 MB in three bytes each, and one byte more": ["€".repeat(Math.floor(MOST / 3)) + "xx", true],
  "another byte more": [`${"€".repeat(Math.floor(MOST / 3))}xxx`, false],
  "5 MB in pairs of surrogates, none of them torn": [`x${"😀".repeat(MOST / 4 - 1)}xxx`, true],
  "a pair more": [`x${"😀".repeat(MOST / 4 - 1)}xxx😀`, false],
};
for (const [what, [content, fits]] of Object.entries(LONG)) {
  test(`uploadDocument: ${what} ${fits ? "is sent" : "is refused, and the text is in no message"}`, async (t) => {
    assert.equal(Buffer.byteLength(content) <= MOST, fits, "the test's own sum");
    const server = await serve(t);
    const promise = connect(server).uploadDocument({ ...REQUESTS.uploadDocument, content });
    if (fits) {
      await promise;
      assert.ok(server.requests[0].json.content === content);
      return;
    }
    const error = await rejection(promise, ClaivValidationError);
    assert.deepEqual(paths(error), ["content"]);
    assert.match(error.message, /5 MB/);
    assert.ok(error.message.length < 200);
    assert.equal(server.requests.length, 0);
  });
}

for (const method of ["listDocuments", "listCollections"]) {
  test(`${method}: a user is required`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const request of [{}, { user_id: undefined }, { user_id: "" }, { user_id: null }]) {
      assert.deepEqual(paths(await rejection(client[method](request), ClaivValidationError)), ["user_id"], show(request));
    }
    for (const request of [undefined, null, "x", 5, [], true]) {
      assert.deepEqual(paths(await rejection(client[method](request), ClaivValidationError)), ["request"], show(request));
    }
    assert.equal(server.requests.length, 0);
  });
}

for (const method of ["getCollection", "deleteCollection"]) {
  test(`${method}: both of its arguments are required`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const user of ["", ...NO_STRINGS, undefined]) {
      assert.deepEqual(paths(await rejection(client[method]("k-1", user), ClaivValidationError)), ["userId"], show(user));
    }
    assert.deepEqual(paths(await rejection(client[method](), ClaivValidationError)), ["collectionId", "userId"]);
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
