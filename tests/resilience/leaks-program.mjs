// Run by leaks.test.mjs in a Node of its own with --expose-gc: makes many calls and prints what they left behind.
//   node --expose-gc leaks-program.mjs <scenario> <calls>
import { getEventListeners } from "node:events";
import { startHostile } from "../hostile/server.mjs";
import { json } from "../hostile/wire.mjs";
import * as hostile from "../hostile/scenarios.mjs";

// The package keeps its module to itself; whatever it instantiates is noted here.
const instances = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    instances.push(this);
  }
};
// So is its list of references, which begins with these four.
const lists = [];
const { push } = Array.prototype;
Array.prototype.push = function (...values) {
  if (values.length === 4 && values[0] === undefined && values[1] === null && values[2] === true) lists.push(this);
  return push.apply(this, values);
};
const { ClaivClient } = await import("claiv-memory");
WebAssembly.Instance = Instance;
Array.prototype.push = push;

const [scenario, calls] = [process.argv[2], Number(process.argv[3])];
const LANES = 20;
// One signal for all calls that do not abort.
const { signal } = new AbortController();
const shared = [signal];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const event = { user_id: "u", type: "message", content: "I moved to Lisbon", thread_id: "t" };
const ends = {};

/** Aborts soon. */
function soon() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  return controller.signal;
}

const answers = {
  success: () => new Response('{"event_id":"e","deduped":false}'),
  refusal: () => new Response('{"error":{"code":"c","message":"m","request_id":"r"}}', { status: 400 }),
  failure: () => new Response("<html>", { status: 503 }),
  html: () => new Response("<html>"),
  broken: () => Promise.reject(new Error("no network")),
  throws: () => { throw new Error("no network"); },
  hangs: () => new Promise(() => {}),
  bodyHangs: () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
  redirect: () => new Response(null, { status: 307, headers: { location: "https://example.com/" } }),
};

/** A client with a stub for fetch, told by a header what to do: what is left behind is the client's own. */
function stubbed() {
  const fetch = (_, { headers }) => answers[headers["x-answer"]]();
  const hook = () => {};
  const throwing = () => { throw new Error("a hook that throws"); };
  const options = { baseUrl: "http://127.0.0.1:9", timeout: 5, maxRetryDelay: 1, fetch, onRequest: throwing, onResponse: hook, onRetry: async () => throwing(), onError: hook };
  const fixed = new ClaivClient({ ...options, apiKey: "ck_leaks" });
  const asked = new ClaivClient({ ...options, apiKey: async () => "ck_leaks" });
  const call = (name, more) => ({ signal, headers: { "x-answer": name }, ...more });
  const names = Object.keys(answers);
  return [
    ...names.map((name) => () => fixed.ingest(event, call(name))),
    ...names.map((name) => () => asked.recall({ user_id: "u", task: "t", token_budget: 500 }, call(name))),
    () => fixed.ingest(event, call("hangs", { signal: soon(), timeout: 1000 })),
    () => fixed.ingest(event, call("failure", { signal: soon(), maxRetryDelay: 1000 })),
    () => fixed.ingest(event, call("success", { signal: AbortSignal.abort() })),
    () => fixed.ingest({ user_id: 7 }, call("success")),
    () => fixed.ingestMany([event, event, { ...event, thread_id: "other" }, {}], call("success", { concurrency: 2, onProgress: throwing })),
    () => fixed.listDeletionReceipts({ user_id: "u", limit: 3 }, call("success", { onResponse: throwing, totalTimeout: 50 })),
  ];
}

/** A client and a server on real sockets. */
async function overHttp() {
  const server = await startHostile();
  const client = new ClaivClient({ apiKey: "ck_leaks", baseUrl: server.url, timeout: 500, maxRetryDelay: 1 });
  const scenarios = [server.scenario, server.scenario, server.scenario, hostile.respondsWith(json(400, {})), hostile.respondsWith(json(503, {})), hostile.neverAnswers,
    hostile.stallsAfterHead, hostile.resetsAfter(11), hostile.cutsAnnounced, hostile.closes];
  server.scenario = (exchange) => {
    server.requests.length = 0;
    scenarios[Math.floor(Math.random() * scenarios.length)](exchange);
  };
  return [
    () => client.ingest(event, { signal }),
    () => client.getUsageLimits({ signal }),
    () => client.ingest(event, { signal: soon(), timeout: 1000 }),
  ];
}

/** Batches of one event, and then two long ones: what grows with a batch must not stay in wasm's memory, which never shrinks. */
function batches() {
  const client = new ClaivClient({ apiKey: "ck_leaks", baseUrl: "http://127.0.0.1:9", fetch: async () => answers.success(), onError() {} });
  const many = (length) => Array.from({ length }, (_, i) => ({ ...event, thread_id: i % 3 ? `t-${i % 2000}` : undefined, metadata: { i } }));
  return [
    (n) => {
      if (n < 1000) return client.ingestMany(many(1), { signal });
      const controller = new AbortController();
      const onProgress = ({ done }) => n > 1000 && done === 10_000 && controller.abort();
      return client.ingestMany(many(30_000), { signal: controller.signal, concurrency: 8, onProgress });
    },
  ];
}

/** Clients that are dropped without being closed. */
function dropped() {
  return [
    async (n) => {
      const client = new ClaivClient({ apiKey: `ck_leaks_${n}`, defaultHeaders: { "x-n": `${n}` }, fetch: async () => answers.success() });
      await client.ingest(event, { signal });
      if (n % 2) client.close();
      // Only the collector knows when one is gone, and its finalizer waits for a turn of its own.
      if (n % 200 === 0) {
        globalThis.gc();
        await sleep(1);
      }
    },
  ];
}

async function run(kinds, from, to) {
  let next = from;
  const lane = async () => {
    while (next < to) {
      const n = next++;
      await kinds[n % kinds.length](n).then(() => note("ok"), (error) => note(error.name));
    }
  };
  await Promise.all(Array.from({ length: scenario === "dropped" ? 1 : LANES }, lane));
}

function note(name) {
  ends[name] = (ends[name] ?? 0) + 1;
}

async function measure() {
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await sleep(20);
  }
  const parts = instances.flatMap(({ exports }) => Object.values(exports));
  const memories = parts.filter((part) => part instanceof WebAssembly.Memory);
  return {
    memory: memories.map(({ buffer }) => buffer.byteLength),
    lists: lists.map(({ length }) => length),
    heap: process.memoryUsage().heapUsed,
    timers: process.getActiveResourcesInfo().filter((name) => name === "Timeout").length,
    listeners: shared.reduce((sum, one) => sum + getEventListeners(one, "abort").length, 0),
  };
}

const kinds = { stub: stubbed, http: overHttp, dropped, batches }[scenario];
const list = await kinds();
await run(list, 0, 1000);
const before = await measure();
await run(list, 1000, calls);
const after = await measure();
console.log(JSON.stringify({ before, after, ends }));
process.exit();
