// The API key is sent in the Authorization header and nowhere else, and no client or error shows it. Other tests of the key: what it may be
// (api-key.test.mjs), how it is taken out of texts (redaction.test.mjs), and a search of everything a program can read (tests/resilience/key-search.test.mjs).
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import * as claiv from "claiv-memory";
import { KEY, connect, rejection } from "../support/client.mjs";
import { METHODS } from "../support/methods.mjs";
import { errorBody, serve } from "../support/server.mjs";

/** Everything that can be seen of a value from outside, as text. */
function everything(value, seen = new Set()) {
  if (typeof value === "string") return value;
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return String(value);
  seen.add(value);
  const parts = [inspect(value, { showHidden: true, depth: 10, getters: true })];
  for (const key of Reflect.ownKeys(value)) {
    parts.push(String(key));
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if ("value" in descriptor) parts.push(everything(descriptor.value, seen));
  }
  if (typeof value.forEach === "function" && value instanceof Headers) value.forEach((content, name) => parts.push(name, content));
  return parts.join("\n");
}

const hides = (value, what) => {
  const text = everything(value);
  assert.ok(!text.includes(KEY), `${what} shows the key`);
  assert.ok(!text.includes(KEY.slice(8)), `${what} shows a part of the key`);
};

const FORMS = { "a string": KEY, "a function": () => [8, 0].map((at) => (at ? KEY.slice(0, at) : "")).join("") + KEY.slice(8) };

for (const [form, apiKey] of Object.entries(FORMS)) {
  test(`a client whose key is ${form} does not show it, before, during and after a call`, async (t) => {
    const server = await serve(t);
    const client = connect(server, { apiKey });
    const look = () => {
      assert.ok(!inspect(client, { showHidden: true, depth: 10, getters: true }).includes(KEY));
      assert.ok(!JSON.stringify(client).includes(KEY));
      assert.ok(!String(client).includes(KEY));
      for (const name in client) assert.ok(!String(client[name]).includes(KEY), name);
      hides(Reflect.ownKeys(client).map((key) => client[key]), "the client's own properties");
      hides(JSON.stringify(structuredCloneOr(client)), "a clone of the client");
    };
    look();
    const call = client.getUsageLimits();
    look();
    await call;
    look();
    assert.equal(server.requests[0].headers.authorization, `Bearer ${KEY}`);
    client.close();
    look();
  });
}

function structuredCloneOr(value) {
  try {
    return structuredClone(value);
  } catch {
    return null;
  }
}

const STATUSES = [400, 401, 403, 404, 409, 418, 429, 500, 503];
for (const status of STATUSES) {
  test(`an error of status ${status} does not show the key, also where the server echoes the request`, async (t) => {
    const server = await serve(t, ({ headers }) => ({
      status,
      body: errorBody(headers.authorization, `Bad header: ${headers.authorization}`, {
        request_id: headers.authorization, details: { headers, list: [[headers.authorization]], [headers.authorization]: 1 },
      }),
    }));
    const error = await rejection(connect(server).getUsageLimits(), claiv.ClaivApiError);
    hides(error, "the error");
    hides(JSON.stringify(error), "the error's JSON");
    assert.match(error.message, /Bad header: Bearer \[redacted\]/);
    assert.equal(error.details.headers.authorization, "Bearer [redacted]");
  });
}

for (const [what, wrap] of Object.entries({ text: (key) => `who is ${key}?`, HTML: (key) => `<pre>${key}</pre>`, "a flat body": (key) => JSON.stringify({ message: key }) })) {
  test(`${what} that echoes the key is redacted, in errors and in excerpts`, async (t) => {
    const server = await serve(t, ({ url, headers }) => ({ status: url.includes("limits") ? 500 : 200, body: wrap(headers.authorization) }));
    const client = connect(server);
    hides(await rejection(client.getUsageLimits(), claiv.ClaivServerError), "the error");
    if (what === "a flat body") return;
    const error = await rejection(client.getUsageSummary(), claiv.ClaivResponseError);
    hides(error, "the error");
    assert.match(error.excerpt, /\[redacted\]/);
  });
}

test("a key at the cut of an excerpt is not left in part", async (t) => {
  const server = await serve(t, ({ headers }) => ({ body: "x".repeat(190) + headers.authorization.slice(7) }));
  const error = await rejection(connect(server).getUsageLimits(), claiv.ClaivResponseError);
  hides(error, "the error");
  for (let length = 6; length < KEY.length; length++) assert.ok(!error.excerpt.includes(KEY.slice(0, length)));
});

test("a key echoed as request id or in a message's header does not come into the message", async (t) => {
  const server = await serve(t, ({ headers }) => ({ status: 400, headers: { "x-request-id": headers.authorization } }));
  const error = await rejection(connect(server).getUsageLimits(), claiv.ClaivBadRequestError);
  assert.ok(!error.message.includes(KEY), error.message);
  assert.ok(!error.requestId.includes(KEY), error.requestId);
  assert.ok(!JSON.stringify(error).includes(KEY));
  assert.ok(!inspect(error).includes(KEY));
});

test("errors of the transport, of limits, of the signal and of a closed client do not show the key", async (t) => {
  const hang = await serve(t, () => "hang");
  const drop = await serve(t, () => "drop");
  const redirect = await serve(t, ({ headers }) => ({ status: 307, headers: { location: `https://elsewhere.example/?${headers.authorization.slice(7)}` } }));
  hides(await rejection(connect(hang, { timeout: 20 }).getUsageLimits(), claiv.ClaivTimeoutError), "a timeout");
  hides(await rejection(connect(drop).getUsageLimits(), claiv.ClaivNetworkError), "a network error");
  hides(await rejection(connect(hang).getUsageLimits({ signal: AbortSignal.timeout(20) }), claiv.ClaivAbortError), "an abort");
  const away = await rejection(connect(redirect).getUsageLimits(), claiv.ClaivResponseError);
  assert.ok(!inspect(away).includes(KEY) && !JSON.stringify(away).includes(KEY));
  const closed = connect(hang);
  closed.close();
  hides(await rejection(closed.getUsageLimits()), "a closed client's error");
  hides(await rejection(connect(hang).ingest({ user_id: 5 }), claiv.ClaivValidationError), "a validation error");
  hides(await rejection(connect(hang, { apiKey: () => { throw new Error("no"); } }).getUsageLimits()), "a failed key function");
});

test("a network error whose cause repeats the request's headers keeps the key out of its own message", async () => {
  const leaky = (_url, { headers }) => Promise.reject(new TypeError(`cannot send ${JSON.stringify(headers)}`));
  const error = await rejection(connect({ url: "http://127.0.0.1:1" }, { fetch: leaky }).getUsageLimits(), claiv.ClaivNetworkError);
  assert.ok(!error.message.includes(KEY), error.message);
  assert.ok(!JSON.stringify(error).includes(KEY));
});

for (const { name, call, open } of METHODS) {
  test(`${name} has the key in no part of the request but its Authorization${open ? ", and not there" : ""}`, async (t) => {
    const server = await serve(t);
    await call(connect(server));
    const [{ url, text, headers }] = server.requests;
    const { authorization, ...others } = headers;
    assert.equal(authorization, open ? undefined : `Bearer ${KEY}`);
    assert.ok(!JSON.stringify({ url, text, others }).includes(KEY));
  });
}
