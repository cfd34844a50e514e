// Scripted faults.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ClaivClient, ClaivNetworkError } from "claiv-memory";
import { start } from "./helpers.mjs";

const event = { user_id: "u", type: "message", content: "hello" };

test("a status is sent as often as the fault says, then the service answers again", async () => {
  const { emulator, post } = start();
  emulator.addFault({ status: 503, times: 2 });
  assert.equal(emulator.pendingFaults, 1);
  const seen = [];
  for (let i = 0; i < 3; i++) seen.push((await post("/v1/ingest", event)).status);
  assert.deepEqual(seen, [503, 503, 200]);
  assert.equal(emulator.pendingFaults, 0);
});

test("a Retry-After in seconds is in the header and the details, a date in the header alone", async () => {
  const { emulator, post } = start();
  const date = "Wed, 21 Oct 2026 07:28:00 GMT";
  emulator.addFault([
    { status: 429, retryAfter: 7 },
    { status: 503, retryAfter: date },
    { status: 500 },
  ]);
  const [seconds, dated, none] = [await post("/v1/ingest", event), await post("/v1/ingest", event), await post("/v1/ingest", event)];
  assert.deepEqual([seconds.headers.get("retry-after"), seconds.body.error.details], ["7", { retry_after: 7 }]);
  assert.deepEqual([dated.headers.get("retry-after"), dated.body.error.details], [date, undefined]);
  assert.deepEqual([none.headers.get("retry-after"), none.body.error.code], [null, "internal_error"]);
});

test("a fault can answer with an error of its own, HTML or any JSON", async () => {
  const { emulator, post } = start();
  emulator.addFault([
    { status: 418, code: "teapot", message: "Short and stout.", headers: { "X-Extra": "1" } },
    { status: 502, body: "<html>Bad gateway</html>" },
    { status: 200, body: { error: "odd" } },
    { body: "not JSON" },
    { status: 204 },
    { status: 500, body: "" },
  ]);
  const answers = [];
  for (let i = 0; i < 6; i++) answers.push(await post("/v1/ingest", event));
  assert.deepEqual(answers.map(({ status }) => status), [418, 502, 200, 200, 204, 500]);
  assert.deepEqual([answers[0].body.error.code, answers[0].body.error.message, answers[0].headers.get("x-extra")], ["teapot", "Short and stout.", "1"]);
  assert.deepEqual([answers[1].text, answers[1].headers.get("content-type")], ["<html>Bad gateway</html>", "text/html; charset=utf-8"]);
  assert.deepEqual(answers[2].body, { error: "odd" });
  assert.equal(answers[3].text, "not JSON");
  assert.equal(answers[5].text, "");
  assert.equal(emulator.pendingFaults, 0);
});

test("a dropped connection rejects with a TypeError", async () => {
  const { emulator, post, contents } = start();
  emulator.addFault({ drop: true, path: "/v1/ingest" });
  await assert.rejects(post("/v1/ingest", event), TypeError);
  assert.deepEqual(await contents("hello"), []);
  assert.deepEqual([emulator.requests[0].status, emulator.requests[0].fault], [null, true]);
});

test("with `after` the request is executed and only its response is lost", async () => {
  for (const fault of [{ drop: true }, { status: 500 }, { body: "<html>" }]) {
    const { emulator, post, contents } = start();
    emulator.addFault({ ...fault, after: true });
    await post("/v1/ingest", { ...event, idempotency_key: "k" }).catch(() => {});
    assert.deepEqual(await contents("hello"), ["hello"]);
    assert.equal((await post("/v1/ingest", { ...event, idempotency_key: "k" })).body.deduped, true);
  }
});

test("a body is truncated", async () => {
  const { emulator, post, contents } = start();
  emulator.addFault([{ truncate: true }, { truncate: 3 }, { truncate: 2, status: 500, body: "abcdef" }]);
  const [half, three, custom] = [await post("/v1/ingest", event), await post("/v1/ingest", event), await post("/v1/ingest", event)];
  assert.equal(half.status, 200);
  assert.throws(() => JSON.parse(half.text), SyntaxError);
  assert.ok(half.text.startsWith('{"event_id"'));
  assert.equal(three.text, '{"e');
  assert.deepEqual([custom.status, custom.text], [500, "ab"]);
  assert.equal((await contents("hello")).length, 2);
});

test("a connection is dropped while the body is sent", async () => {
  const { emulator } = start();
  emulator.addFault([
    { drop: true, truncate: 12 },
    { drop: true, truncate: true, status: 503, body: "abcdef" },
    { drop: true, truncate: 0 },
    { drop: true, truncate: true, status: 204 },
  ]);
  const send = () => emulator.fetch("https://api.claiv.test/v1/ingest", { method: "POST", headers: { authorization: "Bearer k" }, body: JSON.stringify(event) });
  const seen = [];
  for (let i = 0; i < 3; i++) {
    const { status, body } = await send();
    let text = "";
    await assert.rejects(async () => {
      for await (const chunk of body) text += new TextDecoder().decode(chunk);
    }, TypeError);
    seen.push([status, text]);
  }
  assert.deepEqual(seen, [[200, '{"event_id":'], [503, "abc"], [200, ""]]);
  await assert.rejects(send(), TypeError);
  assert.deepEqual(emulator.requests.map(({ status }) => status), [200, 503, 200, null]);
  assert.equal((await emulator.fetch("https://api.claiv.test/healthz")).status, 200);
});

test("the client treats a body that breaks off as a lost connection", async () => {
  const { emulator } = start();
  const claiv = new ClaivClient({ apiKey: "test", fetch: emulator.fetch, maxRetryDelay: 5 });
  emulator.addFault([{ drop: true, truncate: true }, { drop: true, truncate: true, path: "/v1/forget" }]);
  assert.equal((await claiv.ingest(event)).deduped, true);
  await assert.rejects(claiv.forget({ user_id: "u" }), (error) => error instanceof ClaivNetworkError && error.mayHaveBeenApplied);
});

test("a delay is waited for", async () => {
  const { emulator, get } = start();
  emulator.addFault({ delay: 50 });
  const began = performance.now();
  assert.equal((await get("/healthz")).status, 200);
  const took = performance.now() - began;
  assert.ok(took >= 45 && took < 3000, `${took}`);
});

test("a delay longer than the longest timer is waited for", async () => {
  const { emulator, get } = start();
  emulator.addFault({ delay: 2 ** 31 + 1000 });
  await assert.rejects(get("/healthz", { signal: AbortSignal.timeout(50) }), { name: "TimeoutError" });
});

test("a fault applies to matching requests only", async () => {
  const { emulator, post, get } = start();
  emulator.addFault([
    { status: 500, method: "GET", path: "/v1/*", times: Infinity },
    { status: 501, path: "/v1/recall" },
  ]);
  assert.equal((await post("/v1/ingest", event)).status, 200);
  assert.equal((await get("/healthz")).status, 200);
  assert.equal((await get("/v1/usage/limits")).status, 500);
  assert.equal((await post("/v1/recall", {})).status, 501);
  assert.equal((await get("/v1/usage/limits")).status, 500);
  assert.equal(emulator.pendingFaults, 1);
  emulator.clearFaults();
  assert.equal((await get("/v1/usage/limits")).status, 200);
});

test("an invalid fault throws an error that names the field, and none of its list is added", () => {
  const { emulator } = start();
  for (const [fault, name] of [
    [undefined, "fault"],
    ["drop", "fault"],
    [{ stauts: 500 }, "fault.stauts"],
    [{ status: 99 }, "fault.status"],
    [{ status: 600 }, "fault.status"],
    [{ status: "500" }, "fault.status"],
    [{ times: 0 }, "fault.times"],
    [{ times: 1.5 }, "fault.times"],
    [{ delay: -1 }, "fault.delay"],
    [{ delay: NaN }, "fault.delay"],
    [{ delay: "1s" }, "fault.delay"],
    [{ after: 1 }, "fault.after"],
    [{ path: "v1" }, "fault.path"],
    [{ method: 1 }, "fault.method"],
    [{ drop: true, status: 500 }, "fault.drop"],
    [{ retryAfter: 1 }, "fault.retryAfter"],
    [{ status: 500, retryAfter: -1 }, "fault.retryAfter"],
    [{ status: 500, headers: { "bad name": "x" } }, "fault.headers"],
    [{ status: 500, headers: { a: "x\ny" } }, "fault.headers"],
    [{ status: 500, retryAfter: "a\nb" }, "fault.headers"],
    [{ body: () => {} }, "fault.body"],
    [{ truncate: -1 }, "fault.truncate"],
    [[{ status: 500 }, { status: 1 }], "faults[1].status"],
  ]) {
    assert.throws(() => emulator.addFault(fault), (error) => error instanceof Error && error.message.startsWith(name), `${name}`);
  }
  assert.equal(emulator.pendingFaults, 0);
});
