// Hosts that lack what others have: each program below runs in a Node of its own, where a global is deleted before the package
// is imported.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PRELUDE = `
  const { ClaivClient, ClaivError } = await import("claiv-memory");
  const report = async (promise) => {
    const outcome = await Promise.race([promise.then((value) => ({ value }), (error) => ({
      typed: error instanceof ClaivError, name: error.name, message: error.message, attempts: error.attempts?.length,
      mayHaveBeenApplied: error.mayHaveBeenApplied,
    })), new Promise((resolve) => setTimeout(resolve, 3000, { pending: true }))]);
    console.log(JSON.stringify(outcome));
    process.exit();
  };
  const bodies = [];
  // Node makes its own Response of much that is deleted here.
  const answer = (value) => ({ status: 200, headers: new Map(), text: async () => JSON.stringify(value) });
  const echo = async (url, init) => { bodies.push(JSON.parse(init.body)); return answer({ event_id: bodies.at(-1).idempotency_key }); };
  const event = { user_id: "u", type: "message", content: "c" };
`;

async function run(before, code) {
  const program = `${before}\n${PRELUDE}\n${code}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], {
    cwd: dirname(fileURLToPath(import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: "" },
    timeout: 20_000,
  });
  return JSON.parse(stdout);
}

const ingest = `await report(new ClaivClient({ apiKey: "k", fetch: echo, maxRetries: 0 }).ingest(event));`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("without fetch: an error that says so, and nothing was applied", async () => {
  const end = await run("delete globalThis.fetch;", `await report(new ClaivClient({ apiKey: "k" }).ingest(event));`);
  assert.equal(end.typed, true);
  assert.match(end.message, /fetch, which this host does not have\. Give one in the fetch option/);
  assert.equal(end.mayHaveBeenApplied, false);
});

test("without AbortController: an error that says so, and nothing was sent", async () => {
  const end = await run("delete globalThis.AbortController;", ingest);
  assert.equal(end.typed, true);
  assert.match(end.message, /AbortController, which this host does not have/);
  assert.equal(end.mayHaveBeenApplied, false);
});

test("with an AbortController that throws: an error, and nothing was sent", async () => {
  const end = await run("globalThis.AbortController = class { constructor() { throw new Error('not here'); } };", ingest);
  assert.equal(end.typed, true);
  assert.equal(end.mayHaveBeenApplied, false);
});

for (const [name, before] of [
  ["without crypto", "delete globalThis.crypto; Object.defineProperty(globalThis, 'crypto', { value: undefined, configurable: true });"],
  ["with a crypto that lacks randomUUID", "delete Object.getPrototypeOf(crypto).randomUUID;"],
  ["with a crypto that lacks getRandomValues", "Object.defineProperty(globalThis, 'crypto', { value: {} });"],
  ["with a crypto that throws", "Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues() { throw new Error('no entropy'); } } });"],
]) {
  test(`${name}: ingest has an idempotency key all the same`, async () => {
    const { value } = await run(before, ingest);
    assert.match(value.event_id, UUID);
  });
}

test("without crypto: keys differ", async () => {
  const { value } = await run("Object.defineProperty(globalThis, 'crypto', { value: undefined });", `
    const client = new ClaivClient({ apiKey: "k", fetch: echo });
    for (let i = 0; i < 1000; i++) await client.ingest(event);
    await report(Promise.resolve({ different: new Set(bodies.map((body) => body.idempotency_key)).size }));`);
  assert.equal(value.different, 1000);
});

for (const [name, before] of [
  ["performance", "Object.defineProperty(globalThis, 'performance', { value: undefined });"],
  ["process", "Object.defineProperty(globalThis, 'exit', { value: process.exit }); globalThis.process = { exit: process.exit };"],
  ["structuredClone and queueMicrotask", "delete globalThis.structuredClone; delete globalThis.queueMicrotask;"],
  ["FinalizationRegistry", "delete globalThis.FinalizationRegistry;"],
  ["AbortSignal", "delete globalThis.AbortSignal;"],
]) {
  test(`without ${name}: it works, timeout and all`, async () => {
    const { value } = await run(before, ingest);
    assert.match(value.event_id, UUID);
    const end = await run(before, `await report(new ClaivClient({ apiKey: "k", fetch: () => new Promise(() => {}), timeout: 50 }).ingest(event));`);
    assert.equal(end.name, "ClaivTimeoutError");
  });
}

test("fetch that appears after the client was made is found; nothing is looked up early", async () => {
  const end = await run("const fetch = globalThis.fetch; delete globalThis.fetch;", `
    const client = new ClaivClient({ apiKey: "k" });
    globalThis.fetch = echo;
    await report(client.ingest(event));`);
  assert.match(end.value.event_id, UUID);
});

test("a host fetch that is replaced by something else", async () => {
  for (const other of ["undefined", "null", "42", "{}", "class {}"]) {
    const end = await run(`globalThis.fetch = ${other};`, `await report(new ClaivClient({ apiKey: "k", maxRetries: 0 }).ingest(event));`);
    assert.equal(end.typed, true, `${other}: ${JSON.stringify(end)}`);
  }
});
