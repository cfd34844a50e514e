// Redirects, reused connections, refused ones, and bodies as large as they come.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import test from "node:test";
import * as claiv from "claiv-memory";
import { big, closesWhenReused, redirects } from "../hostile/scenarios.mjs";
import { startHostile } from "../hostile/server.mjs";
import { healthy } from "../hostile/wire.mjs";
import { CALLS, KEY, clientOf, ending, failure, sleep, took, withServer } from "./support.mjs";

for (const status of [300, 301, 302, 303, 305, 307, 308]) {
  test(`a redirect with ${status} to another origin is told and not followed`, async () => {
    const elsewhere = await startHostile(healthy);
    await withServer(redirects(status, `${elsewhere.url}/take?it=all`), async (server) => {
      const client = clientOf(server);
      for (const call of Object.values(CALLS)) {
        const error = await failure(call(client));
        assert.ok(error instanceof claiv.ClaivResponseError);
        assert.equal(error.status, status);
        assert.equal(error.location, elsewhere.url);
        assert.ok(error.message.includes(elsewhere.url) && !error.message.includes("take"), error.message);
        assert.equal(error.attempts.length, 1);
      }
      assert.equal(server.requests.length, 4);
      server.heal();
      await CALLS.ingest(client);
    });
    elsewhere.close();
    assert.equal(elsewhere.connections, 0, "something went to the other origin");
  });
}

test("a redirect within the origin is not followed either, and one without a target is told", async () => {
  for (const [location, shown] of [["/v2/elsewhere", true], ["//[", false], ["", true], ["javascript:alert(1)", false]]) {
    await withServer(redirects(307, location), async (server) => {
      const error = await failure(CALLS.forget(clientOf(server)));
      assert.ok(error instanceof claiv.ClaivResponseError);
      assert.equal(server.requests.length, 1);
      if (shown) assert.equal(error.location, server.url, location);
      assert.ok(!JSON.stringify(error).includes(KEY));
    });
  }
});

test("a connection that closes when it is reused costs a retry where that is safe, an error where it is not", () =>
  withServer(closesWhenReused(), async (server) => {
    const client = clientOf(server);
    for (const kind of ["get", "recall", "ingest"]) {
      const { error } = await ending(CALLS[kind](client));
      assert.equal(error, undefined, `${kind}: ${error?.stack}`);
    }
    assert.ok(server.requests.length > 3, "no connection was reused, and nothing shown");
    // Which connection is taken is the host's choice, so it is asked a few times.
    let reused = 0;
    for (let i = 0; i < 20; i++) {
      const seen = new Set(server.requests.map(({ connection }) => connection));
      const before = server.requests.length;
      const { error } = await ending(CALLS.forget(client));
      assert.equal(server.requests.length, before + 1, "forget was sent twice");
      if (!seen.has(server.requests.at(-1).connection)) {
        assert.equal(error, undefined);
        await sleep(5);
        continue;
      }
      reused += 1;
      assert.ok(error instanceof claiv.ClaivNetworkError);
      assert.equal(error.mayHaveBeenApplied, true);
    }
    assert.ok(reused > 0, "no connection was reused");
  }));

test("a refused connection", async () => {
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => closed.once("listening", resolve));
  const url = `http://127.0.0.1:${closed.address().port}`;
  await new Promise((resolve) => closed.close(resolve));
  for (const [kind, attempts] of [["get", 3], ["recall", 3], ["ingest", 3], ["forget", 1]]) {
    const error = await failure(CALLS[kind](clientOf({ url })));
    assert.ok(error instanceof claiv.ClaivNetworkError);
    assert.equal(error.attempts.length, attempts, kind);
    assert.ok(error.cause instanceof Error);
  }
});

const HUNDRED = 100 * 1024 * 1024;

test("100 MB of JSON arrive whole", () => withServer(big(200, HUNDRED, '{"plan":"', '"}'), async (server) => {
  const { value, error } = await ending(CALLS.get(clientOf(server), { timeout: 30_000, maxResponseBytes: 2 * HUNDRED }), 40_000);
  assert.equal(error, undefined);
  assert.equal(value.plan.length, HUNDRED);
}));

test("100 MB that are no JSON give an error with a short excerpt", () => withServer(big(200, HUNDRED, "<", ">"), async (server) => {
  const error = await failure(CALLS.get(clientOf(server), { timeout: 30_000, maxResponseBytes: 2 * HUNDRED }), 40_000);
  assert.ok(error instanceof claiv.ClaivResponseError);
  assert.equal(error.excerpt.length, 200);
  assert.ok(error.message.length < 600);
}));

test("100 MB of an error's message give a short sentence", () =>
  withServer(big(500, HUNDRED, '{"error":{"code":"c","message":"', '"}}'), async (server) => {
    const error = await failure(CALLS.get(clientOf(server), { timeout: 30_000, maxRetries: 0, maxResponseBytes: 2 * HUNDRED }), 40_000);
    assert.ok(error instanceof claiv.ClaivServerError);
    assert.ok(error.message.length < 600);
  }));

test("a body that is larger than the timeout's patience is cut at the timeout", () =>
  withServer(big(200, 1e12, '{"plan":"', '"}'), async (server) => {
    const { error, ms } = await ending(CALLS.get(clientOf(server), { timeout: 100 }));
    assert.ok(error instanceof claiv.ClaivTimeoutError);
    took(ms, 98, 3000);
    server.heal();
    await CALLS.get(clientOf(server), { timeout: 5000 });
  }));
