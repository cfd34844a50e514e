// The methods and fields of the Python classes, by Python's own inspection, and whether this client and the cases have all of them.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ClaivClient } from "claiv-memory";
import { casesOf } from "./cases/index.mjs";
import { METHODS, OPEN, argumentsHere, nameHere } from "./methods.mjs";

const exists = (name) => typeof ClaivClient.prototype[name] === "function";

/** The value at a path such as `limits.answer_facts`. */
const valueAt = (request, path) => path.split(".").reduce((value, name) => Object(value)[name], request);
const withValue = (request, [name, ...rest], value) => ({ ...request, [name]: rest.length > 0 ? withValue(Object(request)[name], rest, value) : value });

export function inspectionTests(python) {
  const { version } = python;
  const open = OPEN[version];
  let sync, async, requests;
  before(async () => {
    let recallExtended;
    ({ sync, async, recallExtended } = await python.ask({ op: "methods" }));
    /** The fields of each method's request. */
    requests = Object.entries(sync).flatMap(([method, parameters]) => {
      const { fields = [] } = parameters.find((one) => one.fields.length > 0) ?? {};
      return fields.length > 0 ? [[method, method === "recall_v2" ? recallExtended : fields]] : [];
    });
  });

  test(`${version}: each method of the Python classes has its counterpart, or is listed as open`, () => {
    assert.deepEqual(Object.keys(async), Object.keys(sync));
    assert.ok(Object.keys(sync).length > 11, "the classes were not read");
    const missing = Object.keys(sync).filter((method) => !exists(nameHere(method, version)));
    assert.deepEqual(missing.filter((method) => !open.includes(method)), [], "missing here");
    assert.deepEqual(open.filter((method) => !missing.includes(method)), [], "listed as open in methods.mjs, but there: take them off the list");
  });

  test(`${version}: each method of the Python classes has cases, with each parameter`, () => {
    const rows = casesOf(version);
    const absent = [];
    for (const [method, parameters] of Object.entries(sync)) {
      if (method === "close") continue;
      const calls = rows.filter((row) => row.method === method);
      if (!(method in METHODS[version]) || calls.length === 0) absent.push(method);
      const places = parameters.filter(({ keyword }) => !keyword);
      for (const { name, keyword } of parameters) {
        const given = calls.map(({ args, kwargs }) => (keyword ? kwargs[name] : args[places.findIndex((one) => one.name === name)]));
        if (given.every((value) => value === undefined)) absent.push(`${method}: ${name}`);
      }
    }
    assert.deepEqual(absent, []);
  });

  test(`${version}: each field of a request, and of what is in it, is in a case`, () => {
    assert.ok(requests.length >= 5, "the types were not read");
    for (const [method, fields] of requests) {
      const { required, optional } = METHODS[version][method];
      const absent = fields.filter(({ path }) => valueAt({ ...required, ...optional }, path) === undefined);
      assert.deepEqual(absent.map(({ path }) => path), [], method);
    }
  });

  test(`${version}: what Python documents as required is required here, and nothing else`, () => {
    for (const [method, fields] of requests) {
      const needed = fields.filter(({ path, required }) => required && !path.includes("."));
      assert.deepEqual(needed.map(({ path }) => path).sort(), Object.keys(METHODS[version][method].required).sort(), method);
    }
  });

  test(`${version}: every word that Python documents is taken here, and no other`, async () => {
    const client = new ClaivClient({ apiKey: "k", fetch: async () => new Response("{}") });
    let count = 0;
    for (const [method, fields] of requests) {
      const { required, ids } = METHODS[version][method];
      const send = (path, value) => {
        const args = [...ids, withValue(required, path.split("."), value)];
        return client[nameHere(method, version)](...argumentsHere(method, version, { args, kwargs: {} }));
      };
      for (const { path, words } of fields) {
        for (const word of words) assert.deepEqual(await send(path, word), {}, `${method}: ${path} ${word}`);
        if (words.length > 0) await assert.rejects(send(path, "no such word"), (error) => error.issues[0].path === path, `${method}: ${path}`);
        count += words.length;
      }
    }
    assert.ok(count >= 15, "the words were not read");
  });
}
