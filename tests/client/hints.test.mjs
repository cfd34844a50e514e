// Common mistakes get an error that names what was probably meant.
import assert from "node:assert/strict";
import test from "node:test";
import { ClaivClient, ClaivValidationError } from "claiv-memory";
import { connect, paths, rejection } from "../support/client.mjs";
import { serve } from "../support/server.mjs";

const EVENT = { user_id: "u", type: "message", content: "c" };

function thrown(options) {
  try {
    new ClaivClient({ apiKey: "k", ...options });
  } catch (error) {
    assert.ok(error instanceof ClaivValidationError, error.stack);
    return error;
  }
  return assert.fail("it was made");
}

test("a Date given as a time names .toISOString()", async (t) => {
  const server = await serve(t);
  const error = await rejection(connect(server).ingest({ ...EVENT, event_time: new Date(0) }), ClaivValidationError);
  assert.match(error.issues[0].message, /got a Date: give its \.toISOString\(\)/);
  await connect(server).ingest({ ...EVENT, event_time: new Date(0).toISOString() });
});

test("V6 takes Unix seconds as a time", async (t) => {
  const server = await serve(t);
  await connect(server).ingestV6({ ...EVENT, conversation_id: "c", event_time: 1769860800 });
  assert.equal(server.requests[0].json.event_time, 1769860800);
});

test("a relative baseUrl names location.origin", () => {
  assert.match(thrown({ baseUrl: "/api/claiv" }).message, /baseUrl must be an absolute http or https URL: for the page's own server, write `\$\{location\.origin\}\/api\/claiv`/);
});

test("a header that is undefined is left out, of a client and of a call", async (t) => {
  const server = await serve(t);
  await connect(server, { defaultHeaders: { "x-a": undefined, "x-b": "b" } }).getUsageLimits({ headers: { "x-c": undefined, "x-d": "d" } });
  const { headers } = server.requests[0];
  assert.deepEqual(["x-a", "x-b", "x-c", "x-d"].map((name) => headers[name]), [undefined, "b", undefined, "d"]);
});

test("a header that is null, or called __proto__, is refused", async (t) => {
  const server = await serve(t);
  assert.deepEqual(paths(thrown({ defaultHeaders: { "x-a": null } })), ["defaultHeaders.x-a"]);
  assert.deepEqual(paths(await rejection(connect(server).getUsageLimits({ headers: { "x-a": null } }), ClaivValidationError)), ["options.headers.x-a"]);
  assert.deepEqual(paths(thrown({ defaultHeaders: JSON.parse('{"__proto__":"x"}') })), ["defaultHeaders.__proto__"]);
  assert.deepEqual(paths(thrown({ defaultHeaders: [["__proto__", "x"]] })), ["defaultHeaders.__proto__"]);
  assert.equal(server.requests.length, 0);
});
