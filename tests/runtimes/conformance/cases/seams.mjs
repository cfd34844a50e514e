// A program's own fetch, and the hooks.
import { KEY, equal, event, group, ok, rejection, same, task } from "../context.mjs";

const answer = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const needResponse = (t) => { if (typeof Response !== "function") t.skip("this host has no Response"); };

const fetches = group("fetch", {
  async "a custom fetch gets what the wire gets, and is called unbound"(t) {
    "use strict";
    needResponse(t);
    let seen;
    const claiv = t.make({
      fetch: async function (url, init) { seen = { self: this, url, init }; return answer({ event_id: "e", deduped: false, new: [1] }); },
      defaultHeaders: { "X-Team": "a" },
    });
    same(await claiv.ingest(event(t), { headers: { "x-trace": "b" } }), { event_id: "e", deduped: false, new: [1] });
    equal(seen.self, undefined);
    equal(seen.url, "https://api.claiv.io/v1/ingest");
    equal(seen.init.method, "POST");
    const headers = Object.fromEntries(Object.entries(seen.init.headers).map(([name, value]) => [name.toLowerCase(), value]));
    same([headers.authorization, headers["x-team"], headers["x-trace"]], [`Bearer ${KEY}`, "a", "b"]);
    equal(JSON.parse(seen.init.body).content, "The user prefers dark mode");
  },

  async "the host's fetch is looked up at each call"(t) {
    needResponse(t);
    const real = globalThis.fetch;
    if (typeof real !== "function") t.skip("this host has no fetch");
    const claiv = t.make();
    try {
      globalThis.fetch = async () => answer({ ok: true, replaced: true });
    } catch {
      t.skip("this host does not let fetch be replaced");
    }
    try {
      equal((await claiv.healthCheck()).replaced, true);
    } finally {
      globalThis.fetch = real;
    }
  },

  async "the health check carries no key"(t) {
    needResponse(t);
    let headers;
    await t.make({ fetch: async (_, init) => { ({ headers } = init); return answer({ ok: true }); } }).healthCheck();
    ok(!JSON.stringify(headers).toLowerCase().includes("authorization"));
  },

  async "an apiKey function is asked once for each call"(t) {
    let asked = 0;
    const { emulator, claiv } = t.local({ apiKey: async () => `token-${++asked}` }, { apiKeys: ["token-1", "token-2"] });
    emulator.addFault({ status: 503, headers: { "retry-after-ms": "1" } });
    await claiv.ingest(event(t));
    await claiv.recall(task(t));
    equal(asked, 2);
    await rejection(claiv.recall(task(t)), t.names.ClaivAuthenticationError);
  },
});

const hooks = group("hooks", {
  async "they tell of each attempt, in order"(t) {
    const calls = [];
    const note = (hook) => (more) => calls.push([hook, more.method, more.path, more.attempt, more.status]);
    const { emulator, claiv } = t.local({
      onRequest: note("request"), onResponse: note("response"), onRetry: note("retry"), onError: note("error"), maxRetries: 1,
    });
    emulator.addFault({ status: 503, headers: { "retry-after-ms": "1" } });
    await claiv.recall(task(t));
    const at = ["POST", "/v1/recall"];
    same(calls, [
      ["request", ...at, 1, undefined], ["response", ...at, 1, 503], ["retry", ...at, 1, 503],
      ["request", ...at, 2, undefined], ["response", ...at, 2, 200],
    ]);
  },

  async "what they throw is dropped"(t) {
    const bad = () => { throw new Error("hook"); };
    const { claiv } = t.local({ onRequest: bad, onResponse: async () => { throw new Error("later"); }, onRetry: bad, onError: bad });
    equal((await claiv.ingest(event(t), { onResponse: bad })).deduped, false);
  },

  async "a call's own onResponse tells of its answer, over HTTP"(t) {
    let details;
    await t.http().ingest(event(t), { onResponse: (response) => { details = response; } });
    same([details.status, details.attempts.length], [200, 1]);
    ok(details.requestId, "no request id");
    equal(details.headers.get("x-request-id"), details.requestId);
    ok(details.idempotencyKey);
  },

  async "onError tells of a call that failed"(t) {
    let details;
    const claiv = t.hostile("status-404", { onError: (error) => { details = error; } });
    await rejection(claiv.recall(task(t)), t.names.ClaivNotFoundError);
    same([details.error, details.status, details.attempt], ["ClaivNotFoundError", 404, 1]);
  },
});

export const seams = [fetches, hooks].flat();
