// The API key is taken out of what errors show: a key of eight characters or more wherever it is, a shorter one only where it is a whole value.
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { ClaivApiError, ClaivRateLimitError } from "claiv-memory";
import { connect, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const KEY = "ck_live/0123+abc";
const refusal = (error, more = {}) => ({ status: 400, body: { error: { code: "invalid_request", message: "m", request_id: "req-1", ...error } }, ...more });

/** The error of a call that the server refuses so. */
async function refused(t, apiKey, answer, options = {}) {
  const server = await serve(t, () => answer);
  return rejection(connect(server, { apiKey, maxRetries: 0, ...options }).getUsageLimits(), ClaivApiError);
}

const shown = (error) => `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${JSON.stringify([...(error.headers ?? [])])} ${error.message}`;

const FORMS = {
  "as it is": KEY,
  "URL-encoded": encodeURIComponent(KEY),
  "with escaped slashes": KEY.replaceAll("/", "\\/"),
  "in base64": btoa(KEY),
  "in base64 behind a user's name": btoa(`u:${KEY}`),
  "in base64 between other text": btoa(`ab${KEY}cd`),
  "in base64 for URLs": btoa(`??>${KEY}`).replaceAll("+", "-").replaceAll("/", "_"),
};

for (const [what, form] of Object.entries(FORMS)) {
  // The middle of a base64 form has no neighbours in it.
  const part = what.includes("base64") ? form.slice(4, -4) : form;
  test(`a long key ${what} is shown nowhere: code, message, details and their names, request id, headers`, async (t) => {
    const error = await refused(t, KEY, refusal(
      { code: `c ${form}`, message: `m ${form}!`, request_id: `r-${form}`, details: { a: [{ [`name ${form}`]: `x${form}y` }], b: form } },
      { headers: { "x-echo": form, "x-request-id": form } },
    ));
    assert.ok(!shown(error).includes(part), shown(error));
    assert.match(error.code, /^c /);
    assert.equal(error.details.b.includes("[redacted]"), true);
  });
}

test("a body that is no JSON is searched as well", async (t) => {
  const server = await serve(t, () => ({ status: 500, body: `<p>${KEY}</p>` }));
  const error = await rejection(connect(server, { apiKey: KEY, maxRetries: 0 }).getUsageLimits());
  assert.ok(!shown(error).includes(KEY));
  const html = await serve(t, () => ({ status: 200, body: `<p>${KEY}</p>` }));
  assert.ok(!shown(await rejection(connect(html, { apiKey: KEY }).getUsageLimits())).includes(KEY));
});

for (const apiKey of ["any", "1", "k", "e", "o", "requests", "true"].filter((key) => key.length < 8)) {
  test(`a short key, ${apiKey}, leaves other words as they are`, async (t) => {
    const details = { any: "many", n: 1, list: ["too_many_requests", true], text: "1 of 10" };
    const error = await refused(t, apiKey, refusal({ code: "too_many_requests", message: "too many requests of any kind", details }));
    assert.equal(error.code, "too_many_requests");
    assert.deepEqual(error.details, details);
    assert.match(error.message, /too many requests of any kind/);
  });

  test(`a short key, ${apiKey}, is not shown where it is a whole value`, async (t) => {
    const error = await refused(t, apiKey, refusal({ details: { key: apiKey, inside: [apiKey] } }));
    assert.deepEqual(error.details, { key: "[redacted]", inside: ["[redacted]"] });
  });
}

test("a wait that the body asks for is kept, whatever the key", async (t) => {
  const server = await serve(t, () => refusal({ code: "quota_exceeded", details: { retry_after: 10 } }, { status: 429 }));
  const error = await rejection(connect(server, { apiKey: "1", maxRetryDelay: 5000 }).getUsageLimits(), ClaivRateLimitError);
  assert.equal(error.retryAfterMs, 10_000);
  assert.equal(server.requests.length, 1, "no early retry");
});

test("details of any depth are searched: a key below 20,000 arrays is not shown", async (t) => {
  const depth = 20_000;
  const body = `{"error":{"code":"c","message":"m","request_id":"r-${KEY}","details":${"[".repeat(depth)}"${KEY}"${"]".repeat(depth)}}}`;
  const error = await refused(t, KEY, { status: 400, body });
  assert.equal(error.requestId, "r-[redacted]");
  assert.equal(error.code, "c");
  let inner = error.details;
  while (Array.isArray(inner)) [inner] = inner;
  assert.equal(inner, "[redacted]");
  assert.ok(!inspect(error, { depth: 5 }).includes(KEY) && !error.attempts.some((attempt) => attempt.error.includes(KEY)));
});

test("what the key was redacted from is a copy, and anything else the same", async (t) => {
  const details = JSON.parse('{"__proto__":{"a":1},"list":[null,1.5,"x"],"key":"KEY"}'.replace("KEY", KEY));
  const error = await refused(t, KEY, refusal({ details }));
  assert.deepEqual(Object.keys(error.details), ["__proto__", "list", "key"]);
  assert.deepEqual(error.details.list, [null, 1.5, "x"]);
  assert.equal(Object.getPrototypeOf(error.details), Object.prototype);
});
