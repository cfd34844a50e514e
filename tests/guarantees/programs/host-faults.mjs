// Runs one scenario again and again: first to count which functions of the host it calls and how often, then once for each of those
// calls, which throws. Prints {points, functions, broken}.
//   node host-faults.mjs <scenario> <early|late>     whether the functions are replaced before the package is imported, or after
import { fault, install, withoutFaults } from "./hosts.mjs";

const [scenarioName, when] = process.argv.slice(2);

// What this program itself uses is taken before anything is replaced.
const { apply } = Reflect;
const { then } = Promise.prototype;
const { abort } = AbortController.prototype;
const { addEventListener } = EventTarget.prototype;
const NativePromise = Promise;
const NativeResponse = Response;
const later = setTimeout;
const cancel = clearTimeout;
const turn = setImmediate;
const { now } = performance;
const clock = () => apply(now, performance, []);

/** No scenario takes longer than a call's timeout; the rest is for a busy machine. */
const TIMEOUT = 40;
const LIMIT = 2000;
const STEPS = 20;
/** A function that is called very often is made to throw at so many of its calls, the first ones and some of the later. */
const MOST = 24;
/** When so many points are broken, the rest is not looked at. */
const ENOUGH = 8;

if (when === "early") install();
const { ClaivClient, ClaivError } = await import("claiv-memory");
if (when === "late") install();

const short = (error) => String(error?.stack ?? error).split("\n").slice(0, 3).join(" ");
let stray = [];
process.on("uncaughtException", (error) => stray.push(`uncaughtException: ${short(error)}`));
process.on("unhandledRejection", (error) => stray.push(`unhandledRejection: ${short(error)}`));

const event = (content = "I moved to Lisbon", more = {}) => ({ user_id: "u", type: "message", content, ...more });
const answer = (value, status = 200, headers = {}) => async () => withoutFaults(() => new NativeResponse(JSON.stringify(value), { status, headers }));
const right = answer({ event_id: "e", deduped: false, documents: [{ document_id: "d" }], total: 1 });
/** Answers the calls of one run, one after the other; the last for ever. */
let answers = [right];
const fetch = (url, init) => (answers.length > 1 ? answers.shift() : answers[0])(url, init);
const hangs = (_, { signal }) => withoutFaults(() => new NativePromise((_, reject) => {
  apply(addEventListener, signal, ["abort", () => reject(new Error("aborted"))]);
}));
const slow = async () => {
  await withoutFaults(() => new NativePromise((resolve) => later(resolve, 5)));
  return right();
};
const never = () => withoutFaults(() => new NativePromise(() => {}));

const options = (more) => ({ apiKey: "ck_faults", baseUrl: "http://127.0.0.1:9/prefix", fetch, timeout: TIMEOUT, maxRetryDelay: 1, ...more });
const fixed = new ClaivClient(options());
const asked = new ClaivClient(options({ apiKey: async () => "ck_faults", defaultHeaders: { "x-a": "b" }, onRequest() {}, onResponse() {}, onRetry() {}, onError() {} }));

/** Aborts from outside, while the fault is on: what the client does about it meets the fault. */
function aborted(call) {
  const controller = withoutFaults(() => new AbortController());
  later(() => apply(abort, controller, ["enough"]), 5);
  return call(controller.signal);
}

/** A call of a client that is closed while it runs. */
function closed(client) {
  const call = client.healthCheck();
  try {
    client.close();
  } catch (error) {
    apply(then, call, [undefined, () => {}]);
    throw error;
  }
  return call;
}

// `begin` gives a promise; with `sync` it may throw as well. `answers` is what its fetch does, `before` is run without faults.
const SCENARIOS = {
  ingest: { begin: () => fixed.ingest(event()) },
  "ingest, 503 then right": { answers: [answer({}, 503, { "retry-after-ms": "1" }), right], begin: () => fixed.ingest(event()) },
  "recall with everything": {
    begin: () => asked.recall({ user_id: "u", task: "t", token_budget: 500, scope: { a: 1 } }, { signal: SIGNAL, headers: { "x-c": "d" }, totalTimeout: 500, onResponse() {} }),
  },
  "a refusal": { answers: [answer({ error: { code: "c", message: "m", request_id: "r", details: { a: 1 } } }, 400, { "x-request-id": "r" })], begin: () => asked.ingest(event()) },
  "a lost connection": { answers: [() => NativePromise.reject(new TypeError("fetch failed")), right], begin: () => fixed.ingest(event()) },
  "an invalid request": { begin: () => fixed.ingest({ user_id: 1, type: "no" }) },
  "an upload from a Blob": { begin: () => fixed.uploadDocument({ user_id: "u", project_id: "p", document_name: "n", content: BLOB }) },
  ingestMany: { begin: () => fixed.ingestMany([event("a"), event("b", { thread_id: "t" }), event("c", { thread_id: "t" }), {}], { concurrency: 2, onProgress() {} }) },
  "an abort in flight": { answers: [hangs], begin: () => aborted((signal) => fixed.ingest(event(), { signal, timeout: 4 * TIMEOUT })) },
  "an abort of a fetch that does not listen": { answers: [never], begin: () => aborted((signal) => fixed.ingest(event(), { signal, timeout: 4 * TIMEOUT })) },
  "a timeout": { answers: [never], begin: () => fixed.ingest(event()) },
  "a loop over documents": { sync: true, begin: () => fixed.documents({ user_id: "u" }).next() },
  "a new client": { sync: true, begin: () => closed(new ClaivClient(options({ apiKey: () => "k" }))) },
  "clients that are collected meanwhile": {
    before() { for (let i = 0; i < 5; i++) new ClaivClient(options()); },
    answers: [slow],
    begin() {
      withoutFaults(globalThis.gc);
      return fixed.ingest(event());
    },
  },
  fromEnv: { sync: true, begin: () => ClaivClient.fromEnv({ CLAIV_API_KEY: "k" }, { fetch, timeout: TIMEOUT, maxRetryDelay: 1 }).getUsageLimits() },
};
const { signal: SIGNAL } = new AbortController();
const BLOB = new Blob(["# Notes\n\nDark mode."]);
const scenario = SCENARIOS[scenarioName];

/** How a promise ends: "fulfilled", "pending", or what it rejects with. */
function ending(promise) {
  return new NativePromise((resolve) => {
    // In steps, each of which lets the event loop go round: a process that gets no time for seconds has had no chance to settle anything.
    let steps = 0;
    let timer;
    const step = () => { timer = steps++ < STEPS ? later(step, LIMIT / STEPS) : resolve({ how: "pending" }); };
    step();
    const done = (end) => { cancel(timer); resolve(end); };
    apply(then, promise, [() => done({ how: "fulfilled" }), (error) => done({ how: "rejected", error })]);
  });
}

/** One run; `name` and `n` say which call throws. Gives what is wrong with its end. */
async function run(name, n) {
  answers = [...(scenario.answers ?? [right])];
  stray = [];
  Object.assign(fault, { name, n, error: new Error("injected"), thrown: false, on: false });
  fault.counts.clear();
  let promise;
  let wrong;
  scenario.before?.();
  fault.on = true;
  try {
    promise = scenario.begin();
  } catch (error) {
    fault.on = false;
    wrong = !scenario.sync ? "the method threw" : error instanceof ClaivError ? undefined : `threw ${short(error)}`;
  }
  if (promise) {
    const end = await ending(promise);
    fault.on = false;
    if (end.how === "pending") wrong = "pending for good";
    else if (end.how === "rejected" && !(end.error instanceof ClaivError)) wrong = `rejected with ${short(end.error)}`;
  }
  await new NativePromise((resolve) => turn(resolve));
  if (stray.length > 0) wrong ??= stray[0];
  return wrong ?? (fault.thrown ? await afterwards() : undefined);
}

/** Clean calls, of the clients that met the fault and of a new one. */
async function afterwards() {
  answers = [right];
  for (const [which, make] of [["the same client", () => fixed], ["another client", () => asked], ["a new client", () => new ClaivClient(options())]]) {
    try {
      const end = await ending(make().ingest(event(), { timeout: LIMIT / 2 }));
      if (end.how !== "fulfilled") return `afterwards a call of ${which} is ${end.how}: ${short(end.error)}`;
    } catch (error) {
      return `afterwards a call of ${which} threw ${short(error)}`;
    }
  }
  return undefined;
}

/** The calls of a function that are made to throw. */
function chosen(count) {
  const all = Array.from({ length: count }, (_, i) => i + 1);
  if (count <= MOST) return all;
  const step = (count - MOST / 2) / (MOST / 2);
  return all.filter((n) => n <= MOST / 2 || Math.floor((n - MOST / 2) / step) !== Math.floor((n - 1 - MOST / 2) / step));
}

const began = clock();
await run();
const clean = await run();
const counts = new Map(fault.counts);
const broken = clean ? [`without a fault: ${clean}`] : [];
let points = 0;
search: for (const [name, count] of [...counts].sort()) {
  for (const n of chosen(count)) {
    if (broken.length >= ENOUGH) break search;
    points += 1;
    const wrong = await run(name, n);
    if (wrong) broken.push(`${name}, call ${n}: ${wrong}`);
  }
}
console.log(JSON.stringify({ points, functions: [...counts.keys()].sort(), seconds: (clock() - began) / 1000, broken }));
process.exit();
