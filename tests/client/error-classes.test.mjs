// The error classes: subclasses of Error, recognised by instanceof across two copies of the package, and ready for logs.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { after } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import * as esm from "claiv-memory";

const require = createRequire(import.meta.url);
const commonjs = require("claiv-memory");

// A second installation, as two versions of an application's dependencies would have it.
const place = mkdtempSync(join(tmpdir(), "claiv-copy-"));
after(() => rmSync(place, { recursive: true, force: true }));
cpSync(dirname(require.resolve("claiv-memory/package.json")), join(place, "copy"), { recursive: true });
const second = await import(pathToFileURL(join(place, "copy/dist/index.js")).href);

const COPIES = { "the ES module": esm, "the CommonJS build": commonjs, "a second installation": second };

/** Each class with its ancestors, nearest first. */
const TREE = {
  ClaivError: [],
  ClaivApiError: ["ClaivError"],
  ClaivBadRequestError: ["ClaivApiError", "ClaivError"],
  ClaivAuthenticationError: ["ClaivApiError", "ClaivError"],
  ClaivPermissionError: ["ClaivApiError", "ClaivError"],
  ClaivNotFoundError: ["ClaivApiError", "ClaivError"],
  ClaivConflictError: ["ClaivApiError", "ClaivError"],
  ClaivRateLimitError: ["ClaivApiError", "ClaivError"],
  ClaivServerError: ["ClaivApiError", "ClaivError"],
  ClaivTimeoutError: ["ClaivError"],
  ClaivNetworkError: ["ClaivError"],
  ClaivAbortError: ["ClaivError"],
  ClaivValidationError: ["ClaivError"],
  ClaivResponseError: ["ClaivError"],
};

/** A real error of a class, made by a copy's client. */
async function make(copy, name) {
  const statuses = {
    ClaivApiError: 418, ClaivBadRequestError: 400, ClaivAuthenticationError: 401, ClaivPermissionError: 403, ClaivNotFoundError: 404,
    ClaivConflictError: 409, ClaivRateLimitError: 429, ClaivServerError: 500, ClaivResponseError: 302,
  };
  const fetch = async () => {
    if (name === "ClaivNetworkError") throw new TypeError("broken pipe");
    return name === "ClaivTimeoutError" ? new Promise(() => {}) : new Response("{}", { status: statuses[name] });
  };
  const client = new copy.ClaivClient({ apiKey: "k", fetch, maxRetries: 0, timeout: 5 });
  if (name === "ClaivError") client.close();
  if (name === "ClaivValidationError") return client.ingest({}).catch((error) => error);
  return client.getUsageLimits({ signal: name === "ClaivAbortError" ? AbortSignal.abort() : undefined }).catch((error) => error);
}

test("the copies are copies: no two share a class", () => {
  assert.notEqual(esm.ClaivError, commonjs.ClaivError);
  assert.notEqual(esm.ClaivError, second.ClaivError);
  const exported = Object.keys(esm).filter((name) => name !== "ClaivClient").sort();
  for (const copy of [esm, second]) assert.deepEqual(exported, Object.keys(TREE).sort(), Object.keys(copy).join());
  assert.deepEqual(Object.keys(commonjs).sort(), Object.keys(esm).sort());
});

for (const [name, ancestors] of Object.entries(TREE)) {
  for (const [maker, copy] of Object.entries(COPIES)) {
    test(`a ${name} of ${maker} is an instance of its classes in every copy, and of no other`, async () => {
      const error = await make(copy, name);
      assert.equal(error.constructor, copy[name]);
      for (const other of Object.values(COPIES)) {
        for (const candidate of Object.keys(TREE)) {
          assert.equal(error instanceof other[candidate], candidate === name || ancestors.includes(candidate), candidate);
        }
      }
      assert.ok(error instanceof Error);
    });
  }

  test(`a ${name} is an error with a name, a stack and a message that reads as a sentence`, async () => {
    const error = await make(esm, name);
    const shown = name === "ClaivAbortError" ? "AbortError" : name;
    assert.equal(error.name, shown);
    assert.equal(esm[name].name, name);
    assert.equal(String(error), `${shown}: ${error.message}`);
    assert.equal(Object.prototype.toString.call(error), "[object Error]");
    assert.match(error.stack, /\n {4}at /);
    assert.ok(error.stack.includes(error.message), error.stack);
    assert.match(error.message, /^[A-Z].*[.)]$/s);
    assert.ok(!Object.keys(error).includes("name") && !Object.keys(error).includes("message"));
  });

  test(`a ${name} tells its name, message and fields in logs and in JSON`, async () => {
    const error = await make(esm, name);
    const json = JSON.parse(JSON.stringify(error));
    assert.equal(json.name, error.name);
    assert.equal(json.message, error.message);
    assert.deepEqual(json.attempts, JSON.parse(JSON.stringify(error.attempts)));
    assert.equal(json.mayHaveBeenApplied, error.mayHaveBeenApplied);
    const shown = inspect(error);
    assert.ok(shown.includes(error.message), shown);
    assert.ok(shown.includes("mayHaveBeenApplied"), shown);
  });

  test(`a ${name} can be made by hand, and subclassed like any class`, () => {
    const cause = new Error("why");
    const made = new esm[name]("What happened.", { cause, attempts: [], idempotencyKey: "k" });
    assert.deepEqual([made.message, made.cause, made.attempts, made.idempotencyKey], ["What happened.", cause, [], "k"]);
    assert.ok(!("cause" in new esm[name]("x")));
    assert.deepEqual(Object.keys(new esm[name]("x")), []);

    class Mine extends esm[name] {
      constructor(message, extra) {
        super(message);
        this.extra = extra;
      }
    }
    class MyOwn extends Mine {}
    const mine = new MyOwn("mine", 5);
    assert.equal(mine.extra, 5);
    for (const copy of Object.values(COPIES)) {
      for (const candidate of [name, ...ancestors]) assert.ok(mine instanceof copy[candidate], candidate);
    }
    assert.ok(mine instanceof Mine && mine instanceof MyOwn);
    assert.ok(!(made instanceof Mine), "an error of the package is none of a user's subclass");
    assert.ok(!(new Mine("m") instanceof MyOwn));
    mine.name = "MyOwn";
    assert.equal(String(mine), "MyOwn: mine");
  });
}

test("what is no error of the package is an instance of none of its classes", () => {
  const foreign = [undefined, null, 0, "ClaivError", Symbol("e"), 5n, true, {}, [], () => {}, new Error("x"), new TypeError("x"),
    new DOMException("x", "AbortError"), { name: "ClaivError", message: "x" }, Object.create(null), new Proxy({}, {}), new esm.ClaivClient({ apiKey: "k" })];
  for (const value of foreign) {
    for (const name of Object.keys(TREE)) assert.equal(value instanceof esm[name], false, `${String(typeof value)} ${name}`);
  }
});

test("an error crosses structuredClone as an Error with its message", async () => {
  const error = await make(esm, "ClaivNotFoundError");
  const clone = structuredClone(error);
  assert.ok(clone instanceof Error);
  assert.equal(clone.message, error.message);
});

test("headers are at hand, but not in every log line", async () => {
  const error = await make(esm, "ClaivNotFoundError");
  assert.ok(error.headers instanceof Headers);
  assert.ok(!Object.keys(error).includes("headers"));
  assert.ok(!JSON.stringify(error).includes("content-type"));
});

test("what code may narrow by stands on the errors themselves", async () => {
  const validation = await make(esm, "ClaivValidationError");
  assert.deepEqual(validation.issues.map(({ path }) => path), ["user_id", "type", "content"]);
  for (const issue of validation.issues) assert.deepEqual(Object.keys(issue).sort(), ["message", "path"]);
  const closed = await make(esm, "ClaivError");
  assert.match(closed.message, /closed/);
});

test("toJSON of an error with 20,000 levels of details works, and has the upper ones", async () => {
  const depth = 20_000;
  const body = `{"error":{"code":"c","message":"m","request_id":"r","details":${"[".repeat(depth)}1${"]".repeat(depth)}}}`;
  const client = new esm.ClaivClient({ apiKey: "k", fetch: async () => new Response(body, { status: 400 }) });
  const error = await client.getUsageLimits().catch((reason) => reason);
  const json = JSON.parse(JSON.stringify(error));
  assert.equal(json.code, "c");
  let levels = 0;
  for (let one = json.details; Array.isArray(one); [one] = one) levels += 1;
  assert.equal(levels, 100);
  const shallow = { a: [{ b: null }], __proto__: null };
  assert.equal(JSON.stringify(new esm.ClaivApiError("m", { details: shallow }).toJSON().details), JSON.stringify(shallow));
});
