// The emulator's fetch as a listener of node:http, over real sockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { ClaivEmulator } from "claiv-memory/emulator";
import { BIN } from "./command.mjs";
import { calls } from "./helpers.mjs";

const { listener } = await import(join(BIN, "serve.js"));

/** Serves an emulator of this process by node:http, so that a test can add faults to it. */
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

test("a connection is dropped while the body is sent", async () => {
  const done = [];
  const { emulator, url, close } = await bridge({}, (one) => done.push(one));
  emulator.addFault([{ drop: true, truncate: 5 }, { drop: true, truncate: 0 }]);
  for (const text of ['{"ok"', ""]) {
    const response = await fetch(`${url}/healthz`);
    assert.equal(response.status, 200);
    let seen = "";
    await assert.rejects(async () => {
      for await (const chunk of response.body) seen += Buffer.from(chunk);
    });
    assert.equal(seen, text);
  }
  assert.deepEqual(done.map(({ status }) => status), [null, null]);
  await close();
});

test("faults, headers and bodies work over HTTP", async () => {
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

test("a delay ends when the client disconnects", async () => {
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

test("malformed requests are answered or dropped, and the server goes on", async () => {
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
