// The API of the inspector, in process.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient } from "claiv-memory";
import { ClaivEmulator } from "claiv-memory/emulator";

const asks = (emulator, key = "inspector") => async (method, path, body) => {
  const response = await emulator.fetch(`https://x.test/_claiv/api/${path}`, { method, headers: { authorization: `Bearer ${key}` }, body: body && JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

test("requests to the inspector are not logged, delayed or counted, and faults do not apply", async () => {
  const emulator = new ClaivEmulator({ latency: 60_000, quota: { requests: 0 } });
  emulator.addFault({ drop: true, times: Infinity });
  const { status, body, headers } = await asks(emulator)("GET", "overview");
  assert.deepEqual([status, body.events, body.pending_faults], [200, 0, 1]);
  assert.equal(headers.get("access-control-allow-origin"), null);
  assert.deepEqual(emulator.requests, []);
});

test("requests need an API key that the emulator accepts", async () => {
  const emulator = new ClaivEmulator({ apiKeys: ["right"] });
  for (const [method, path, body] of [["GET", "state"], ["POST", "faults", { status: 503 }], ["POST", "reset", {}]]) {
    assert.equal((await asks(emulator, "wrong")(method, path, body)).status, 401, path);
    assert.equal((await asks(emulator, "right")(method, path, body)).status, 200, path);
  }
  assert.equal((await emulator.fetch("https://x.test/_claiv/api/overview")).status, 401);
});

test("the clock is moved and set", async () => {
  const emulator = new ClaivEmulator({ now: "2026-03-01T00:00:00Z" });
  const ask = asks(emulator);
  await ask("POST", "clock", { advance_ms: 86_400_000 });
  assert.ok(Math.abs(emulator.time - Date.UTC(2026, 2, 2)) < 60_000);
  await ask("POST", "clock", { time: "2030-01-01" });
  assert.ok(Math.abs(emulator.time - Date.UTC(2030, 0, 1)) < 60_000);
  await ask("POST", "reset", {});
  assert.ok(Math.abs(emulator.time - Date.UTC(2026, 2, 1)) < 60_000);
});

test("faults are added in the shape of addFault, listed and removed", async () => {
  const emulator = new ClaivEmulator();
  const ask = asks(emulator);
  const { body: { faults: [endless, twice] } } = await ask("POST", "faults", [{ delayMs: 5, times: "Infinity" }, { status: 503, times: 2 }]);
  assert.deepEqual([endless.times, endless.delay_ms, twice.status, twice.times], [null, 5, 503, 2]);
  assert.equal(emulator.pendingFaults, 2);
  const refused = await ask("POST", "faults", { statos: 503 });
  assert.equal(refused.status, 400);
  assert.match(refused.body.error.message, /statos/);
  for (const body of ["nonsense", 5]) assert.equal((await ask("POST", "faults", body)).status, 400);
  await ask("DELETE", `faults?id=${endless.id}`);
  assert.equal(emulator.pendingFaults, 1);
});

test("retries of a client are grouped with their call", async () => {
  const emulator = new ClaivEmulator();
  emulator.addFault({ drop: true, after: true });
  const claiv = new ClaivClient({ apiKey: "test-key-of-a-client", fetch: emulator.fetch, maxRetryDelay: 5 });
  await claiv.ingest({ user_id: "u", type: "message", content: "I prefer window seats" });
  const { body: { calls, requests } } = await asks(emulator)("GET", "requests");
  assert.deepEqual([requests, calls.length], [2, 1]);
  assert.deepEqual(calls[0].attempts.map(({ status, fault, deduped }) => [status, fault, deduped]), [[null, true, false], [200, false, true]]);
  assert.ok(!JSON.stringify(calls).includes("test-key-of-a-client"));
});

test("a dry run answers what the service answers", async () => {
  const emulator = new ClaivEmulator();
  const claiv = new ClaivClient({ apiKey: "test", fetch: emulator.fetch });
  await claiv.ingest({ user_id: "u", type: "message", content: "I prefer window seats" });
  const asked = { user_id: "u", task: "Which seats?", token_budget: 200 };
  const { body } = await asks(emulator)("POST", "quiet/v1/recall", { ...asked, explain: true });
  const { explain, ...plain } = body;
  assert.deepEqual(plain, await claiv.recall(asked));
  assert.deepEqual(explain.blocks[0].words, ["seats"]);
  assert.equal(emulator.requests.length, 2);
});
