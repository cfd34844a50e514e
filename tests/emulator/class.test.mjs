// The class ClaivEmulator: options, clock, log and state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BASE, KEY, start } from "./helpers.mjs";

test("a wrong option throws an error that names it", () => {
  for (const [options, name] of [
    [7, "options"],
    ["x", "options"],
    [[], "options"],
    [{ apikeys: ["x"] }, "options.apikeys"],
    [{ apiKeys: "x" }, "options.apiKeys"],
    [{ apiKeys: [] }, "options.apiKeys"],
    [{ apiKeys: [""] }, "options.apiKeys"],
    [{ apiKeys: [1] }, "options.apiKeys"],
    [{ now: "soon" }, "options.now"],
    [{ now: NaN }, "options.now"],
    [{ now: new Date(NaN) }, "options.now"],
    [{ now: 1e300 }, "options.now"],
    [{ now: {} }, "options.now"],
    [{ latency: -1 }, "options.latency"],
    [{ latency: Infinity }, "options.latency"],
    [{ latency: "1" }, "options.latency"],
    [{ maxBodyBytes: 0 }, "options.maxBodyBytes"],
    [{ maxBodyBytes: 1.5 }, "options.maxBodyBytes"],
    [{ logLimit: -1 }, "options.logLimit"],
    [{ journal: "yes" }, "options.journal"],
    [{ quota: 5 }, "options.quota"],
    [{ quota: { request: 5 } }, "options.quota.request"],
    [{ quota: { requests: -5 } }, "options.quota.requests"],
    [{ quota: { tokens: "5" } }, "options.quota.tokens"],
    [{ quota: { billingCycleDay: 29 } }, "options.quota.billingCycleDay"],
    [{ quota: { plan: 1 } }, "options.quota.plan"],
  ]) {
    assert.throws(() => new ClaivEmulator(options), (error) => error instanceof Error && error.message.startsWith(`${name} `), name);
  }
  for (const options of [undefined, null, {}, { apiKeys: undefined, quota: null, now: undefined }]) new ClaivEmulator(options);
});

test("the clock starts at options.now, can be set and moved, and runs on", async () => {
  const start = Date.UTC(2030, 0, 1);
  for (const now of [start, new Date(start), "2030-01-01", "2030-01-01T01:00:00+01:00"]) {
    const emulator = new ClaivEmulator({ now });
    assert.ok(emulator.time - start >= 0 && emulator.time - start < 1000);
    emulator.advance(3_600_000);
    assert.ok(Math.abs(emulator.time - start - 3_600_000) < 1000);
    emulator.setTime("2031-06-01T00:00:00Z");
    emulator.advance(-1000);
    assert.ok(Math.abs(emulator.time - Date.UTC(2031, 5, 1) + 1000) < 1000);
    emulator.reset();
    assert.ok(Math.abs(emulator.time - start) < 1000);
  }
  assert.ok(Math.abs(new ClaivEmulator().time - Date.now()) < 1000);
  const emulator = new ClaivEmulator({ now: start });
  const first = emulator.time;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(emulator.time > first);
});

test("a clock can be a function, which may return the same time each time", async () => {
  let now = 1000;
  const emulator = new ClaivEmulator({ now: () => now });
  assert.equal(emulator.time, 1000);
  now = 2000;
  assert.equal(emulator.time, 2000);
  emulator.advance(5);
  assert.equal(emulator.time, 2005);
  emulator.setTime(9000);
  assert.equal(emulator.time, 9000);
  now = 2500;
  assert.equal(emulator.time, 9500);
  for (const bad of [NaN, "x", undefined, 1e300]) {
    const broken = new ClaivEmulator({ now: () => bad });
    await assert.rejects(broken.fetch(`${BASE}/healthz`), /options\.now/);
  }
  const thrown = new Error("no time");
  const throwing = new ClaivEmulator({ now: () => { throw thrown; } });
  await assert.rejects(throwing.fetch(`${BASE}/healthz`), (error) => error === thrown);
});

test("setTime and advance refuse invalid values", () => {
  const emulator = new ClaivEmulator();
  for (const bad of [undefined, NaN, "soon", {}, new Date(NaN), Infinity, 1e17]) assert.throws(() => emulator.setTime(bad), TypeError);
  for (const bad of [undefined, NaN, "5", Infinity]) assert.throws(() => emulator.advance(bad), TypeError);
});

test("the function of a clock and a toJSON may call the emulator", async () => {
  const inner = [];
  let nested = false;
  const emulator = new ClaivEmulator({
    now: () => {
      inner.push(emulator.requests.length, emulator.exportState().length, emulator.pendingFaults);
      if (!nested) {
        nested = true;
        void emulator.fetch(`${BASE}/healthz`);
      }
      return 0;
    },
  });
  emulator.addFault({ status: 500, body: { toJSON: () => (emulator.clearFaults(), emulator.reset(), { nested: true }) } });
  const response = await emulator.fetch(`${BASE}/healthz`);
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { nested: true });
  assert.ok(inner.length >= 3);
});

test("the log has each request without the API key", async () => {
  const { emulator, post, get } = start({ now: "2024-01-01T00:00:00Z" });
  await post(`/v1/ingest?a=1&b=${KEY}&a=2`, { user_id: "u", type: "message", content: `my key is ${KEY}!`, [KEY]: 1 }, { headers: { "x-note": `k:${KEY}` } });
  await get(`/v1/deletion-receipts/${KEY}`);
  await post("/v1/ingest", `not JSON ${KEY}`, { headers: { authorization: KEY } });
  const [first, second, third] = emulator.requests;
  assert.deepEqual([first.method, first.path, first.status, first.fault], ["POST", "/v1/ingest", 200, false]);
  assert.deepEqual(first.query, { a: "2", b: "[redacted]" });
  assert.deepEqual([first.headers.authorization, first.headers["x-note"]], ["[redacted]", "k:[redacted]"]);
  assert.equal(first.body.content, "my key is [redacted]!");
  assert.ok(first.bodyBytes > 50 && first.durationMs >= 0);
  assert.match(first.time, /^2024-01-01T00:00:0/);
  assert.match(first.requestId, /^req_/);
  assert.deepEqual([second.path, second.body, second.status], ["/v1/deletion-receipts/[redacted]", null, 404]);
  assert.deepEqual([third.body, third.status], ["not JSON [redacted]", 401]);
  assert.ok(!JSON.stringify(emulator.requests).includes(KEY));
  emulator.clearRequests();
  assert.deepEqual(emulator.requests, []);
});

test("the log keeps the latest requests, and bodies up to 64 KiB", async () => {
  const { emulator, get, post } = start({ logLimit: 3 });
  for (let i = 0; i < 5; i++) await get(`/healthz?i=${i}`);
  assert.deepEqual(emulator.requests.map(({ query }) => query.i), ["2", "3", "4"]);
  await post("/v1/ingest", { content: "x".repeat(70_000) });
  assert.deepEqual([emulator.requests.at(-1).body, emulator.requests.at(-1).bodyBytes > 70_000], [null, true]);
  const silent = start({ logLimit: 0 });
  await silent.get("/healthz");
  assert.deepEqual(silent.emulator.requests, []);
});

test("reset removes everything", async () => {
  const { emulator, ingest, contents, get, post } = start();
  await ingest("x", { idempotency_key: "k" });
  await post("/v1/forget", { user_id: "other" });
  emulator.addFault({ status: 500, path: "/never" });
  emulator.reset();
  assert.deepEqual([emulator.requests, emulator.pendingFaults], [[], 0]);
  assert.equal((await get("/v1/deletion-receipts")).body.total, 0);
  emulator.reset();
  assert.equal((await get("/v1/usage/summary")).body.totals.requests, 0);
  assert.deepEqual(await contents("x"), []);
  assert.equal((await ingest("x", { idempotency_key: "k" })).deduped, false);
});

test("an exported state is imported by another emulator, and anything else is refused", async () => {
  const now = () => Date.UTC(2024, 0, 1);
  const one = start({ now });
  const { event_id } = await one.ingest("remember this", { idempotency_key: "k", metadata: { deep: [1.1, { b: null, a: "\ud800" }] } });
  await one.post("/v1/forget", { user_id: "v" });
  const state = one.emulator.exportState();
  assert.ok(!state.includes("\n") && !state.includes(KEY));
  const two = start({ now });
  await two.ingest("to be replaced");
  two.emulator.importState(state);
  assert.equal(two.emulator.exportState(), state);
  assert.deepEqual(await two.contents("remember replaced"), ["remember this"]);
  assert.deepEqual(await two.ingest("again", { idempotency_key: "k" }), { event_id, deduped: true });
  assert.equal((await two.get("/v1/deletion-receipts")).body.total, 1);
  const before = two.emulator.exportState();
  for (const garbage of ["", "{", "[]", '{"format":"other"}', state.slice(0, -5), state.replace('"version":1', '"version":9'), undefined, 5, {}]) {
    assert.throws(() => two.emulator.importState(garbage), (error) => error instanceof Error && error.message.length > 10);
    assert.equal(two.emulator.exportState(), before);
  }
});

test("changes taken from one emulator and applied to another give the same state", async () => {
  const one = start({ journal: true });
  const two = start();
  let changes = "";
  for (const step of [
    () => one.ingest("a", { idempotency_key: "k" }),
    () => one.post("/v1/forget", { user_id: "u" }),
    () => one.ingest("b \ud800"),
    () => one.emulator.reset(),
    () => one.ingest("c"),
  ]) {
    await step();
    const taken = one.emulator.takeChanges();
    assert.match(taken, /\n$/);
    changes += taken;
    assert.ok(two.emulator.applyChanges(taken) > 0);
    assert.equal(two.emulator.exportState(), one.emulator.exportState());
  }
  assert.equal(one.emulator.takeChanges(), "");
  const torn = start();
  torn.emulator.applyChanges(changes.slice(0, -3));
  const before = torn.emulator.exportState();
  assert.throws(() => torn.emulator.applyChanges(`{"op":"bad"}\n`), /line 1 /);
  assert.equal(torn.emulator.exportState(), before);
});
