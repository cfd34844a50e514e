// Responses and files of mocks and older hosts, which lack parts of the standard: what can be read of them is read.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivResponseError, ClaivTimeoutError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const STORED = { event_id: "e", deduped: false };
const EVENT = { user_id: "u", type: "message", content: "c" };
const DOCUMENT = { user_id: "u", document_name: "n", project_id: "p" };

function mocked(response) {
  let calls = 0;
  const client = new ClaivClient({ apiKey: "k", fetch: async () => { calls += 1; return response; } });
  return { client, calls: () => calls };
}

test("a response that has only json() works", async () => {
  const { client } = mocked({ status: 200, json: async () => STORED });
  assert.deepEqual(await client.ingest(EVENT), STORED);
});

test("a refusal that has only json() is the error it says", async () => {
  const { client } = mocked({ status: 404, json: async () => ({ error: { code: "not_found", message: "no", request_id: "r" } }) });
  const error = await rejection(client.getUsageLimits());
  assert.deepEqual([error.name, error.code, error.requestId], ["ClaivNotFoundError", "not_found", "r"]);
});

test("a response that can be read in no way is a ClaivResponseError at once", async () => {
  for (const response of [{ status: 200 }, { status: 200, text: "text" }, { status: 200, body: {}, text: null }]) {
    const { client, calls } = mocked(response);
    assert.match((await rejection(client.getUsageLimits(), ClaivResponseError)).message, /no text\(\) and no json\(\)/);
    assert.equal(calls(), 1);
  }
});

test("json() is measured, too", async () => {
  const { client } = mocked({ status: 200, json: async () => ({ a: "x".repeat(1000) }) });
  await rejection(client.getUsageLimits({ maxResponseBytes: 500 }), ClaivResponseError);
});

test("a file without stream(), as jsdom has it, is read by its text()", async (t) => {
  const server = await serve(t);
  await connect(server).uploadDocument({ ...DOCUMENT, content: { size: 5, text: async () => "# tea" } });
  assert.equal(server.requests[0].json.content, "# tea");
});

test("an endless stream of empty pieces as a document's content is cut by the timeout", async (t) => {
  const server = await serve(t);
  let cancelled = false;
  const content = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(0)), cancel: () => { cancelled = true; } });
  await rejection(connect(server).uploadDocument({ ...DOCUMENT, content }, { timeout: 50 }), ClaivTimeoutError);
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(cancelled, true);
  assert.equal(server.requests.length, 0);
});

test("an endless stream of empty pieces as an answer is cut by the timeout", async () => {
  const client = new ClaivClient({
    apiKey: "k", timeout: 50,
    fetch: async () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(0)) })),
  });
  await rejection(client.getUsageLimits({ maxRetries: 0 }), ClaivTimeoutError);
});

test("an answer's fields called __proto__ and constructor are fields, and change no prototype", async (t) => {
  const body = '{"memory_blocks":[{"__proto__":{"polluted":1}}],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  const server = await serve(t, () => ({ body }));
  const pack = await connect(server).recall({ user_id: "u", task: "t", token_budget: 200 });
  for (const value of [pack, pack.memory_blocks[0]]) {
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.deepEqual(Object.getOwnPropertyDescriptor(value, "__proto__").value, { polluted: 1 });
  }
  assert.equal({}.polluted, undefined);
  assert.equal(JSON.stringify(pack), body);
});
