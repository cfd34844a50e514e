// The command claiv-emulator: --seed, --fault, --quota, --latency, --quiet and its log lines.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BIN, launch, serve, stop } from "./command.mjs";
import { calls, start } from "./helpers.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-use-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content) {
  const name = join(folder, `seed-${files++}`);
  writeFileSync(name, content);
  return name;
}

const event = (content, more) => ({ user_id: "u", type: "message", content, ...more });

test("--seed takes an exported state, an array or lines of events", async () => {
  const { emulator, ingest } = start();
  await ingest("seeded tea", { role: "user" });
  const several = [event("seeded tea"), event("seeded coffee", { conversation_id: "c" })];
  for (const [content, expected] of [
    [emulator.exportState(), ["seeded tea"]],
    [Buffer.concat(emulator.exportLines()), ["seeded tea"]],
    [JSON.stringify(several), ["seeded coffee", "seeded tea"]],
    [`\ufeff${several.map((one) => JSON.stringify(one)).join("\r\n\n")}\n`, ["seeded coffee", "seeded tea"]],
  ]) {
    const server = await serve("--seed", file(content), "--latency", "20");
    assert.deepEqual((await server.contents("seeded")).sort(), expected);
    await stop(server);
  }
});

test("a seed is loaded once into a data file", async () => {
  const [data, seed] = [join(folder, "data.json"), file(JSON.stringify([event("once")]))];
  for (let i = 0; i < 3; i++) {
    const server = await serve("--data", data, "--seed", seed);
    assert.deepEqual(await server.contents("once"), ["once"]);
    await stop(server, i === 0 ? "SIGKILL" : "SIGTERM");
  }
});

test("a wrong seed, fault, quota or latency is reported in one line", async () => {
  for (const [args, named] of [
    [["--seed", join(folder, "none")], /seed .*none/],
    [["--seed", folder], /no regular file/],
    [["--seed", file("")], undefined],
    [["--seed", file("{\"user_id\":\"u\"}\n{")], /line 2 is not JSON/],
    [["--seed", file(JSON.stringify([event("x"), { user_id: "u" }, 7]))], /event 2 is refused: .*content is required/],
    [["--seed", file('{"format":"claiv-emulator","version":9}\n')], /version/],
    [["--fault", "x"], /--fault must be JSON/],
    [["--fault", '{"staus":503}'], /--fault: faults\[0\]\.staus is unknown/],
    [["--quota", '{"requests":-1}'], /--quota: options\.quota\.requests must be/],
    [["--quota", "1"], /--quota: options\.quota must be/],
    [["--latency", "-1"], /--latency/],
    [["--latency", "soon"], /--latency must be a number of milliseconds/],
  ]) {
    const started = launch("--port", "0", ...args);
    if (named === undefined) {
      await once(started.lines, "line");
      await stop(started);
      continue;
    }
    const { code, errors } = await started.ended;
    assert.equal(code, 1, args.join(" "));
    assert.match(errors, /^claiv-emulator: [^\n]+\n$/);
    assert.match(errors, named);
  }
});

test("--fault, --quota and --latency work as the options of the class", async () => {
  const server = await serve("--fault", '[{"path":"/v1/recall","status":503,"retryAfterSeconds":2}]', "--fault", '{"path":"/v2/*","status":500,"times":"Infinity"}',
    "--quota", '{"ingestEvents":1}', "--latency", "30");
  const began = performance.now();
  const { headers, status } = await server.post("/v1/recall", {});
  assert.ok(performance.now() - began >= 25);
  assert.deepEqual([status, headers.get("retry-after")], [503, "2"]);
  for (let i = 0; i < 3; i++) assert.equal((await server.post("/v2/recall", {})).status, 500);
  assert.deepEqual([(await server.post("/v1/ingest", event("a"))).status, (await server.post("/v1/ingest", event("b"))).status], [200, 429]);
  await stop(server);
});

test("a log line says what the request did", async () => {
  const server = await serve();
  await server.ingest("green tea", { idempotency_key: "k" });
  await server.ingest("green tea", { idempotency_key: "k" });
  await server.recall("tea");
  await server.post("/v6/recall", { user_id: "u", query: "tea", conversation_id: "c" });
  await server.post("/v6/documents", { user_id: "u", project_id: "p", document_name: "d", content: "# a\nb" });
  await server.post("/v1/forget", { user_id: "u" });
  await server.post("/v1/ingest", { user_id: "a b\n\u001b[31m é \"key-of-these-tests", type: "message" });
  const { out } = await stop(server);
  const said = out.slice(2).map((line) => line.split(" ").slice(7).join(" "));
  assert.match(said[2], /^user=u blocks=1 tokens=\d+$/);
  assert.deepEqual([said[0], said[1], ...said.slice(3)], [
    "user=u deduped=false", "user=u deduped=true", "user=u facts=1", "user=u spans=1", "user=u deleted=1",
    String.raw`user="a b\n\u001b[31m \u00e9 \"[redacted]" error=invalid_request`,
  ]);
});

test("--quiet prints the URL and nothing else", async () => {
  const server = await serve("--quiet");
  await server.ingest("tea");
  const { out } = await stop(server);
  assert.equal(out.length, 1);
});

test("it goes on when its output is closed", { skip: process.platform === "win32" }, async () => {
  const child = spawn(process.execPath, [join(BIN, "claiv-emulator.js"), "--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  while (!text.includes("\n")) text += await once(child.stdout, "data");
  const { get } = calls(fetch, text.match(/http:\S+/)[0]);
  child.stdout.destroy();
  child.stderr.destroy();
  for (let i = 0; i < 20; i++) assert.equal((await get("/healthz")).status, 200);
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("fault fields with units in their names are equal to those with the former names", async () => {
  const emulator = new ClaivEmulator();
  const { get } = calls(emulator.fetch, "https://api.claiv.test");
  for (const [one, other] of [
    [{ status: 503, retryAfterSeconds: 3 }, { status: 503, retryAfter: 3 }],
    [{ truncateBytes: 4 }, { truncate: 4 }],
    [{ delayMs: 20 }, { delay: 20 }],
  ]) {
    emulator.addFault([one, other]);
    const began = performance.now();
    const [first, second] = [await get("/healthz"), await get("/healthz")];
    if (one.delayMs) assert.ok(performance.now() - began >= 35);
    assert.deepEqual([first.status, first.text.replace(/req_\w+/, ""), first.headers.get("retry-after")], [second.status, second.text.replace(/req_\w+/, ""), second.headers.get("retry-after")]);
    const [both] = [{ ...one, ...other }];
    assert.throws(() => emulator.addFault(both), { name: "TypeError", message: /^fault\.\w+ must be left out where \w+ is given$/ });
  }
});
