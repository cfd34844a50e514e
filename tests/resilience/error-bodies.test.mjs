// An error status with whatever body: a ClaivApiError with the status, a code and a sentence, retried by its status alone.
import assert from "node:assert/strict";
import test from "node:test";
import * as claiv from "claiv-memory";
import { first, respondsWith } from "../hostile/scenarios.mjs";
import { response } from "../hostile/wire.mjs";
import { CALLS, PATHS, clientOf, ending, failure, withServer } from "./support.mjs";

const JSON_TYPE = { "content-type": "application/json" };
const unknown = { code: "unknown" };
const deep = 100_000;

/** Nothing stalls here, so a busy machine has no timeout to meet. */
const patient = (server) => clientOf(server, { timeout: 30_000 });

/** Bodies, and what the error makes of them besides the status. */
const BODIES = [
  ["nothing", "", unknown],
  ["HTML", "<html><body><h1>502 Bad Gateway</h1></body></html>", unknown, /502 Bad Gateway/],
  ["a text", "upstream connect error", unknown, /upstream connect error/],
  ["truncated JSON", '{"error": {"code": "internal", "mess', unknown],
  ["null", "null", unknown],
  ["false", "false", unknown],
  ["a number", "42", unknown],
  ["a string", '"overloaded"', unknown, /overloaded/],
  ["an array", "[1, 2]", unknown],
  ["an empty object", "{}", unknown],
  ["an error that is null", '{"error": null}', unknown],
  ["an error that is a text", '{"error": "text of the error"}', unknown, /text of the error/],
  ["an error that is an array", '{"error": ["a", "b"]}', unknown],
  ["an error that is a number", '{"error": 17}', unknown],
  ["an empty error", '{"error": {}}', unknown],
  ["fields of wrong types", '{"error": {"code": 7, "message": {"a": 1}, "request_id": [], "details": "none"}}', { ...unknown, details: "none", requestId: "" }],
  ["fields that are null", '{"error": {"code": null, "message": null, "request_id": null, "details": null}}', { ...unknown, details: null, requestId: "" }],
  ["a message without a code", '{"message": "no such luck"}', unknown, /no such luck/],
  ["an unheard-of code", '{"error": {"code": "moon_phase", "message": "Wrong moon.", "request_id": "req_7", "details": {"moon": [1]}}}',
    { code: "moon_phase", requestId: "req_7", details: { moon: [1] } }, /moon_phase: Wrong moon\..*\(request id req_7\)/],
  ["line breaks in its message", '{"error": {"code": "c", "message": "a\\r\\nb\\u0000c"}}', { code: "c" }, /^[^\p{Cc}]*$/u],
  ["a message of a megabyte", `{"error": {"code": "c", "message": "${"m".repeat(1 << 20)}"}}`, { code: "c" }, /^.{100,600}$/],
  ["deeply nested arrays", "[".repeat(deep) + "]".repeat(deep), unknown],
  ["names of Object's own", '{"error": {"__proto__": {"code": "p"}, "constructor": 1, "toString": 2, "hasOwnProperty": 3}}', unknown],
  ["invalid UTF-8", Buffer.from('{"error": {"code": "\xff", "message": "\xfe"}}', "latin1"), { code: "\ufffd" }],
  ["a byte order mark", `\ufeff{"error": {"code": "bom", "message": "m"}}`, { code: "bom" }],
];

for (const [name, body, fields, message = /./] of BODIES) {
  test(`500 with ${name}`, () => withServer(respondsWith(response(500, body, JSON_TYPE)), async (server) => {
    const client = patient(server);
    await Promise.all(Object.entries(CALLS).map(async ([kind, call]) => {
      const error = await failure(call(client));
      assert.ok(error instanceof claiv.ClaivServerError);
      assert.equal(error.status, 500);
      assert.equal(error.mayHaveBeenApplied, true);
      assert.deepEqual(error.attempts.map(({ status }) => status), [500, 500, 500]);
      assert.equal(server.requests.filter(({ path }) => path === PATHS[kind]).length, 3);
      for (const [field, value] of Object.entries(fields)) assert.deepEqual(error[field], value, field);
      assert.match(error.message, message);
      assert.equal(typeof error.code, "string");
    }));
    server.heal();
    await CALLS.ingest(client);
  }));
}

const STATUSES = [
  [400, claiv.ClaivBadRequestError, false], [401, claiv.ClaivAuthenticationError, false], [402, claiv.ClaivApiError, false],
  [403, claiv.ClaivPermissionError, false], [404, claiv.ClaivNotFoundError, false], [408, claiv.ClaivApiError, true],
  [409, claiv.ClaivConflictError, false], [413, claiv.ClaivApiError, false], [418, claiv.ClaivApiError, false],
  [429, claiv.ClaivRateLimitError, false], [500, claiv.ClaivServerError, true], [501, claiv.ClaivServerError, true],
  [502, claiv.ClaivServerError, true], [503, claiv.ClaivServerError, true], [504, claiv.ClaivServerError, true],
  [520, claiv.ClaivServerError, true], [599, claiv.ClaivServerError, true], [600, claiv.ClaivApiError, true], [999, claiv.ClaivApiError, true],
];

test("each status has its class, its retries and its verdict on what was applied", async () => {
  for (const [status, Class, mayHaveBeenApplied] of STATUSES) {
    await withServer(respondsWith(response(status, "{}")), async (server) => {
      const error = await failure(CALLS.forget(patient(server)));
      assert.equal(error.constructor, Class, `${status}: ${error.name}`);
      assert.equal(error.status, status);
      assert.equal(error.mayHaveBeenApplied, mayHaveBeenApplied, `${status}`);
      const sent = [429, 500, 502, 503, 504].includes(status) ? 3 : 1;
      assert.equal(server.requests.length, sent, `${status}: requests`);
    });
  }
});

test("one attempt whose fate is unknown makes the whole call's unknown", async () => {
  const refused = respondsWith(response(403, "{}"));
  const table = [
    [[respondsWith(response(429, "{}")), refused], false],
    [[respondsWith(response(503, "{}")), refused], true],
    [[({ socket }) => socket.destroy(), refused], true],
    [[respondsWith(response(429, "{}")), respondsWith(response(429, "{}")), respondsWith(response(429, "{}"))], false],
  ];
  for (const [answers, expected] of table) {
    await withServer(first(...answers), async (server) => {
      const error = await failure(CALLS.ingest(patient(server)));
      assert.equal(error.attempts.length, answers.length);
      assert.equal(error.mayHaveBeenApplied, expected);
    });
  }
});

test("a retry that succeeds gives what the server sent", () => withServer(
  first(respondsWith(response(503, "<html>")), ({ socket }) => socket.destroy()),
  async (server) => {
    const { value } = await ending(CALLS.ingest(patient(server)));
    assert.deepEqual(value, { event_id: "evt_1", deduped: false });
    const keys = server.requests.map(({ body }) => JSON.parse(body).idempotency_key);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  },
));
