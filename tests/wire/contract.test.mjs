// docs/api-contract.md against src/api: the same methods, paths, fields, values and retried statuses on both sides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTRACT, RETRIED, valueOf, wordsOf } from "../support/contract.mjs";
import { ENDPOINTS, RETRIED as RETRIED_HERE } from "../support/endpoints.mjs";

/** How a value of each kind of `src/rules/kind.rs` begins on the page. */
const VALUES = {
  Text: "text, not empty",
  Content: "text or a source of text",
  Time: "time: ISO 8601",
  TimeFrom: "time: ISO 8601, not before `from_time`",
  TimeOrEpoch: "time: ISO 8601, or a Unix timestamp",
  Number: "number",
  Count: "integer, 0 or more",
  Limit: "integer, 1 or more",
  TokenBudget: "integer, 200 to 8000",
  Rating: "integer, 1 to 5",
  OneOf: "one of ",
  Record: "object",
  Group: "object with ",
  Texts: "list of texts",
  Flag: "true or false",
};

/** What the page says of a second run, for each `Replay` of `src/endpoint.rs`. */
const TWICE = { Safe: () => "same", ByKey: () => "same by idempotency_key", ByField: (field) => `same by ${field}`, Never: () => "other" };

test("the page and src/api have the same methods", () => {
  assert.ok(Object.keys(ENDPOINTS).length > 30, "src/api was not read");
  assert.deepEqual(Object.keys(CONTRACT).sort(), Object.keys(ENDPOINTS).sort());
});

for (const [name, { method, path, fields, replay, by }] of Object.entries(ENDPOINTS)) {
  test(`${name}: the page has its path, its fields in their order, what they may hold, and what a second run does`, () => {
    const page = CONTRACT[name];
    const named = (presence) => fields.filter((field) => presence.includes(field.presence)).map((field) => field.name);
    assert.deepEqual([page.method, page.path, page.twice], [method, path, TWICE[replay](by)]);
    assert.deepEqual(page.required, named(["required"]));
    assert.deepEqual(page.optional, named(["optional", "nullable", "narrowing"]));
    assert.deepEqual(page.nullable, named(["nullable"]));
    assert.deepEqual(page.defaults, Object.fromEntries(fields.filter(({ value }) => value !== undefined).map((field) => [field.name, field.value])));
    for (const { name: field, kind, words, group } of fields) {
      const value = valueOf(name, field);
      assert.ok(VALUES[kind], `the page has no words for Kind::${kind}`);
      assert.ok(value.startsWith(VALUES[kind]), `${field} is Kind::${kind}, and on the page: ${value}`);
      if (kind === "Record") assert.equal(value, VALUES.Record);
      assert.deepEqual(wordsOf(value), words, field);
      if (kind === "Group") assert.deepEqual([...value.matchAll(/`(\w+)`/g)].map(([, one]) => one), group.map((one) => one.name));
    }
  });
}

test("only the health check goes without a key", () => {
  assert.deepEqual(Object.keys(ENDPOINTS).filter((name) => ENDPOINTS[name].isOpen), ["healthCheck"]);
});

test("every status that the page calls retried is retried", () => {
  assert.ok(RETRIED.length > 0);
  assert.deepEqual(RETRIED.filter((status) => !RETRIED_HERE.includes(status)), []);
});
