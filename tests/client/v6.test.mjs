// claiv-memory/v6: V6 under the plain names, and the same package otherwise.
import assert from "node:assert/strict";
import test from "node:test";
import * as main from "claiv-memory";
import * as v6 from "claiv-memory/v6";
import { KEY, paths, rejection } from "../support/client.mjs";
import { METHODS, REQUESTS, send } from "../support/methods.mjs";
import { serve } from "../support/server.mjs";

const connect = (server, options = {}) => new v6.ClaivClient({ apiKey: KEY, baseUrl: server.url, maxRetries: 0, ...options });
const SPOKEN = { user_id: "u", conversation_id: "c", type: "message", content: "I moved to Lisbon" };
const PLAIN = { ingest: "ingestV6", recall: "recallV6", forget: "forgetV6", feedback: "feedbackV6" };

/** The message about a field, of the error that a call is refused with; nothing was sent. */
async function refused(t, method, request, path) {
  const server = await serve(t);
  const error = await rejection(connect(server)[method](request), v6.ClaivValidationError);
  assert.ok(paths(error).includes(path), `${paths(error)}`);
  assert.equal(server.requests.length, 0);
  return error.issues.find((issue) => issue.path === path).message;
}

for (const [name, suffixed] of Object.entries(PLAIN)) {
  test(`${name} is ${suffixed}`, async (t) => {
    const { method, url, body } = METHODS.find((one) => one.name === suffixed);
    const server = await serve(t);
    const ids = name === "feedback" ? ["rc-1"] : [];
    await connect(server)[name](...ids, REQUESTS[suffixed]);
    const [request] = server.requests;
    assert.deepEqual([request.method, request.url, request.json], [method, url, body]);
    assert.equal(request.headers.authorization, `Bearer ${KEY}`);
  });
}

test("ingestMany sends events of V6, those of a conversation one after the other", async (t) => {
  const server = await serve(t, () => ({ body: { event_id: "e", deduped: false } }));
  const [sent, refused] = await connect(server).ingestMany([SPOKEN, { ...SPOKEN, conversation_id: "" }]);
  assert.deepEqual([sent.status, refused.status], ["fulfilled", "rejected"]);
  assert.ok(refused.reason instanceof main.ClaivValidationError);
  assert.deepEqual(server.requests.map(({ url }) => url), ["/v6/ingest"]);
});

for (const { name, url, body } of METHODS.filter((one) => !(one.name in PLAIN))) {
  test(`${name} is what it is in the main entry`, async (t) => {
    const server = await serve(t);
    await METHODS.find((one) => one.name === name).call(connect(server));
    assert.deepEqual([server.requests[0].url, server.requests[0].text], [url, body ? JSON.stringify(body) : ""]);
  });
}

for (const [entry, Client] of Object.entries({ "claiv-memory": main.ClaivClient, "claiv-memory/v6": v6.ClaivClient })) {
  test(`${entry}: ingestV1, ingestManyV1, recallV1 and forgetV1 are V1's`, async (t) => {
    const server = await serve(t, () => ({ body: {} }));
    const claiv = new Client({ apiKey: KEY, baseUrl: server.url });
    for (const name of ["ingestV1", "recallV1", "forgetV1"]) await send(claiv, name, REQUESTS[name]);
    await claiv.ingestManyV1([REQUESTS.ingestV1]);
    assert.deepEqual(server.requests.map((one) => one.url), ["/v1/ingest", "/v1/recall", "/v1/forget", "/v1/ingest"]);
  });
}

test("fields of V1 name V1's method, as it is called in both entries", async (t) => {
  const recall = { user_id: "u", conversation_id: "c", query: "Where?" };
  assert.match(await refused(t, "recall", { ...recall, task: "Plan a trip" }, "task"), /is a field of recallV1, and not of this method/);
  assert.match(await refused(t, "recall", { ...recall, token_budget: 500 }, "token_budget"), /is a field of recallV1, /);
  assert.match(await refused(t, "recall", { ...recall, thread_id: "t" }, "thread_id"), /is a field of recallV1, /);
  assert.match(await refused(t, "ingest", { ...SPOKEN, thread_id: "t" }, "thread_id"), /is a field of ingestV1, /);
  assert.match(await refused(t, "ingest", { ...SPOKEN, retention_policy: "standard" }, "retention_policy"), /is a field of ingestV3, /);
  assert.match(await refused(t, "recallV1", { user_id: "u", task: "t", token_budget: 500, query: "Where?" }, "query"), /is a field of recallV6, /);
});

test("no hint of any method names one that means another version in this entry", async (t) => {
  const plain = /\b(?:field of|Use|use) `?(?:ingest|ingestMany|recall|forget|feedback)\b/;
  const fields = new Set(Object.values(REQUESTS).flatMap((request) => Object.keys(request)));
  const server = await serve(t);
  const claiv = connect(server);
  let hints = 0;
  for (const method of [...Object.keys(REQUESTS), ...Object.keys(PLAIN)]) {
    for (const field of fields) {
      const request = { ...REQUESTS[PLAIN[method] ?? method], [field]: REQUESTS[method]?.[field] ?? "x" };
      const ids = method === "feedback" ? ["rc-1"] : undefined;
      const error = await (ids ? claiv[method](...ids, request) : send(claiv, method, request)).then(() => undefined, (reason) => reason);
      if (error?.message.includes(" field of ")) hints += 1;
      assert.doesNotMatch(error?.message ?? "", plain);
    }
  }
  assert.ok(hints > 50, `${hints} hints`);
});

test("a client is one of the main entry, too; copies and proxies are none, and subclasses stay what they are", async (t) => {
  const server = await serve(t);
  const claiv = connect(server);
  assert.ok(claiv instanceof main.ClaivClient && claiv instanceof v6.ClaivClient);
  assert.ok(!(new main.ClaivClient({ apiKey: KEY }) instanceof v6.ClaivClient));
  assert.equal(claiv.constructor.name, "ClaivClient");
  assert.equal(claiv.baseUrl, server.url);
  for (const copy of [{ ...claiv }, Object.create(claiv), new Proxy(claiv, {}), Object.assign(Object.create(v6.ClaivClient.prototype), claiv), undefined]) {
    for (const name of Object.keys(PLAIN)) {
      await assert.rejects(async () => v6.ClaivClient.prototype[name].call(copy, SPOKEN), (error) => error instanceof v6.ClaivError && /This is no ClaivClient/.test(error.message));
    }
  }
  assert.equal(server.requests.length, 0);
  class Mine extends v6.ClaivClient {
    ingest(event, options) { return super.ingest({ ...event, project_id: "p" }, options); }
  }
  await new Mine({ apiKey: KEY, baseUrl: server.url }).ingest(SPOKEN);
  assert.deepEqual([server.requests[0].url, server.requests[0].json.project_id], ["/v6/ingest", "p"]);
});

test("fromEnv makes a client of this entry, of a subclass, and without its class", async (t) => {
  const env = { CLAIV_API_KEY: KEY, CLAIV_BASE_URL: (await serve(t)).url };
  class Mine extends v6.ClaivClient {}
  const { fromEnv } = v6.ClaivClient;
  for (const [claiv, Class] of [[v6.ClaivClient.fromEnv(env), v6.ClaivClient], [Mine.fromEnv(env), Mine], [fromEnv(env), v6.ClaivClient]]) {
    assert.equal(claiv.constructor, Class);
    assert.equal(claiv.baseUrl, env.CLAIV_BASE_URL);
  }
  assert.throws(() => fromEnv({}), v6.ClaivValidationError);
});

test("close, using and the iterators are the main entry's", async (t) => {
  const server = await serve(t, () => ({ body: { documents: [{ document_name: "a" }], total: 1 } }));
  const claiv = connect(server);
  const found = [];
  for await (const { document_name } of claiv.documents({ user_id: "u" })) found.push(document_name);
  assert.deepEqual(found, ["a"]);
  claiv[Symbol.dispose]?.();
  claiv.close();
  await assert.rejects(claiv.ingest(SPOKEN), /This client is closed/);
});

test("errors are told by the classes of either entry", async (t) => {
  const server = await serve(t, () => ({ status: 429, body: { error: { code: "quota_exceeded", message: "No more.", request_id: "r" } } }));
  const error = await rejection(connect(server).ingest(SPOKEN), v6.ClaivApiError);
  for (const { ClaivApiError, ClaivError, ClaivRateLimitError } of [main, v6]) {
    for (const Class of [ClaivApiError, ClaivError, ClaivRateLimitError]) assert.ok(error instanceof Class, Class.name);
  }
  assert.ok(!(error instanceof v6.ClaivTimeoutError) && !(error instanceof v6.ClaivNetworkError));
  const own = ["ClaivApiError", "ClaivTimeoutError", "ClaivNetworkError", "ClaivClient"];
  for (const name of Object.keys(main)) assert.equal(v6[name] === main[name], !own.includes(name), name);
  assert.deepEqual(Object.keys(v6), Object.keys(main));
});

test("errors are made as the service's own client makes them", () => {
  const body = { error: { code: "invalid_request", message: "Bad.", request_id: "req_1", details: [{ path: "type" }] } };
  const api = new v6.ClaivApiError(400, body);
  assert.deepEqual([api.message, api.status, api.code, api.requestId, api.details], ["Bad.", 400, "invalid_request", "req_1", body.error.details]);
  const bare = new v6.ClaivApiError(502, undefined);
  assert.deepEqual([bare.message, bare.status, bare.code, bare.requestId], ["The API answered 502.", 502, "unknown", ""]);
  const late = new v6.ClaivTimeoutError(250);
  assert.deepEqual([late.timeoutMs, late.scope, late.elapsedMs, late.attempt], [250, "attempt", 250, 1]);
  const cause = new TypeError("fetch failed");
  const lost = new v6.ClaivNetworkError(cause);
  assert.equal(lost.cause, cause);
  for (const [error, name] of [[api, "ClaivApiError"], [bare, "ClaivApiError"], [late, "ClaivTimeoutError"], [lost, "ClaivNetworkError"]]) {
    assert.deepEqual([error.name, error.constructor.name, error.toJSON().name], [name, name, name]);
    assert.ok(error instanceof main[name] && error instanceof v6[name] && error instanceof main.ClaivError && error instanceof Error);
    assert.match(error.stack, new RegExp(`^${name}: `));
    assert.ok(error.message.length > 3);
  }
});

test("errors are made as this package makes them", () => {
  const api = new v6.ClaivApiError("No.", { status: 400, code: "x", requestId: "r", details: null });
  assert.deepEqual([api.message, api.status, api.code], ["No.", 400, "x"]);
  const late = new v6.ClaivTimeoutError("Late.", { timeoutMs: 5, scope: "total", elapsedMs: 6, attempt: 2 });
  assert.deepEqual([late.message, late.scope, late.attempt], ["Late.", "total", 2]);
  const lost = new v6.ClaivNetworkError("Lost.", { cause: 1 });
  assert.deepEqual([lost.message, lost.cause], ["Lost.", 1]);
  class Mine extends v6.ClaivApiError {}
  assert.ok(new Mine(404, undefined) instanceof Mine && !(api instanceof Mine));
});
