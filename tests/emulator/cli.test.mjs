// The command, over real sockets.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ClaivEmulator } from "claiv-memory/emulator";
import { calls } from "./helpers.mjs";

const BIN = join(dirname(fileURLToPath(import.meta.url)), "../node_modules/claiv-memory/bin");
const COMMAND = join(BIN, "claiv-emulator.js");
const { listener } = await import(join(BIN, "serve.js"));

const folder = mkdtempSync(join(tmpdir(), "claiv-emulator-"));
const running = new Set();
after(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
const freshFile = () => join(folder, `state-${files++}.json`);

function launch(...args) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const out = [];
  let errors = "";
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => out.push(line));
  child.stderr.on("data", (data) => (errors += data));
  const ended = once(child, "close").then(([code, signal]) => {
    running.delete(child);
    return { code, signal, out, errors };
  });
  return { child, out, lines, ended };
}

/** Starts a server and waits for its URL. */
async function serve(...args) {
  const server = launch("--port", "0", ...args);
  const [line] = await Promise.race([once(server.lines, "line"), server.ended.then(({ errors }) => Promise.reject(new Error(errors)))]);
  const [url] = line.match(/http:\/\/\S+/);
  return { ...server, url, ...calls(fetch, url) };
}

async function stop(server, signal = "SIGTERM") {
  server.child.kill(signal);
  return server.ended;
}

test("--help and --version tell and end", async () => {
  const help = await launch("--help").ended;
  assert.equal(help.code, 0);
  for (const option of ["--port", "--host", "--data", "--api-key"]) assert.ok(help.out.join("\n").includes(option));
  const version = await launch("--version").ended;
  const { version: expected } = JSON.parse(readFileSync(join(BIN, "../package.json"), "utf8"));
  assert.deepEqual([version.code, version.out], [0, [expected]]);
});

test("a bad argument is named in one line", async () => {
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
  await server.tell("over the wire \ud800 🧠");
  assert.deepEqual(await server.contents("wire"), ["over the wire \ud800 🧠"]);
  assert.equal((await server.post("/v1/ingest", {}, { headers: { authorization: "Bearer second-key" } })).status, 400);
  const refused = await server.post("/v1/ingest", {}, { headers: { authorization: "Bearer third-key" } });
  assert.equal(refused.status, 401);
  await server.get("/v1/nothing?key=key-of-these-tests");
  const { out, errors, code } = await stop(server);
  assert.deepEqual([code, errors], [0, ""]);
  const logged = out.slice(1).map((line) => line.split(" ").slice(1, 4).join(" "));
  assert.deepEqual(logged, ["GET /healthz 200", "POST /v1/ingest 200", "POST /v1/recall 200", "POST /v1/ingest 400", "POST /v1/ingest 401", "GET /v1/nothing 404"]);
  assert.ok(out.some((line) => line.includes(refused.headers.get("x-request-id"))));
  assert.ok(!out.join("\n").includes("key-of"));
});

test("Ctrl-C and SIGTERM end it cleanly, also with a connection kept open", async () => {
  for (const signal of ["SIGINT", "SIGTERM"]) {
    const server = await serve();
    assert.equal((await server.get("/healthz")).status, 200);
    const began = performance.now();
    const { code, signal: killed, errors } = await stop(server, signal);
    assert.deepEqual([code, killed, errors], [0, null, ""]);
    assert.ok(performance.now() - began < 5000);
  }
});

test("a port in use is said in one sentence", async () => {
  const server = await serve();
  const { port } = new URL(server.url);
  const { code, errors, out } = await launch("--port", port).ended;
  assert.deepEqual([code, out], [1, []]);
  assert.match(errors, new RegExp(`^claiv-emulator: port ${port} of 127\\.0\\.0\\.1 is in use[^\\n]*\\n$`));
  await stop(server);
});

test("what was acknowledged survives kill -9", async () => {
  const data = freshFile();
  const acknowledged = new Map();
  for (let round = 0; round < 3; round++) {
    const server = await serve("--data", data);
    // Every event of the rounds before is there, and is not stored again.
    for (const [key, event_id] of acknowledged) {
      assert.deepEqual(await server.tell(`event ${key}`, { idempotency_key: key }), { event_id, deduped: true });
    }
    // Many at once, and the process is killed in the midst of them.
    const wanted = 40 * (round + 1);
    let count = 0;
    const killed = new Promise((resolve) => {
      const worker = async (name) => {
        for (let i = 0; ; i++) {
          const key = `${round}-${name}-${i}`;
          const { event_id } = await server.tell(`event ${key}`, { idempotency_key: key });
          acknowledged.set(key, event_id);
          if (++count === wanted) {
            server.child.kill("SIGKILL");
            resolve();
          }
        }
      };
      for (let name = 0; name < 8; name++) worker(name).catch(() => {});
    });
    await killed;
    const { signal } = await server.ended;
    assert.equal(signal, "SIGKILL");
  }
  assert.ok(acknowledged.size >= 240);
  const server = await serve("--data", data);
  for (const [key, event_id] of acknowledged) assert.equal((await server.tell("x", { idempotency_key: key })).event_id, event_id);
  await stop(server);
});

test("receipts and usage survive a restart, and the file is written anew", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  for (let i = 0; i < 20; i++) await first.tell(`event ${i}`);
  await first.post("/v1/forget", { user_id: "u" });
  const before = (await first.get("/v1/usage/summary")).body;
  assert.ok(readFileSync(data, "utf8").split("\n").length > 20);
  await stop(first, "SIGINT");
  const second = await serve("--data", data);
  assert.equal(readFileSync(data, "utf8").split("\n").length, 2);
  assert.deepEqual((await second.get("/v1/usage/summary")).body, before);
  assert.equal((await second.get("/v1/deletion-receipts")).body.total, 1);
  assert.deepEqual(await second.contents("event"), []);
  await stop(second);
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".new") || name.endsWith(".lock")), []);
  if (process.platform !== "win32") assert.equal(statSync(data).mode & 0o077, 0);
});

test("a torn last line is tolerated", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const kept = await first.tell("kept", { idempotency_key: "k" });
  await stop(first, "SIGKILL");
  appendFileSync(data, '{"op":"event","event":{"event_id":"evt_torn","user_id":"u","conte');
  const second = await serve("--data", data);
  assert.deepEqual(await second.tell("kept", { idempotency_key: "k" }), { ...kept, deduped: true });
  assert.deepEqual(await second.contents("kept"), ["kept"]);
  await stop(second);
});

test("a file that is no state is left as it is", async () => {
  for (const text of ["my precious notes", "my precious\nnotes\n", '{"format":"claiv-emulator","version":1}\n', "{}\n{}\n"]) {
    const data = freshFile();
    writeFileSync(data, text);
    const { code, errors } = await launch("--port", "0", "--data", data).ended;
    assert.equal(code, 1);
    assert.match(errors, /^claiv-emulator: cannot use the data file [^\n]+\n$/);
    assert.equal(readFileSync(data, "utf8"), text);
    assert.equal(existsSync(`${data}.lock`), false);
  }
  const missing = await launch("--port", "0", "--data", join(folder, "no/such/folder/file")).ended;
  assert.equal(missing.code, 1);
  assert.match(missing.errors, /^claiv-emulator: cannot use the data file [^\n]+\n$/);
});

test("one file is not used by two at once, but a lock left behind does not matter", async () => {
  const data = freshFile();
  const first = await serve("--data", data);
  const { code, errors } = await launch("--port", "0", "--data", data).ended;
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`process ${first.child.pid} is using it`));
  assert.deepEqual((await first.tell("still here")).deduped, false);
  await stop(first, "SIGKILL");
  assert.ok(existsSync(`${data}.lock`));
  const second = await serve("--data", data);
  assert.deepEqual(await second.contents("still"), ["still here"]);
  await stop(second);
});

/** An emulator in this process behind node:http, so that a test can script its faults. */
async function bridge(options, onDone) {
  const emulator = new ClaivEmulator(options);
  const server = createServer(listener(emulator.fetch, onDone));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
  return { emulator, url, close, ...calls(fetch, url) };
}

test("a dropped connection destroys the socket", async () => {
  const done = [];
  const { emulator, url, close, post, contents } = await bridge({}, (one) => done.push(one));
  emulator.addFault([{ drop: true }, { drop: true, after: true }]);
  const event = { user_id: "u", type: "message", content: "hello", idempotency_key: "k" };
  for (let i = 0; i < 2; i++) {
    const request = httpRequest(`${url}/v1/ingest`, { method: "POST", headers: { authorization: "Bearer k" } });
    request.end(JSON.stringify(event));
    const [error] = await once(request, "error");
    assert.equal(error.code, "ECONNRESET");
  }
  assert.equal((await post("/v1/ingest", event)).body.deduped, true);
  assert.deepEqual(await contents("hello"), ["hello"]);
  assert.deepEqual(done.map(({ status }) => status), [null, null, 200, 200]);
  await close();
});

test("faults, headers and bodies pass over the wire", async () => {
  const { emulator, close, post, call } = await bridge({ maxBodyBytes: 50_000 });
  emulator.addFault([{ status: 503, retryAfter: 3 }, { truncate: 5 }, { status: 502, body: "<html>" }, { status: 204 }]);
  const event = { user_id: "u", type: "message", content: "hello" };
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await post("/v1/ingest", event));
  assert.deepEqual(answers.map(({ status }) => status), [503, 200, 502, 204]);
  assert.equal(answers[0].headers.get("retry-after"), "3");
  assert.deepEqual([answers[1].text, answers[2].text], ['{"eve', "<html>"]);
  assert.equal((await post("/v1/ingest", "x".repeat(50_001))).status, 413);
  const chunks = new ReadableStream({
    start(controller) {
      for (let i = 0; i < 100; i++) controller.enqueue(new Uint8Array(1000));
      controller.close();
    },
  });
  const chunked = await post("/v1/ingest", undefined, { body: chunks, duplex: "half" });
  assert.equal(chunked.status, 413);
  assert.equal((await call("HEAD", "/healthz")).status, 405);
  assert.equal((await call("OPTIONS", "/v1/ingest")).status, 204);
  await close();
});

test("a client that goes away ends a delay", async () => {
  const done = [];
  const { emulator, url, close } = await bridge({}, (one) => done.push(one));
  emulator.addFault({ delay: Infinity });
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
  while (emulator.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  socket.destroy();
  while (done.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(done[0].status, null);
  await close();
});

test("odd requests are answered or dropped, and the server lives on", async () => {
  const { url, close, get } = await bridge();
  const { port } = new URL(url);
  for (const text of [
    "GET http://other.test/healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET //healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /%00%ff%zz?%zz HTTP/1.1\r\nhost: x\r\n\r\n",
    "TRACE /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nhost: x\r\nx-odd: \xe9\xff\r\n\r\n",
    "POST /v1/ingest HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
    "nonsense\r\n\r\n",
  ]) {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(Buffer.from(text, "latin1"));
    await Promise.race([once(socket, "data"), once(socket, "close"), new Promise((resolve) => setTimeout(resolve, 100))]);
    socket.destroy();
    assert.equal((await get("/healthz")).status, 200, text);
  }
  await close();
});
