// Which events a forget request covers, beside those that the service deletes.
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { load } from "./load.mjs";

const { covers, timeOf } = await load("forget.ts");
const EVENT = { user_id: "u", conversation_id: "c", project_id: "p", document_id: "d", event_time: "2026-03-01T12:00:00Z" };

for (const [request, expected] of [
  [{ user_id: "u" }, true],
  [{ user_id: "v" }, false],
  [{ user_id: "u", conversation_id: "c" }, true],
  [{ user_id: "u", thread_id: "c" }, true],
  [{ user_id: "u", conversation_id: "other" }, false],
  [{ user_id: "u", project_id: "p", document_id: "d" }, true],
  [{ user_id: "u", project_id: "q" }, false],
  [{ user_id: "u", document_id: "e" }, false],
  [{ user_id: "u", from_time: "2026-03-01T12:00:00Z", to_time: "2026-03-01T12:00:00Z" }, true],
  [{ user_id: "u", from_time: "2026-03-01T12:00:01Z" }, false],
  [{ user_id: "u", to_time: "2026-03-01T11:59:59.999Z" }, false],
  [{ user_id: "u", to_time: "2026-03-01T13:00:00+02:00" }, false],
]) {
  test(`${JSON.stringify(request)} ${expected ? "covers" : "does not cover"} the event`, () => assert.equal(covers(request, EVENT), expected));
}

test("an event without the field that a request narrows by is not covered", () => {
  assert.equal(covers({ user_id: "u", project_id: "p" }, { user_id: "u" }), false);
  assert.equal(covers({ user_id: "u", thread_id: "t" }, { user_id: "u" }), false);
  assert.equal(covers({ user_id: "u", to_time: "2026-01-01" }, { user_id: "u", event_time: "not a time" }), false);
});

test("times are read as the host reads them, and without a zone as UTC", () => {
  fc.assert(fc.property(fc.date({ min: new Date(0), max: new Date("2099-12-31"), noInvalidDate: true }), (date) => assert.equal(timeOf(date.toISOString()), date.getTime())));
  assert.equal(timeOf("2026-03-01"), Date.UTC(2026, 2, 1));
  assert.equal(timeOf("2026-03-01 12:00"), Date.UTC(2026, 2, 1, 12));
  assert.equal(timeOf("2026-03-01T12:00:00,5+0130"), Date.UTC(2026, 2, 1, 10, 30, 0, 500));
  assert.equal(timeOf("2026-03-01T12:00:00-05"), Date.UTC(2026, 2, 1, 17));
  assert.equal(timeOf("2026-03-01T24:00:00Z"), Date.UTC(2026, 2, 2));
  assert.equal(timeOf(1.5), 1500);
  assert.ok(Number.isNaN(timeOf("soon")));
});
