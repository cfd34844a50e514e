// A caller's signal cuts a call short wherever it is, promptly, with the signal's own reason, and nothing is left on the signal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { getEventListeners } from "node:events";
import test from "node:test";
import * as claiv from "claiv-memory";
import * as hostile from "../hostile/scenarios.mjs";
import { json } from "../hostile/wire.mjs";
import { CALLS, KEY, clientOf, clientWith, ending, failure, sleep, withServer } from "./support.mjs";

// A call is to reject within 20 ms of the abort. The quickest of five must; none may be off by an order of magnitude.
const PROMPT = 20;
const BUSY = 400;

/** Aborts the call that `start` makes once `until` has come to pass, five times over, and checks how it ended. */
async function abortsPromptly(start, until, { sent, attempts, mayHaveBeenApplied }) {
  const delays = [];
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController();
    const reason = { why: i };
    let at = 0;
    const call = ending(start(controller.signal)).then((end) => ({ ...end, delay: performance.now() - at }));
    await until(i);
    at = performance.now();
    controller.abort(reason);
    const { error, delay } = await call;
    assert.ok(error instanceof claiv.ClaivAbortError, error?.stack);
    assert.equal(error.name, "AbortError");
    assert.equal(error.cause, reason, "the cause is the signal's reason itself");
    assert.equal(error.attempts.length, attempts);
    assert.equal(error.mayHaveBeenApplied, mayHaveBeenApplied);
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    delays.push(delay);
  }
  if (sent) assert.equal(sent(), 5);
  assert.ok(Math.min(...delays) < PROMPT && Math.max(...delays) < BUSY, `after ${delays.map((ms) => ms.toFixed(1))} ms`);
}

const until = (happened) => async () => {
  while (!happened()) await sleep(2);
};
/** Until request number i + 1 has arrived, and then long enough for an answer to have begun. */
const arrived = (server) => async (i) => {
  await until(() => server.requests.length > i)();
  await sleep(30);
};

for (const [name, scenario] of [
  ["before the headers", hostile.neverAnswers],
  ["within the headers", hostile.stallsInHead],
  ["after the headers", hostile.stallsAfterHead],
  ["while the body drips", hostile.drips(5)],
  ["within an error's body", hostile.stallsAfterErrorHead],
]) {
  test(`an abort ${name}`, () => withServer(scenario, async (server) => {
    const client = clientOf(server, { timeout: 10_000 });
    await abortsPromptly((signal) => CALLS.ingest(client, { signal }), arrived(server), {
      sent: () => server.requests.length, attempts: 1, mayHaveBeenApplied: true,
    });
    server.heal();
    assert.equal((await CALLS.ingest(client)).event_id, "evt_1");
  }));
}

for (const [status, mayHaveBeenApplied] of [[429, false], [503, true]]) {
  test(`an abort in the wait after ${status}`, () =>
    withServer(hostile.respondsWith(json(status, {}, { "retry-after": 20 })), async (server) => {
      const client = clientOf(server, { timeout: 10_000, maxRetryDelay: 60_000 });
      await abortsPromptly((signal) => CALLS.ingest(client, { signal }), arrived(server), {
        sent: () => server.requests.length, attempts: 1, mayHaveBeenApplied,
      });
    }));
}

test("an abort while the apiKey function is asked sends nothing", () => withServer(undefined, async (server) => {
  const client = clientOf(server, { apiKey: () => new Promise(() => {}) });
  await abortsPromptly((signal) => CALLS.ingest(client, { signal }), () => sleep(5), { attempts: 0, mayHaveBeenApplied: false });
  assert.equal(server.requests.length, 0);
}));

test("an abort within the apiKey function sends nothing", () => withServer(undefined, async (server) => {
  const controller = new AbortController();
  const client = clientOf(server, {
    apiKey() {
      controller.abort("changed my mind");
      return KEY;
    },
  });
  const error = await failure(CALLS.ingest(client, { signal: controller.signal }));
  assert.ok(error instanceof claiv.ClaivAbortError);
  assert.equal(error.cause, "changed my mind");
  await sleep(50);
  assert.equal(server.requests.length, 0);
}));

test("a signal that has fired before the call lets nothing be sent", () => withServer(undefined, async (server) => {
  let asked = 0;
  const client = clientOf(server, { apiKey: () => { asked += 1; return KEY; } });
  for (const reason of ["a text", 0, null, Symbol("s"), { o: 1 }, new Error("mine"), () => {}]) {
    const signal = AbortSignal.abort(reason);
    for (const call of Object.values(CALLS)) {
      const error = await failure(call(client, { signal }));
      assert.ok(error instanceof claiv.ClaivAbortError);
      assert.equal(error.cause, reason);
      assert.deepEqual(error.attempts, []);
      assert.equal(error.mayHaveBeenApplied, false);
    }
    assert.equal(getEventListeners(signal, "abort").length, 0);
  }
  const error = await failure(CALLS.get(client, { signal: AbortSignal.abort() }));
  assert.equal(error.cause.name, "AbortError", "the reason that the platform gives");
  await sleep(50);
  assert.equal(server.requests.length, 0);
  assert.equal(asked, 0, "the key was asked for");
}));

test("AbortSignal.timeout aborts with its own reason, and is no timeout of ours", () => withServer(hostile.neverAnswers, async (server) => {
  const signal = AbortSignal.timeout(30);
  const error = await failure(CALLS.get(clientOf(server, { timeout: 5000 }), { signal }));
  assert.ok(error instanceof claiv.ClaivAbortError);
  assert.equal(error.cause, signal.reason);
  assert.equal(error.cause.name, "TimeoutError");
}));

test("a fetch that fails for the abort before we hear of it is an abort", async () => {
  const controller = new AbortController();
  const client = clientWith(() => {
    controller.abort("now");
    throw new Error("fetch is aborted");
  });
  const error = await failure(CALLS.get(client, { signal: controller.signal }));
  assert.ok(error instanceof claiv.ClaivAbortError, error.stack);
  assert.equal(error.cause, "now");
});

test("an abort within a hook, before the request has gone, lets nothing be sent", () => withServer(undefined, async (server) => {
  const controller = new AbortController();
  const client = clientOf(server, { onRequest: () => controller.abort("in the hook") });
  const error = await failure(CALLS.ingest(client, { signal: controller.signal }));
  assert.ok(error instanceof claiv.ClaivAbortError);
  assert.equal(error.cause, "in the hook");
  await sleep(50);
  assert.equal(server.requests.length, 0);
  assert.equal(error.mayHaveBeenApplied, false);
}));

test("an abort after the answer changes nothing", () => withServer(undefined, async (server) => {
  const controller = new AbortController();
  assert.equal((await CALLS.ingest(clientOf(server), { signal: controller.signal })).event_id, "evt_1");
  controller.abort();
  await sleep(10);
  assert.equal(server.requests.length, 1);
}));

test("one signal cuts all of its calls, and only those, and no host warns of a leak", () => withServer(hostile.neverAnswers, async (server) => {
  const warnings = [];
  const note = (warning) => warnings.push(warning);
  process.on("warning", note);
  const client = clientOf(server, { timeout: 10_000 });
  const another = clientOf(server, { timeout: 10_000 });
  const mine = new AbortController();
  const other = new AbortController();
  const cut = Array.from({ length: 20 }, (_, i) => failure(CALLS.get(i % 2 ? client : another, { signal: mine.signal })));
  const kept = CALLS.get(client, { signal: other.signal, timeout: 600 });
  await until(() => server.requests.length === 21)();
  assert.equal(getEventListeners(mine.signal, "abort").length, 1);
  mine.abort();
  for (const error of await Promise.all(cut)) assert.ok(error instanceof claiv.ClaivAbortError);
  assert.ok((await failure(kept)) instanceof claiv.ClaivTimeoutError);
  assert.equal(getEventListeners(mine.signal, "abort").length + getEventListeners(other.signal, "abort").length, 0);
  process.off("warning", note);
  assert.deepEqual(warnings, []);
}));

test("a call that cannot be told of its signal keeps the signal from no other, and ends no process", () => {
  const program = `
    import { listen } from ${JSON.stringify(new URL("../../pkg-template/client/waits.js", import.meta.url).href)};
    process.on("unhandledRejection", ({ message }) => console.log("reported:", message));
    const controller = new AbortController();
    listen(controller.signal, () => { throw new Error("the first"); }, 1, 1);
    listen(controller.signal, (...args) => console.log("the second", ...args), 2, 1);
    controller.abort();`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.equal(stdout, "the second 2 1 false undefined\n");
});

test("a thousand calls on one signal leave no listener, however they end", async () => {
  const { signal } = new AbortController();
  const ends = [
    () => new Response('{"plan":"free"}'),
    () => new Response("{}", { status: 400 }),
    () => new Response("{}", { status: 503 }),
    () => new Response("<html>"),
    () => new Promise(() => {}),
    () => { throw new Error("no network"); },
    () => Promise.reject(new Error("no network")),
  ];
  let most = 0;
  let turn = 0;
  const client = clientWith((...args) => {
    most = Math.max(most, getEventListeners(signal, "abort").length);
    return ends[turn++ % ends.length](...args);
  }, { timeout: 2, maxRetryDelay: 1 });
  await ending(CALLS.get(client, { signal }));
  assert.equal(getEventListeners(signal, "abort").length, 0, "after one call");
  for (let i = 0; i < 100; i++) {
    await Promise.all(Array.from({ length: 10 }, () => ending(CALLS.ingest(client, { signal }))));
  }
  assert.equal(getEventListeners(signal, "abort").length, 0, "after a thousand calls");
  assert.equal(most, 1, "listeners at once, for ten calls");
  await failure(client.ingest({}, { signal }));
  assert.equal(getEventListeners(signal, "abort").length, 0, "after a request that was not sent");
});

test("foreign and broken signals give an answer or a ClaivError", () => withServer(undefined, async (server) => {
  const client = clientOf(server);
  const listeners = { added: 0, removed: 0 };
  const foreign = (fields = {}) => ({
    aborted: false, reason: undefined, addEventListener: () => { listeners.added += 1; }, removeEventListener: () => { listeners.removed += 1; }, ...fields,
  });
  const boom = () => { throw new Error("boom"); };
  assert.equal((await ending(CALLS.get(client, { signal: foreign() }))).value.plan, "free");
  assert.deepEqual(listeners, { added: 1, removed: 1 });
  assert.equal((await ending(CALLS.get(client, { signal: foreign({ removeEventListener: boom }) }))).value.plan, "free");
  // Its listener stays on the signal; the calls that come after it are heard all the same.
  const sticky = foreign({ addEventListener: (_, listener) => { sticky.fire = listener; }, removeEventListener: boom });
  assert.equal((await ending(CALLS.get(client, { signal: sticky }))).value.plan, "free");
  const two = [1, 2].map(() => failure(CALLS.get(clientWith(() => new Promise(() => {})), { signal: sticky })));
  Object.assign(sticky, { aborted: true, reason: "late" }).fire();
  for (const cut of await Promise.all(two)) assert.equal(cut.cause, "late");
  for (const fields of [{ addEventListener: boom }, { aborted: true, get reason() { return boom(); } }]) {
    const error = await failure(CALLS.get(client, { signal: Object.defineProperties(foreign(), Object.getOwnPropertyDescriptors(fields)) }));
    assert.equal(error.mayHaveBeenApplied, false);
  }
  // Calls back while it is being listened to.
  const hasty = foreign({ addEventListener: (_, listener) => { hasty.aborted = true; hasty.reason = "hasty"; listener(); } });
  const error = await failure(CALLS.get(client, { signal: hasty }));
  assert.ok(error instanceof claiv.ClaivAbortError);
  assert.equal(error.cause, "hasty");
  for (const signal of [null, 1, "x", {}, [], { aborted: false }, new AbortController(), boom]) {
    const refused = await failure(CALLS.get(client, { signal }));
    assert.ok(refused instanceof claiv.ClaivValidationError);
    assert.deepEqual(refused.issues.map(({ path }) => path), ["options.signal"]);
  }
}));
