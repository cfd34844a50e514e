// Requests are checked before anything is sent: which values each field takes.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { CONTRACT } from "../support/contract.mjs";
import { REQUESTS, send } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";
import { NO_STRINGS, groupOf, valuesOf } from "../support/values.mjs";

const RULES = Object.fromEntries(Object.keys(REQUESTS).map((method) => [method, valuesOf(method)]));
const REQUIRED = Object.fromEntries(Object.keys(REQUESTS).map((method) => [method, CONTRACT[method].required.toSorted()]));

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

const NESTED = { limits: groupOf("recallV6", "limits"), include: groupOf("recallV6", "include") };
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
