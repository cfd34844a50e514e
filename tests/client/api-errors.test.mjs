// Error statuses: each becomes a class, with all that the answer said.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { METHODS } from "../support/methods.mjs";
import { errorBody, serve } from "../support/server.mjs";

const { ClaivApiError, ClaivError, ClaivRateLimitError } = claiv;

const CLASSES = {
  400: "ClaivBadRequestError", 401: "ClaivAuthenticationError", 402: "ClaivApiError", 403: "ClaivPermissionError",
  404: "ClaivNotFoundError", 405: "ClaivApiError", 408: "ClaivApiError", 409: "ClaivConflictError", 410: "ClaivApiError",
  413: "ClaivApiError", 418: "ClaivApiError", 422: "ClaivApiError", 429: "ClaivRateLimitError", 451: "ClaivApiError",
  499: "ClaivApiError", 500: "ClaivServerError", 501: "ClaivServerError", 502: "ClaivServerError", 503: "ClaivServerError",
  504: "ClaivServerError", 529: "ClaivServerError", 599: "ClaivServerError",
};

for (const [status, name] of Object.entries(CLASSES)) {
  test(`status ${status} becomes a ${name} with all that the answer said`, async (t) => {
    const details = { issues: [{ path: "user_id", message: "is too long" }], limit: 5 };
    const body = errorBody("some_code", "The service said no.", { details });
    const server = await serve(t, () => ({ status: Number(status), headers: { "x-region": "eu" }, body }));
    const error = await rejection(connect(server).getUsageLimits(), ClaivApiError);
    assert.equal(error.constructor, claiv[name]);
    assert.equal(error.name, name);
    assert.equal(error.status, Number(status));
    assert.equal(error.code, "some_code");
    assert.equal(error.requestId, "req-1");
    assert.deepEqual(error.details, details);
    assert.equal(error.headers.get("x-region"), "eu");
    for (const part of ["GET /v1/usage/limits", status, "some_code", "The service said no", "req-1"]) {
      assert.ok(error.message.includes(part), `${part} is missing in: ${error.message}`);
    }
  });
}

for (const { name, call, method, url } of METHODS) {
  test(`${name} rejects, and its error names the request`, async (t) => {
    const server = await serve(t, () => ({ status: 404, body: errorBody("not_found", "There is no such thing.") }));
    const error = await rejection(call(connect(server)), claiv.ClaivNotFoundError);
    assert.ok(error.message.startsWith(`${method} ${url.split("?")[0]} `), error.message);
    assert.equal(error.attempts.length, 1);
    assert.deepEqual([error.attempts[0].status, error.attempts[0].requestId], [404, "req-1"]);
    assert.ok(error.attempts[0].durationMs >= 0);
    assert.equal(error.mayHaveBeenApplied, false);
  });
}

const BROKEN = {
  "HTML of a proxy": ["<html><body><h1>502 Bad Gateway</h1></body></html>", "unknown", /502 Bad Gateway/],
  "nothing": ["", "unknown", /answered with 502\./],
  "blanks": ["  \n", "unknown", /answered with 502/],
  "truncated JSON": ['{"error":{"code":"quota_exceeded","mess', "unknown", /answered with 502/],
  "plain text": ["upstream timed out", "unknown", /upstream timed out/],
  "null": ["null", "unknown", /answered with 502/],
  "a number": ["502", "unknown", /answered with 502/],
  "a string": ['"no"', "unknown", /no/],
  "true": ["true", "unknown", /answered with 502/],
  "an array": ['[{"error":{"code":"x"}}]', "unknown", /answered with 502/],
  "an empty object": ["{}", "unknown", /answered with 502/],
  "error as text": ['{"error":"the text"}', "unknown", /the text/],
  "error as null": ['{"error":null}', "unknown", /answered with 502/],
  "error as a number": ['{"error":5}', "unknown", /answered with 502/],
  "error as an array": ['{"error":["x"]}', "unknown", /answered with 502/],
  "an error without fields": ['{"error":{}}', "unknown", /answered with 502/],
  "fields of wrong types": ['{"error":{"code":5,"message":{"a":1},"request_id":[]}}', "unknown", /answered with 502/],
  "an empty code": ['{"error":{"code":"","message":""}}', "unknown", /answered with 502/],
  "only a message": ['{"message":"the gateway says no"}', "unknown", /the gateway says no/],
  "only a detail": ['{"detail":"Not Found"}', "unknown", /Not Found/],
  "code and message at the top": ['{"code":"odd","message":"a flat body"}', "odd", /odd: a flat body/],
  "dangerous names": ['{"error":{"code":"c","__proto__":{"polluted":1},"constructor":1,"toString":2},"__proto__":{"polluted":1}}', "c", /answered with 502 c/],
  "binary": [Buffer.from([0xff, 0xfe, 0x00, 0x80]), "unknown", /answered with 502/],
  "a byte order mark": ['\ufeff{"error":{"code":"bom"}}', "bom", /bom/],
};

for (const [what, [body, code, message]] of Object.entries(BROKEN)) {
  test(`an error whose body is ${what} is still a good ClaivApiError`, async (t) => {
    const server = await serve(t, () => ({ status: 502, headers: { "x-request-id": "from-header" }, body }));
    const error = await rejection(connect(server).ingest({ user_id: "u", type: "message", content: "c" }), claiv.ClaivServerError);
    assert.equal(error.status, 502);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.message.length < 600);
    assert.ok(!/[\n\r\0]/.test(error.message), "the message is one line");
    assert.equal(error.requestId, "from-header");
    assert.equal({}.polluted, undefined);
    assert.equal(error.polluted, undefined);
    assert.equal(error.mayHaveBeenApplied, true);
    assert.deepEqual(await connect(await serve(t)).healthCheck(), { ok: true });
  });
}

test("an error of several megabytes makes a short message", async (t) => {
  const server = await serve(t, () => ({ status: 500, body: errorBody("big", "x".repeat(5_000_000)) }));
  const error = await rejection(connect(server).healthCheck(), ClaivApiError);
  assert.ok(error.message.length < 600);
});

test("the body's request id stands before the header's, and without either it is empty", async (t) => {
  const answers = [
    { body: errorBody("c", "m"), headers: { "x-request-id": "from-header" } },
    { body: { error: { code: "c" } }, headers: { "x-request-id": "from-header" } },
    { body: { error: { code: "c" } } },
  ];
  const server = await serve(t, (_, number) => ({ status: 400, ...answers[number - 1] }));
  const client = connect(server);
  const ids = [];
  while (ids.length < answers.length) ids.push((await rejection(client.healthCheck(), ClaivApiError)).requestId);
  assert.deepEqual(ids, ["req-1", "from-header", ""]);
});

test("a body that breaks off keeps the status", async (t) => {
  const server = await serve(t, () => ({ status: 403, body: '{"error":{"code":"forb', truncate: true }));
  const error = await rejection(connect(server).getUsageLimits(), claiv.ClaivPermissionError);
  assert.deepEqual([error.status, error.code], [403, "unknown"]);
});

test("429 carries how long the server asks to wait, from wherever it says so", async (t) => {
  const answers = [
    [{ headers: { "retry-after-ms": "1500" } }, 1500],
    [{ headers: { "retry-after": "2" } }, 2000],
    [{ headers: { "retry-after": "0.5" } }, 500],
    [{ body: errorBody("quota_exceeded", "m", { details: { retry_after: 40 } }) }, 40_000],
    [{ body: errorBody("quota_exceeded", "m", { details: { retry_after: "2.5" } }) }, 2500],
    [{ headers: { "retry-after": "3" }, body: errorBody("quota_exceeded", "m", { details: { retry_after: 1 } }) }, 3000],
    [{}, undefined],
    [{ headers: { "retry-after": "soon" } }, undefined],
    [{ headers: { "retry-after": "0" } }, undefined],
    [{ body: errorBody("quota_exceeded", "m", { details: { retry_after: -1 } }) }, undefined],
    [{ body: errorBody("quota_exceeded", "m", { details: { retry_after: {} } }) }, undefined],
    [{ body: errorBody("quota_exceeded", "m", { details: null }) }, undefined],
  ];
  const server = await serve(t, (_, number) => ({ status: 429, ...answers[number - 1][0] }));
  const client = connect(server);
  for (const [answer, expected] of answers) {
    const error = await rejection(client.getUsageLimits(), ClaivRateLimitError);
    assert.equal(error.retryAfterMs, expected, JSON.stringify(answer));
  }
});

test("whether a request may have been applied is false only where the server refused it", async (t) => {
  const statuses = { 400: false, 401: false, 404: false, 408: true, 409: false, 413: false, 429: false, 500: true, 502: true, 503: true, 504: true };
  for (const [status, expected] of Object.entries(statuses)) {
    const server = await serve(t, () => ({ status: Number(status) }));
    const error = await rejection(connect(server).forget({ user_id: "u" }), ClaivApiError);
    assert.equal(error.mayHaveBeenApplied, expected, status);
  }
});

test("errors of calls side by side do not mix", async (t) => {
  const server = await serve(t, ({ json }) => ({ status: 400, body: errorBody(json.task, json.task) }));
  const client = connect(server);
  const codes = await Promise.all(Array.from({ length: 50 }, (_, i) =>
    client.recall({ user_id: "u", task: `code-${i}`, token_budget: 200 }).catch((error) => error.code)));
  assert.deepEqual(codes, Array.from({ length: 50 }, (_, i) => `code-${i}`));
  assert.ok(ClaivError.prototype instanceof Error);
});
