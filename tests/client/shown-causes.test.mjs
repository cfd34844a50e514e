// `cause` is the very object that was thrown. What hosts print of an error does not show the API key that is in there.
import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn } from "node:child_process";
import test from "node:test";
import { format, inspect } from "node:util";
import { ClaivNetworkError, ClaivTimeoutError } from "claiv-memory";
import { KEY, connect, rejection } from "../support/client.mjs";

const failing = (thrown, options = {}) => connect({ url: "http://127.0.0.1:9" }, { fetch: async () => { throw thrown; }, ...options }).getUsageLimits();

class Odd extends Error {
  #key = KEY;
  [inspect.custom]() { return `Odd with ${this.#key}`; }
}

const nested = (depth) => (depth === 0 ? new Error(`Bearer ${KEY}`) : new Error("outer", { cause: nested(depth - 1) }));

const CAUSES = {
  "the message": () => new TypeError(`bad header Bearer ${KEY}`),
  "the stack": () => Object.assign(new Error("x"), { stack: `Error: x\n    at ${KEY}` }),
  "the name": () => Object.assign(new Error("x"), { name: `E_${KEY}` }),
  "the code": () => Object.assign(new Error("x"), { code: KEY }),
  "a field that is not enumerable": () => Object.defineProperty(new Error("x"), "request", { value: { headers: { authorization: `Bearer ${KEY}` } } }),
  "its own cause": () => nested(1),
  "the cause of the cause of its cause": () => nested(3),
  "an AggregateError": () => new AggregateError([new Error("one"), new Error(`two ${KEY}`)], "all"),
  "the headers of a request": () => Object.assign(new Error("x"), { request: new Request("http://x/", { headers: { authorization: `Bearer ${KEY}` } }) }),
  "a Map": () => Object.assign(new Error("x"), { sent: new Map([["authorization", `Bearer ${KEY}`]]) }),
  "what prints itself": () => new Odd("x"),
  "base64": () => Object.assign(new Error("x"), { raw: Buffer.from(`authorization: Bearer ${KEY}`).toString("base64") }),
  "a field's name": () => Object.assign(new Error("x"), { [KEY]: 1 }),
  "no error, but an object": () => ({ why: `Bearer ${KEY}` }),
  "a string": () => `no ${KEY}`,
  "a timeout of the host": () => Object.assign(new DOMException(`late ${KEY}`, "TimeoutError")),
};

const HIDDEN = [KEY, KEY.slice(8), encodeURIComponent(KEY), Buffer.from(KEY).toString("base64").slice(0, -4)];

for (const [where, make] of Object.entries(CAUSES)) {
  test(`the key in ${where} is not printed`, async () => {
    const thrown = make();
    const error = await rejection(failing(thrown), where === "a timeout of the host" ? ClaivTimeoutError : ClaivNetworkError);
    assert.equal(error.cause, thrown);
    const printed = {
      "console.log": format(error), "with depth": inspect(error, { depth: 10, showHidden: true }), "in colours": inspect(error, { colors: true, depth: 10 }),
      "in an object": inspect({ list: [{ error }] }, { depth: 10 }), "as another's cause": inspect(new Error("mine", { cause: error }), { depth: 10 }),
      JSON: JSON.stringify(error), text: String(error), stack: error.stack, ...error.attempts.map((attempt) => JSON.stringify(attempt)),
    };
    for (const [how, text] of Object.entries(printed)) {
      for (const form of HIDDEN) assert.ok(!text.includes(form), `${how}: ${text}`);
    }
  });
}

test("all else is printed as it is of any error, the cause included", async () => {
  const error = await rejection(failing(new TypeError("fetch failed", { cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }) })));
  const text = inspect(error);
  for (const part of ["ClaivNetworkError: GET /v1/usage/limits", "shown-causes.test.mjs", "[cause]: TypeError: fetch failed", "code: 'ECONNREFUSED'", "mayHaveBeenApplied: true", "attempts: ["]) {
    assert.ok(text.includes(part), `${part} in ${text}`);
  }
  assert.deepEqual(Object.keys(error), ["attempts", "mayHaveBeenApplied"]);
  assert.ok(inspect({ a: { b: { c: error } } }).includes("[ClaivNetworkError") || inspect({ a: { b: { c: error } } }).includes("[Object]"));
});

test("a key of few characters is hidden where it is a whole value", async () => {
  const error = await rejection(failing(Object.assign(new Error("any problem"), { key: "any" }), { apiKey: "any" }));
  assert.match(inspect(error), /key: '\[redacted\]'/);
  assert.match(inspect(error), /any problem/);
});

test("errors that hold each other are printed to an end", async () => {
  const inner = Object.assign(new Error(`inner ${KEY}`));
  const error = await rejection(failing(inner));
  inner.cause = error;
  for (const one of [error, inner]) {
    const text = inspect(error === one ? one : { one: error }, { depth: 20 });
    assert.ok(!text.includes(KEY) && text.length < 10_000, text);
  }
});

test("a frozen error, and one whose cause cannot be printed, are printed without the key", async () => {
  const frozen = Object.freeze(await rejection(failing(new Error(KEY))));
  assert.ok(!inspect(frozen).includes(KEY));
  const trap = { get cause() { throw new Error("trap"); }, [inspect.custom]() { throw new Error(`worse ${KEY}`); } };
  const error = await rejection(failing(trap));
  assert.ok(!inspect(error).includes(KEY));
  assert.match(inspect(error), /ClaivNetworkError/);
});

for (const [where, cause] of [["message", "new TypeError(`bad ${KEY}`)"], ["cause's cause", "new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { header: `Bearer ${KEY}` }) })"]]) {
  test(`an error that nobody catches does not show the key in its cause's ${where} when it ends the process`, async () => {
    const program = `
      import { ClaivClient } from ${JSON.stringify(import.meta.resolve("claiv-memory"))};
      const KEY = ${JSON.stringify(KEY)}.split("").join("");
      await new ClaivClient({ apiKey: KEY, maxRetries: 0, fetch: async () => { throw ${cause}; } }).getUsageLimits();`;
    const child = spawn(process.execPath, ["--input-type=module"], { stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(program.replace(JSON.stringify(KEY), JSON.stringify(KEY.split("").join(" ")) + ".replaceAll(' ', '')"));
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (chunk) => { text += chunk; });
    const [code] = await once(child, "close");
    assert.equal(code, 1, text);
    assert.match(text, /ClaivNetworkError/);
    assert.ok(!text.includes(KEY), text);
  });
}
