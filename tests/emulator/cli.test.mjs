// The command claiv-emulator: its arguments, its output and its exit code.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { BIN, launch, serve, stop } from "./command.mjs";

test("--help and --version print and exit", async () => {
  const help = await launch("--help").ended;
  assert.equal(help.code, 0);
  for (const option of ["--port", "--host", "--data", "--api-key", "--allow-host", "--allow-origin", "--seed", "--fault", "--quota", "--latency", "--quiet"]) assert.ok(help.out.join("\n").includes(option));
  const version = await launch("--version").ended;
  const { version: expected } = JSON.parse(readFileSync(join(BIN, "../package.json"), "utf8"));
  assert.deepEqual([version.code, version.out], [0, [expected]]);
});

test("a wrong argument is reported in one line that names it", async () => {
  for (const [args, named] of [
    [["--prot", "1"], "--prot"],
    [["--port", "x"], "--port"],
    [["--port", "70000"], "--port"],
    [["--port", ""], "--port"],
    [["--api-key", ""], "--api-key"],
    [["--data", ""], "--data"],
    [["extra"], "extra"],
  ]) {
    const { code, errors } = await launch(...args).ended;
    assert.equal(code, 1);
    assert.match(errors, /^claiv-emulator: [^\n]+\n$/);
    assert.ok(errors.includes(named), errors);
  }
});

test("it serves the API and logs each request in one line, without the key", async () => {
  const server = await serve("--api-key", "key-of-these-tests", "--api-key", "second-key");
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  assert.equal((await server.get("/healthz", { headers: { authorization: "" } })).status, 200);
  await server.ingest("over the wire \ud800 🧠");
  assert.deepEqual(await server.contents("wire"), ["over the wire \ud800 🧠"]);
  assert.equal((await server.post("/v1/ingest", {}, { headers: { authorization: "Bearer second-key" } })).status, 400);
  const refused = await server.post("/v1/ingest", {}, { headers: { authorization: "Bearer third-key" } });
  assert.equal(refused.status, 401);
  await server.get("/v1/nothing?key=key-of-these-tests");
  const { out, errors, code } = await stop(server);
  assert.deepEqual([code, errors], [0, ""]);
  assert.deepEqual(out.slice(0, 2), [`claiv-emulator listens on ${server.url}`, `claiv-emulator shows its memory at ${server.url}/_claiv/`]);
  const logged = out.slice(2).map((line) => line.split(" ").slice(1, 4).join(" "));
  assert.deepEqual(logged, ["GET /healthz 200", "POST /v1/ingest 200", "POST /v1/recall 200", "POST /v1/ingest 400", "POST /v1/ingest 401", "GET /v1/nothing 404"]);
  assert.ok(out.some((line) => line.includes(refused.headers.get("x-request-id"))));
  assert.ok(!out.join("\n").includes("key-of"));
});

test("Ctrl-C and SIGTERM end it with code 0, also with an open keep-alive connection", async () => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const server = await serve();
    assert.equal((await server.get("/healthz")).status, 200);
    const began = performance.now();
    const { code, signal: killed, errors } = await stop(server, signal);
    assert.deepEqual([code, killed, errors], [0, null, ""]);
    assert.ok(performance.now() - began < 5000);
  }
});

test("a port in use is reported in one line", async () => {
  const server = await serve();
  const { port } = new URL(server.url);
  const { code, errors, out } = await launch("--port", port).ended;
  assert.deepEqual([code, out], [1, []]);
  assert.match(errors, new RegExp(`^claiv-emulator: port ${port} of 127\\.0\\.0\\.1 is in use[^\\n]*\\n$`));
  await stop(server);
});
