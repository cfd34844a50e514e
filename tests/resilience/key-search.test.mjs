// Searches all that a program can read of clients, errors, hooks, results and the emulator's log for the key, its halves and its base64, while
// a server sends the key back in every form.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";
import * as hostile from "../hostile/scenarios.mjs";
import { head, json, response } from "../hostile/wire.mjs";
import { CALLS, clientOf, clientWith, failure, sleep, withServer } from "./support.mjs";

const KEY = "ck_live_9fQ2vX7bLm4TzR8sWc1YpK6dHn3EgJ5a";
/** A key that looks different in JSON, in a URL and in HTML. */
const ODD_KEY = "ck-$&9fQ2vX7b/Lm4+TzR8=sWc1&YpK6%dHn3<EgJ5a>";

/** All forms in which a key could be read. */
function needles(key) {
  const half = Math.floor(key.length / 2);
  const base64 = (text, cut = 0) => Buffer.from(text).toString("base64").replace(/=+$/, "").slice(cut);
  return [
    key, key.slice(0, half), key.slice(half), JSON.stringify(key).slice(1, -1), encodeURIComponent(key), key.toLowerCase(),
    // Base64 of something that ends on the key, wherever in a group of three the key begins.
    base64(key), base64(`Bearer ${key}`), base64(`..${key}`, 4), base64(`.${key}`, 4), Buffer.from(key).toString("hex"), [...key].reverse().join(""),
  ];
}

/** Every text that can be had out of a value: as it is printed, and property by property, prototypes included. */
function texts(value) {
  const found = [];
  const seen = new Set([Object.prototype, Function.prototype, Array.prototype, globalThis]);
  const attempt = (make, then) => {
    try {
      then(make());
    } catch {
      // What cannot be had shows nothing.
    }
  };
  const note = (text) => found.push(String(text));
  const walk = (one, depth) => {
    if (!["object", "function"].includes(typeof one) || one === null) {
      note(one);
      return;
    }
    if (seen.has(one) || depth > 7 || seen.size > 20_000) return;
    seen.add(one);
    attempt(() => JSON.stringify(one), note);
    attempt(() => String(one), note);
    if (one instanceof Headers || one instanceof Map) for (const entry of one) walk(entry, depth + 1);
    for (const name of Reflect.ownKeys(one)) {
      note(String(name));
      if (name !== "constructor") attempt(() => one[name], (content) => walk(content, depth + 1));
    }
    walk(Object.getPrototypeOf(one), depth + 1);
  };
  attempt(() => inspect(value, { showHidden: true, depth: 8, getters: true, maxArrayLength: null, maxStringLength: null }), note);
  attempt(() => structuredClone(value), (clone) => walk(clone, 0));
  walk(value, 0);
  return found;
}

function hides(value, key, what) {
  const all = texts(value);
  for (const needle of needles(key)) {
    const shown = all.find((text) => text.includes(needle));
    assert.equal(shown, undefined, `${what} shows ${needle === key ? "the key" : `a form of the key (${needle})`}`);
  }
}

test("the search finds what is hidden badly", () => {
  for (const value of [
    KEY, { deep: [{ er: KEY }] }, new Error(KEY), new Error("x", { cause: { headers: { authorization: `Bearer ${KEY}` } } }), new Headers({ a: KEY }),
    Object.defineProperty({}, "hidden", { value: KEY }), { get lazy() { return KEY; } }, { [Symbol(KEY)]: 1 }, new Map([[1, KEY]]), new (class { k = KEY; })(),
    Buffer.from(`Bearer ${KEY}`).toString("base64"), `...${KEY.slice(-20)}`, { toJSON: () => KEY }, class { static key = KEY; },
  ]) {
    assert.throws(() => hides(value, KEY, "it"), { code: "ERR_ASSERTION" }, inspect(value));
  }
  hides({ fine: ["here", 7, null, new Error("nothing")] }, KEY, "it");
});

for (const key of [KEY, ODD_KEY]) {
  for (const [form, apiKey] of [["a text", key], ["a function", async () => key]]) {
    test(`clients, errors and hooks do not show the key ${key.slice(0, 4)}… given as ${form}`, () => withServer(undefined, async (server) => {
      const hookCalls = [];
      const hook = (name) => (...args) => { hookCalls.push([name, args]); };
      const client = clientOf(server, {
        apiKey: form === "a text" ? key : apiKey, onRequest: hook("onRequest"), onResponse: hook("onResponse"), onRetry: hook("onRetry"), onError: hook("onError"),
      });
      const results = [];
      for (const scenario of [
        server.scenario, hostile.respondsWith(json(400, { error: { code: "invalid_request", message: "no" } })), hostile.respondsWith(json(401, {})), hostile.respondsWith(response(503, "<html>")),
        hostile.respondsWith(response(200, "<html>")), hostile.redirects(307, "http://127.0.0.1:1/?a=b"), hostile.resetsAfter(11), hostile.cutsAnnounced,
        hostile.garbage, hostile.longHead,
      ]) {
        server.scenario = scenario;
        for (const call of Object.values(CALLS)) results.push(await call(client, { onResponse: hook("call") }).catch((error) => error));
      }
      server.scenario = hostile.neverAnswers;
      results.push(await failure(CALLS.ingest(client)), await failure(CALLS.ingest(client, { timeout: 20_000, totalTimeout: 30 })));
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      results.push(await failure(CALLS.ingest(client, { signal: controller.signal })), await failure(client.ingest({ user_id: 1 })));
      assert.ok(server.requests.every(({ headers }) => headers.authorization === `Bearer ${key}`), "the key was not sent");

      hides(client, key, "a client");
      for (const result of results) hides(result, key, `a result (${result.name ?? "value"})`);
      for (const [name, args] of hookCalls) hides(args, key, name);
      for (const name of ["onRequest", "onResponse", "onRetry", "onError", "call"]) assert.ok(hookCalls.some(([one]) => one === name), `${name} was not called`);
      client.close();
      hides(await failure(CALLS.get(client)), key, "an error of a closed client");
      hides(client, key, "a closed client");
    }));
  }

  /** As JSON that spells each character out. */
  const spelledOut = `"${[...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`;
  const quoted = JSON.stringify(key);
  const slashed = quoted.replaceAll("/", "\\/");
  const failing = (body, status = 401) => hostile.respondsWith(response(status, body, { "content-type": "application/json" }));
  for (const [name, scenario] of [
    ["an error's message", failing(`{"error":{"code":"unauthorized","message":${quoted}}}`)],
    ["an error's message, twice", failing(`{"error":{"code":"unauthorized","message":${JSON.stringify(`${key} ${key}`)}}}`)],
    ["an error's code", failing(`{"error":{"code":${quoted},"message":"m"}}`)],
    ["an error's request id", failing(`{"error":{"code":"c","message":"m","request_id":${quoted}}}`)],
    ["an error's details", failing(`{"error":{"code":"c","message":"m","details":{"sent":[{"authorization":${JSON.stringify(`Bearer ${key}`)}}]}}}`)],
    ["a name in an error's details", failing(`{"error":{"code":"c","message":"m","details":{${quoted}:1}}}`)],
    ["an error's message, with slashes escaped", failing(`{"error":{"code":"c","message":${slashed}}}`)],
    ["an error's message, each character escaped", failing(`{"error":{"code":"c","message":${spelledOut}}}`)],
    ["an error's details, each character escaped", failing(`{"error":{"code":"c","message":"m","details":{"a":[${spelledOut}]}}}`)],
    ["an error's code, each character escaped", failing(`{"error":{"code":${spelledOut},"message":"m"}}`)],
    ["an error's text", failing(`Who is ${key}?`)],
    ["an error's text, after a kilobyte", failing(`${"x".repeat(180)}${key}${"x".repeat(1000)}`)],
    ["a server error's HTML", failing(`<html>${key}</html>`, 500)],
    ["a 200's HTML", hostile.respondsWith(response(200, `<html>${key}</html>`))],
    ["a 200's HTML, across the excerpt's end", hostile.respondsWith(response(200, `${"x".repeat(200 - 10)}${key}`))],
    ["a 200's array", hostile.respondsWith(response(200, `[${quoted}]`))],
    ["a 200's truncated JSON", hostile.respondsWith(response(200, `{"plan":${quoted}`))],
    ["a header", hostile.respondsWith(json(400, {}, { "x-debug": `authorization: Bearer ${key}` }))],
    ["the request id's header", hostile.respondsWith(json(400, {}, { "x-request-id": key }))],
    ["a header of a 200 that is no JSON", hostile.respondsWith(response(200, "<html>", { "x-debug": key }))],
    ["a redirect's target", hostile.redirects(307, `http://127.0.0.1:1/?key=${key}`)],
    ["a redirect's request id", hostile.respondsWith(response(307, "", { location: "http://127.0.0.1:1/", "x-request-id": key }))],
    ["a reason phrase", ({ socket }) => socket.end(Buffer.concat([head(418, { "content-length": 2 }, { reason: key }), Buffer.from("{}")]))],
    ["an announced body that is cut off", ({ socket }) => socket.end(Buffer.concat([head(200, { "content-length": 5000 }), Buffer.from(`{"key":${quoted}`)]))],
  ]) {
    test(`a server that sends ${key.slice(0, 4)}… back in ${name}`, () => withServer(scenario, async (server) => {
      const hookCalls = [];
      const hook = (...args) => { hookCalls.push(args); };
      for (const apiKey of [key, () => key]) {
        const error = await failure(CALLS.get(clientOf(server, { apiKey, maxRetries: 1, onResponse: hook, onRetry: hook, onError: hook })));
        hides(error, key, "the error");
        hides(hookCalls, key, "a hook");
        assert.ok(hookCalls.length > 0);
      }
    }));
  }
}

test("a call's own onResponse does not show a key that the server sends back in a header", () =>
  withServer(hostile.respondsWith(json(200, { plan: "free" }, { "x-debug": `Bearer ${KEY}`, "x-other": "kept" })), async (server) => {
    let received;
    await CALLS.get(clientOf(server, { apiKey: KEY }), { onResponse: (event) => { received = event; } });
    hides(received, KEY, "onResponse");
    assert.equal(received.headers.get("x-debug"), "Bearer [redacted]");
    assert.equal(received.headers.get("x-other"), "kept");
  }));

test("what is wrong with a key is said without it", async () => {
  const bad = [`${KEY}\n`, ` ${KEY}`, `${KEY}é`, `${KEY} ${KEY}`, `${KEY}\u0000`, [KEY], { key: KEY }, { toString: () => KEY }, Symbol(KEY), Object(KEY), new Error(KEY)];
  for (const apiKey of bad) {
    let thrown;
    try {
      new ClaivClient({ apiKey });
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown, "it was taken");
    hides(thrown, KEY, "the constructor's error");
    hides(await failure(CALLS.get(clientWith(() => {}, { apiKey: () => apiKey }))), KEY, "the call's error");
    assert.throws(() => ClaivClient.fromEnv({ CLAIV_API_KEY: apiKey }), (error) => (hides(error, KEY, "fromEnv's error"), true));
  }
});

test("a base URL or header that carries the key is refused without showing it", () => {
  for (const options of [
    { baseUrl: `https://user:${KEY}@example.com` }, { baseUrl: `https://example.com/?key=${KEY}` }, { baseUrl: `https://example.com/#${KEY}` },
    { baseUrl: `${KEY}` }, { baseUrl: `http://example.com/${KEY}` }, { defaultHeaders: { authorization: `Bearer ${KEY}` } }, { defaultHeaders: { "x-key": `${KEY}\n${KEY}` } },
    { defaultHeaders: KEY }, { timeout: { key: KEY } }, { fetch: { key: KEY } },
  ]) {
    assert.throws(() => new ClaivClient({ apiKey: KEY, ...options }), (error) => (hides(error, KEY, inspect(Object.keys(options))), true));
  }
});

test("the emulator's log does not show the key, nor do the client's results", async () => {
  const emulator = new ClaivEmulator({ apiKeys: [KEY] });
  const results = [];
  for (const apiKey of [KEY, `${KEY}x`]) {
    const client = new ClaivClient({ apiKey, fetch: emulator.fetch });
    for (const call of Object.values(CALLS)) results.push(await call(client).catch((error) => error));
  }
  assert.ok(emulator.requests.length >= 8);
  assert.ok(results.some((one) => one.event_id) && results.some((one) => one.status === 401), "both keys were tried");
  for (const result of results) hides(result, KEY, "a result");
  hides(emulator.requests, KEY, "the emulator's log");
});

test("nothing is written to the console", async (t) => {
  const written = [];
  for (const name of ["log", "warn", "error", "info", "debug", "trace"]) t.mock.method(console, name, (...args) => written.push(args.map((one) => inspect(one)).join(" ")));
  await withServer(hostile.respondsWith(json(500, {})), async (server) => {
    for (const call of Object.values(CALLS)) await failure(call(clientOf(server, { apiKey: KEY })));
  });
  await sleep(10);
  assert.deepEqual(written, []);
});
