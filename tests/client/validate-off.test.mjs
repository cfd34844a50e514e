// `validate: false`: requests are sent unchecked; only what cannot be sent at all is still refused.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivBadRequestError, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { serveEmulator } from "../support/emulator.mjs";
import { REQUESTS, send } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

const WRONG = { user_id: 5, type: "other", content: "", token_budget: "1", from_time: "soon", thread_id: null, idempotency_key: "k" };

for (const method of Object.keys(REQUESTS)) {
  test(`${method} sends what it is given`, async (t) => {
    const server = await serve(t);
    await send(connect(server, { validate: false }), method, WRONG);
    assert.deepEqual(server.requests[0].json, WRONG);
  });

  test(`${method} still refuses what JSON cannot carry`, async (t) => {
    const server = await serve(t);
    const client = connect(server, { validate: false });
    for (const request of [undefined, Symbol("r"), () => {}, 5n, { toJSON() { throw new Error("trap"); } }]) {
      assert.deepEqual(paths(await rejection(send(client, method, request), ClaivValidationError)), ["request"], String(typeof request));
    }
    assert.deepEqual(paths(await rejection(send(client, method, { a: 1, big: 5n }), ClaivValidationError)), ["big"]);
    assert.equal(server.requests.length, 0);
  });
}

test("queries are sent as they are", async (t) => {
  const server = await serve(t);
  const client = connect(server, { validate: false });
  await client.listDeletionReceipts({ limit: -1, offset: "x", user_id: "" });
  await client.getUsageSummary("year");
  assert.deepEqual(server.requests.map(({ url }) => url), [
    "/v1/deletion-receipts?limit=-1&offset=x&user_id=", "/v1/usage/summary?range=year",
  ]);
});

test("ids of a path are checked all the same: an empty one would reach another endpoint", async (t) => {
  const server = await serve(t);
  const client = connect(server, { validate: false });
  for (const id of ["", ".", "..", undefined, null, 5]) {
    assert.deepEqual(paths(await rejection(client.deleteDocument(id), ClaivValidationError)), ["documentId"]);
    assert.deepEqual(paths(await rejection(client.deleteCollection(id, "u"), ClaivValidationError)), ["collectionId"]);
    assert.deepEqual(paths(await rejection(client.removeDocumentFromCollection("k", id), ClaivValidationError)), ["documentId"]);
    assert.deepEqual(paths(await rejection(client.feedbackV6(id, {}), ClaivValidationError)), ["recallId"]);
  }
  assert.equal(server.requests.length, 0);
});

test("a field of a query that throws is refused, not left out", async (t) => {
  const server = await serve(t);
  const client = connect(server, { validate: false });
  const request = { get user_id() { throw new Error("trap"); } };
  assert.deepEqual(paths(await rejection(client.listDeletionReceipts(request), ClaivValidationError)), ["user_id"]);
  assert.equal(server.requests.length, 0);
});

test("the server's own refusal comes back with its details", async (t) => {
  const server = await serveEmulator(t);
  const error = await rejection(connect(server, { validate: false }).ingest(WRONG), ClaivBadRequestError);
  assert.equal(error.code, "invalid_request");
  assert.ok(error.details.issues.some(({ path }) => path === "user_id"));
});
