// A deletion never covers more than its request says.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const LIMITS = ["thread_id", "from_time", "to_time"];
const USER = { user_id: "u" };
/** What each deletion needs, and what narrows it. */
const DELETIONS = {
  forget: [USER, LIMITS],
  forgetV2: [USER, LIMITS],
  forgetV3: [USER, LIMITS],
  forgetV6: [USER, [...LIMITS, "conversation_id", "project_id", "document_id"]],
};

for (const [method, [base, narrowing]] of Object.entries(DELETIONS)) {
  for (const field of narrowing) {
    test(`${method}: a ${field} that is undefined is refused, since it would widen the deletion`, async (t) => {
      const server = await serve(t);
      const error = await rejection(connect(server)[method]({ ...base, [field]: undefined }), ClaivValidationError);
      assert.deepEqual(paths(error), [field]);
      assert.match(error.message, /leave it out/);
      assert.equal(server.requests.length, 0);
    });
  }

  // JSON.stringify writes own enumerable fields only, so a check that reads through the prototype sees limits that never travel.
  const INHERITED = {
    "inherited from another object": Object.assign(Object.create({ thread_id: "t-1" }), base),
    "a getter of a class": new (class { constructor() { Object.assign(this, base); } get thread_id() { return "t-1"; } })(),
    "not enumerable": Object.defineProperty({ ...base }, "thread_id", { value: "t-1" }),
  };
  for (const [what, request] of Object.entries(INHERITED)) {
    test(`${method}: a thread_id that is ${what} limits the deletion or is refused, and is never dropped`, async (t) => {
      const server = await serve(t);
      await connect(server)[method](request).catch((error) => {
        assert.ok(error instanceof ClaivValidationError, error.stack);
        assert.deepEqual(paths(error), ["thread_id"]);
      });
      for (const { json } of server.requests) assert.equal(json.thread_id, "t-1");
    });
  }

  test(`${method}: a limit that is gone when it is read again is refused or holds, and is never dropped`, async (t) => {
    const server = await serve(t);
    let reads = 0;
    const request = { ...base, get thread_id() { return reads++ === 0 ? "t-1" : undefined; } };
    await connect(server)[method](request).catch((error) => assert.ok(error instanceof ClaivValidationError, error.stack));
    for (const { json } of server.requests) assert.equal(json.thread_id, "t-1");
  });

  const SPANS = {
    good: [
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000000001Z"],
      ["2026-01-01T10:00:00+10:00", "2026-01-01T00:00:00Z"],
      ["2026-01-01", "2026-01-02"],
      ["2026-01-01", "2026-01-01"],
    ],
    bad: [
      ["2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z"],
      ["2026-01-01T00:00:00.000000002Z", "2026-01-01T00:00:00.000000001Z"],
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00"],
      ["2026-01-02", "2026-01-01"],
    ],
  };
  test(`${method}: a span may not end before it begins`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    for (const [from_time, to_time] of SPANS.bad) {
      const error = await rejection(client[method]({ ...base, from_time, to_time }), ClaivValidationError);
      assert.deepEqual(paths(error), ["to_time"], `${from_time} to ${to_time}`);
      assert.match(error.message, /must not be earlier than from_time/);
    }
    assert.equal(server.requests.length, 0);
    for (const [from_time, to_time] of SPANS.good) await client[method]({ ...base, from_time, to_time });
    assert.deepEqual(server.requests.map(({ json }) => [json.from_time, json.to_time]), SPANS.good);
  });

  test(`${method}: both ends of a span are checked when both are wrong`, async (t) => {
    const server = await serve(t);
    const error = await rejection(connect(server)[method]({ ...base, from_time: "soon", to_time: "later" }), ClaivValidationError);
    assert.deepEqual(paths(error), ["from_time", "to_time"]);
  });
}

test("forgetV6 without a conversation is the service's to judge", async (t) => {
  const server = await serve(t);
  await connect(server).forgetV6(USER);
  await connect(server).forgetV6({ ...USER, project_id: "p-1" });
  assert.deepEqual(server.requests.map(({ json }) => json), [USER, { ...USER, project_id: "p-1" }]);
});

test("forgetV6: a conversation that JSON would leave out is refused, since the deletion would reach further", async (t) => {
  const server = await serve(t);
  const inherited = Object.assign(Object.create({ conversation_id: "c-1" }), USER);
  for (const request of [inherited, { ...USER, conversation_id: undefined }]) {
    assert.deepEqual(paths(await rejection(connect(server).forgetV6(request), ClaivValidationError)), ["conversation_id"]);
  }
  assert.equal(server.requests.length, 0);
});
