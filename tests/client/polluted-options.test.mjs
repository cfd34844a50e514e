// Fields that a page has put on Object.prototype are not taken for options, headers, hooks or fields of a request.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { paths, rejection } from "../support/client.mjs";

const EVENT = { user_id: "u", type: "message", content: "c" };
const sent = [];
const fetch = async (url, init) => {
  sent.push({ url, ...init });
  return new Response('{"event_id":"e","deduped":false}');
};

/** Runs `work` while Object.prototype has `fields`. */
async function polluted(fields, work) {
  sent.length = 0;
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(fields)) delete Object.prototype[name];
  }
}

test("a baseUrl, a fetch, headers and hooks on Object.prototype are not the client's", async () => {
  const hookCalls = [];
  const stolen = [];
  const evil = {
    baseUrl: "https://evil.example", defaultHeaders: { "x-evil": "1" }, headers: { "x-evil": "2" }, timeout: -1, validate: false, allowInsecureHttp: true,
    onRequest: () => hookCalls.push("request"), onResponse: () => hookCalls.push("response"), onError: () => hookCalls.push("error"),
  };
  await polluted(evil, () => new ClaivClient({ apiKey: "k", fetch }).ingest(EVENT, {}));
  assert.deepEqual([sent.length, sent[0].url, hookCalls], [1, "https://api.claiv.io/v1/ingest", []]);
  assert.ok(!JSON.stringify(sent[0].headers).includes("evil"));
  await polluted({ fetch: (...call) => { stolen.push(call); return fetch(...call); } }, () =>
    new ClaivClient({ apiKey: "k", baseUrl: "http://127.0.0.1:9", maxRetries: 0 }).getUsageLimits().catch(() => {}));
  assert.deepEqual(stolen.filter(([, init]) => init), [], "the key went to a fetch that nobody gave");
});

test("a key on Object.prototype is no key", async () => {
  await polluted({ apiKey: "stolen" }, () => assert.throws(() => new ClaivClient({ fetch }), (error) =>
    error instanceof ClaivValidationError && paths(error).includes("apiKey")));
});

test("fields on Object.prototype are no fields of a request", async () => {
  await polluted({ user_id: "somebody", thread_id: "t" }, async () => {
    const client = new ClaivClient({ apiKey: "k", fetch });
    assert.deepEqual(paths(await rejection(client.ingest({ type: "message", content: "c" }), ClaivValidationError)), ["user_id"]);
    await client.forget({ __proto__: null, user_id: "u" });
  });
  assert.deepEqual(sent.map(({ body }) => body), ['{"user_id":"u"}']);
});

test("options of the caller's own classes are read", async () => {
  class Options { get baseUrl() { return "https://mine.example"; } }
  sent.length = 0;
  await new ClaivClient(Object.assign(new Options(), { apiKey: "k", fetch })).ingest(EVENT);
  assert.equal(sent[0].url, "https://mine.example/v1/ingest");
});
