// The list of differences, and the comparison itself: what it must not let pass.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { casesOf } from "./cases/index.mjs";
import { failure, recall } from "./cases/row.mjs";
import { OPEN } from "./methods.mjs";
import { RULES } from "./rules.mjs";
import { hold } from "./support/compare.mjs";
import { judge, ruled } from "./support/waits.mjs";

const VERSIONS = Object.keys(OPEN);

test("the list of differences and the rules name the same, and each has its cases", () => {
  const text = readFileSync(new URL("../../docs/differences-from-python.md", import.meta.url), "utf8");
  const listed = [...text.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name);
  const used = new Set(VERSIONS.flatMap((version) => casesOf(version).flatMap(({ rules }) => rules)));
  assert.deepEqual(listed.toSorted(), Object.keys(RULES).sort());
  assert.deepEqual([...used].sort(), Object.keys(RULES).sort());
});

test("no two cases of a version have one name", () => {
  for (const version of VERSIONS) {
    const names = casesOf(version).map(({ name }) => name);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
  }
});

const attempt = { method: "POST", url: "/v2/recall", headers: { accept: "application/json" }, body: { a: 1 } };
const fine = { attempts: [attempt], waits: [], outcome: { result: { a: 1 } } };
const refused = { attempts: [], waits: [], outcome: { error: { kind: "validation", paths: ["a"] } } };
const differs = (seen, ours, row) => assert.throws(() => hold(seen, ours, row), { name: "AssertionError" });

test("any difference fails that no rule names", () => {
  const row = recall("a case");
  hold(fine, structuredClone(fine), row);
  const others = [
    ...[{ method: "PUT" }, { url: "/v2/recall?" }, { headers: {} }, { body: { a: "1" } }, { body: null }].map((change) => ({ ...fine, attempts: [{ ...attempt, ...change }] })),
    { ...fine, attempts: [attempt, attempt] },
    { ...fine, waits: [50] },
    { ...fine, outcome: { result: { a: 2 } } },
    { ...fine, outcome: { error: { kind: "network" } } },
    refused,
  ];
  for (const other of others) differs(fine, other, row);
});

test("a rule allows its own difference, and must have one", () => {
  const checked = recall("a case", { rules: ["requests-checked"], paths: ["a"] });
  hold(fine, refused, checked);
  differs(fine, fine, checked);
  differs(fine, { ...refused, outcome: { error: { kind: "validation", paths: ["b"] } } }, checked);
  differs(fine, { ...refused, attempts: [attempt] }, checked);
  differs(refused, refused, checked);
  differs(fine, { ...fine, waits: [50] }, recall("a case", { rules: ["redirects"], ours: { waits: [50] } }));
});

test("a message may tell more, not less", () => {
  const error = (message, more) => ({ ...fine, outcome: { error: { kind: "api", status: 400, code: "c", request_id: "r", details: null, message, ...more } } });
  hold(error("No."), error("POST /v2/recall was answered with 400 c: No. (request id r)"), recall("a case"));
  hold(error("HTTP 400"), error("POST /v2/recall was answered with 400 c."), recall("a case"));
  differs(error("No."), error("POST /v2/recall was answered with 400 c."), recall("a case"));
  differs(error("No."), error("No.", { code: "d" }), recall("a case"));
});

test("a wait that is too short or too long fails", () => {
  const script = [failure(503, { retry_after: 0.05 }), failure(503)];
  assert.deepEqual(ruled(script, 3), [50, "formula"]);
  assert.equal(judge([51, 1400], [50, "formula"]), undefined);
  for (const waits of [[49, 1200], [51, 999], [51], [51, 1200, 1]]) assert.ok(judge(waits, [50, "formula"]).problem && !judge(waits, [50, "formula"]).late);
  for (const waits of [[470, 1200], [51, 2000]]) assert.ok(judge(waits, [50, "formula"]).late);
});
