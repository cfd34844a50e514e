// What the Python classes have, asked of the classes themselves, and whether all of it is here and in the cases.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ClaivClient } from "claiv-memory";
import { casesOf } from "./cases/index.mjs";
import { METHODS, OPEN, nameHere } from "./methods.mjs";

const exists = (name) => typeof ClaivClient.prototype[name] === "function";

export function inspectionTests(python) {
  const { version } = python;
  const open = OPEN[version];
  let sync, async, recallExtended;
  before(async () => ({ sync, async, recallExtended } = await python.ask({ op: "methods" })));

  test(`${version}: each method of the Python classes has its counterpart, or is listed as open`, () => {
    assert.deepEqual(Object.keys(async), Object.keys(sync));
    assert.ok(Object.keys(sync).length > 11, "the classes were not read");
    const missing = Object.keys(sync).filter((method) => !exists(nameHere(method, version)));
    assert.deepEqual(missing.filter((method) => !open.includes(method)), [], "missing here");
    assert.deepEqual(open.filter((method) => !missing.includes(method)), [], "listed as open in methods.mjs, but there: take them off the list");
  });

  test(`${version}: each method of the Python classes has cases, with each parameter and each field of its request`, () => {
    const rows = casesOf(version);
    const absent = [];
    for (const [method, parameters] of Object.entries(sync)) {
      if (method === "close") continue;
      const calls = rows.filter((row) => row.method === method);
      if (!(method in METHODS[version]) || calls.length === 0) absent.push(method);
      const places = parameters.filter(({ keyword }) => !keyword);
      for (const { name, keyword, fields } of parameters) {
        const given = calls.map(({ args, kwargs }) => (keyword ? kwargs[name] : args[places.findIndex((one) => one.name === name)]));
        if (given.every((value) => value === undefined)) absent.push(`${method}: ${name}`);
        const all = method === "recall_v2" ? recallExtended : fields;
        for (const field of all) if (!given.some((value) => Object.hasOwn(Object(value), field))) absent.push(`${method}: ${field}`);
      }
    }
    assert.deepEqual(absent, []);
  });
}
