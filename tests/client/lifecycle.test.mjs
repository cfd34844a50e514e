// Closing a client, and many clients side by side.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivError } from "claiv-memory";
import { KEY, connect, rejection } from "../support/client.mjs";
import { METHODS } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

/** A server that answers when the test releases it. */
async function slow(t) {
  const waiting = [];
  const server = await serve(t, (request) => new Promise((resolve) => {
    waiting.push({ request, answer: (body) => resolve({ body }) });
    arrived();
  }));
  let arrived = () => {};
  const arrival = (count) => new Promise((resolve) => {
    arrived = () => waiting.length >= count && resolve();
    arrived();
  });
  return { server, waiting, arrival };
}

for (const { name, call } of METHODS) {
  test(`${name} of a closed client rejects with a ClaivError that says so, and sends nothing`, async (t) => {
    const server = await serve(t);
    const client = connect(server);
    client.close();
    const promise = call(client);
    assert.ok(promise instanceof Promise);
    const error = await rejection(promise);
    assert.equal(error.constructor, ClaivError);
    assert.equal(error.name, "ClaivError");
    assert.match(error.message, /closed/);
    assert.equal(error.mayHaveBeenApplied, false);
    assert.equal(server.requests.length, 0);
  });
}

const WAYS = {
  "close()": (client) => client.close(),
  "Symbol.dispose": (client) => client[Symbol.dispose](),
  "Symbol.asyncDispose": (client) => client[Symbol.asyncDispose](),
};

for (const [way, close] of Object.entries(WAYS)) {
  test(`${way} lets calls in flight finish, retries included`, async (t) => {
    let attempts = 0;
    const { server, waiting, arrival } = await slow(t);
    const client = connect(server, {
      maxRetries: 1,
      fetch: (url, init) => (url.endsWith("/healthz") && attempts++ === 0
        ? Promise.resolve(new Response("{}", { status: 503, headers: { "retry-after-ms": "20" } }))
        : fetch(url, init)),
    });
    const calls = [client.getUsageLimits(), client.recall({ user_id: "u", task: "t", token_budget: 200 }), client.healthCheck()];
    await arrival(2);
    await close(client);
    await rejection(client.getUsageLimits());
    await arrival(3);
    assert.equal(attempts, 2);
    for (const [index, { answer }] of waiting.entries()) answer({ index });
    assert.deepEqual((await Promise.all(calls)).map(({ index }) => index).sort(), [0, 1, 2]);
  });

  test(`${way} may be called twice`, async (t) => {
    const client = connect(await serve(t));
    assert.equal(await close(client), undefined);
    assert.equal(await close(client), undefined);
    client.close();
    await rejection(client.healthCheck());
  });
}

test("Symbol.asyncDispose gives a promise, close and Symbol.dispose give nothing", () => {
  const client = new ClaivClient({ apiKey: KEY });
  assert.equal(client.close(), undefined);
  assert.equal(client[Symbol.dispose](), undefined);
  assert.ok(client[Symbol.asyncDispose]() instanceof Promise);
});

test("what closes a client is not among its enumerable properties", () => {
  const client = new ClaivClient({ apiKey: KEY });
  for (const symbol of [Symbol.dispose, Symbol.asyncDispose]) {
    assert.equal(typeof symbol, "symbol");
    assert.equal(Object.getOwnPropertyDescriptor(ClaivClient.prototype, symbol).enumerable, false);
  }
  assert.deepEqual(Object.getOwnPropertySymbols(client), []);
});

test("there is no way to pull the memory from under a call", () => {
  assert.equal("free" in new ClaivClient({ apiKey: KEY }), false);
});

test("clients side by side have each their own key, address, headers and limits", async (t) => {
  const servers = await Promise.all([serve(t), serve(t), serve(t, () => "hang")]);
  const clients = servers.map((server, i) => connect(server, { apiKey: `key-${i}`, defaultHeaders: { "x-client": `${i}` }, timeout: i === 2 ? 20 : 5000 }));
  const results = await Promise.allSettled(clients.flatMap((client) => [client.getUsageLimits(), client.getUsageSummary()]));
  assert.deepEqual(results.map(({ status }) => status), [...Array(4).fill("fulfilled"), ...Array(2).fill("rejected")]);
  for (const [i, { requests }] of servers.slice(0, 2).entries()) {
    assert.deepEqual(requests.map(({ headers }) => [headers.authorization, headers["x-client"]]), Array(2).fill([`Bearer key-${i}`, `${i}`]));
  }
});

test("closing one client leaves the others open", async (t) => {
  const { server, waiting, arrival } = await slow(t);
  const [open, shut] = [connect(server), connect(server)];
  const calls = [open.getUsageLimits(), shut.getUsageLimits()];
  await arrival(2);
  shut.close();
  calls.push(open.getUsageLimits());
  await rejection(shut.getUsageLimits());
  await arrival(3);
  for (const { answer } of waiting) answer({ fine: true });
  assert.deepEqual(await Promise.all(calls), Array(3).fill({ fine: true }));
});

test("a thousand clients can be made, used and dropped", async () => {
  const seen = new Set();
  const fetch = async (_, { headers }) => {
    seen.add(headers.authorization);
    return new Response("{}");
  };
  await Promise.all(Array.from({ length: 1000 }, (_, i) => new ClaivClient({ apiKey: `k${i}`, fetch }).getUsageLimits()));
  assert.equal(seen.size, 1000);
});

test("a client that was made through its prototype, or whose methods are borrowed, does no harm", async (t) => {
  const server = await serve(t);
  const { healthCheck } = connect(server);
  for (const self of [undefined, null, {}, Object.create(ClaivClient.prototype), 5]) {
    await assert.rejects(async () => healthCheck.call(self), Error, String(self));
  }
  assert.equal(server.requests.length, 0);
  assert.deepEqual(await connect(server).healthCheck(), { ok: true });
});
