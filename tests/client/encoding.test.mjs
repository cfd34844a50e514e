// Ids in paths and values in queries: encoded so that the server reads what the caller wrote.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const IDS = {
  "r-1": "r-1",
  "a/b": "a%2Fb",
  "a b": "a%20b",
  "a?b#c": "a%3Fb%23c",
  "100%": "100%25",
  "%2F": "%252F",
  "a\\b": "a%5Cb",
  "a+b&c=d": "a%2Bb%26c%3Dd",
  "ключ": "%D0%BA%D0%BB%D1%8E%D1%87",
  "😀": "%F0%9F%98%80",
  "a\nb": "a%0Ab",
  "\0": "%00",
  "\u202e": "%E2%80%AE",
  "...": "...",
  "../x": "..%2Fx",
  ".a": ".a",
  " ": "%20",
};

for (const [id, encoded] of Object.entries(IDS)) {
  test(`the id ${JSON.stringify(id)} is one segment of the path`, async (t) => {
    const server = await serve(t);
    await connect(server).getDeletionReceipt(id);
    assert.equal(server.requests[0].url, `/v1/deletion-receipts/${encoded}`);
    assert.equal(decodeURIComponent(server.requests[0].url.split("/").pop()), id);
  });

  test(`the user ${JSON.stringify(id)} is one value of the query`, async (t) => {
    const server = await serve(t);
    await connect(server).listDeletionReceipts({ user_id: id });
    assert.equal(server.requests[0].url, `/v1/deletion-receipts?limit=20&offset=0&user_id=${encoded}`);
    assert.equal(new URL(server.requests[0].url, server.url).searchParams.get("user_id"), id);
  });
}

const BAD_IDS = {
  ".": ".", "..": "..", "an empty string": "", "a lone high surrogate": "r-\ud83d", "a lone low surrogate": "\ude00r",
  undefined, null: null, "a number": 5, "a boolean": true, "an object": {}, "an array": ["r"], "a String object": new String("r"),
  "a symbol": Symbol("r"), "a BigInt": 5n, "a function": () => "r", "an object with toString": { toString: () => "r" },
};

for (const [what, id] of Object.entries(BAD_IDS)) {
  for (const validate of [true, false]) {
    test(`${what} is no id, and nothing is sent (validate: ${validate})`, async (t) => {
      const server = await serve(t);
      const error = await rejection(connect(server, { validate }).getDeletionReceipt(id), ClaivValidationError);
      assert.deepEqual(paths(error), ["receiptId"]);
      assert.equal(server.requests.length, 0);
    });
  }
}

test("a lone surrogate in a query is refused, by name, and nothing is sent", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  assert.deepEqual(paths(await rejection(client.listDeletionReceipts({ user_id: "\ud83d" }), ClaivValidationError)), ["user_id"]);
  assert.deepEqual(paths(await rejection(client.listDeletionReceipts({ later: "\ud83d" }), ClaivValidationError)), ["later"]);
  assert.equal((await rejection(client.listDeletionReceipts({ "\ud83d": "x" }), ClaivValidationError)).issues.length, 1);
  assert.equal(server.requests.length, 0);
});

test("a value of a query that throws or cannot be text is refused, by name, and nothing is sent", async (t) => {
  const server = await serve(t);
  const client = connect(server);
  const bad = {
    "a getter that throws": { get later() { throw new Error("trap"); } },
    "a toString that throws": { later: { toString() { throw new Error("trap"); } } },
    "an object without toString": { later: Object.create(null) },
  };
  for (const [what, request] of Object.entries(bad)) {
    assert.deepEqual(paths(await rejection(client.listDeletionReceipts(request), ClaivValidationError)), ["later"], what);
  }
  assert.equal(server.requests.length, 0);
});

test("a request whose names cannot be listed is refused, not sent in part", async (t) => {
  const server = await serve(t);
  const request = new Proxy({ limit: 3, later: 1 }, { ownKeys() { throw new Error("trap"); } });
  await rejection(connect(server).listDeletionReceipts(request), ClaivValidationError);
  assert.equal(server.requests.length, 0);
});

test("content travels as UTF-8 JSON, byte for byte", async (t) => {
  const server = await serve(t);
  const content = "é ключ 漢字 😀 \u0000 \u2028 \u202e \" \\ / \ud83d <script>";
  await connect(server).recall({ user_id: content, task: content, token_budget: 200 });
  assert.equal(server.requests[0].text, JSON.stringify({ user_id: content, task: content, token_budget: 200 }));
  assert.equal(server.requests[0].json.task, content);
});
