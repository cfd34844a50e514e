// Access control of the command by Host and Origin.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { launch, serve, stop } from "./command.mjs";

let server, open;
before(async () => {
  server = await serve();
  open = await serve("--allow-host", "emulator", "--allow-host", "*", "--allow-origin", "https://app.example.com", "--allow-origin", "null");
});
after(() => Promise.all([stop(server), stop(open)]));

/** Sends a request with any header fields, also those that fetch does not allow. */
async function send(url, { method = "GET", path = "/healthz", headers = {} } = {}) {
  const sent = request(`${url}${path}`, { method, headers });
  sent.end();
  const [response] = await once(sent, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode, headers: response.headers, text };
}

const allowed = ({ headers }) => headers["access-control-allow-origin"];

test("requests to loopback names are answered, and to no others", async () => {
  const { port } = new URL(server.url);
  for (const host of [`127.0.0.1:${port}`, "localhost", `LOCALHOST:${port}`, "app.localhost", "[::1]:1", "127.9.9.9"]) {
    assert.equal((await send(server.url, { headers: { host } })).status, 200, host);
  }
  for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "127.0.0.1.evil.example", "192.168.0.7", "a b"]) {
    const { status, text } = await send(server.url, { headers: { host } });
    assert.equal(status, 403, host);
    assert.match(JSON.parse(text).error.message, /--allow-host/);
  }
});

test("pages of loopback origins are allowed, and of no other origin", async () => {
  for (const origin of ["http://localhost:5173", "http://127.0.0.1", "https://app.localhost", "http://[::1]:3000"]) {
    const answer = await send(server.url, { headers: { origin } });
    assert.deepEqual([answer.status, allowed(answer)], [200, origin]);
    assert.match(answer.headers.vary, /origin/i);
  }
  for (const origin of ["https://evil.example", "null", "http://localhost.evil.example", "file://"]) {
    for (const method of ["GET", "OPTIONS"]) {
      const answer = await send(server.url, { method, headers: { origin, "access-control-request-private-network": "true" } });
      assert.deepEqual([answer.status, allowed(answer)], [403, undefined], origin);
      assert.equal(answer.headers["access-control-allow-private-network"], undefined);
      assert.match(JSON.parse(answer.text).error.message, /--allow-origin/);
    }
  }
});

test("a refused request has no effect", async () => {
  const body = JSON.stringify({ user_id: "victim", type: "message", content: "planted" });
  for (const headers of [{ origin: "https://evil.example" }, { host: "evil.example" }]) {
    const sent = request(`${server.url}/v1/ingest`, { method: "POST", headers: { ...headers, authorization: "Bearer k" } });
    sent.end(body);
    const [response] = await once(sent, "response");
    response.resume();
    assert.equal(response.statusCode, 403);
  }
  assert.deepEqual(await server.contents("planted", { user_id: "victim" }), []);
});

test("requests without an Origin get no CORS fields", async () => {
  const answer = await send(server.url);
  assert.deepEqual(Object.keys(answer.headers).filter((name) => name.startsWith("access-control")), []);
  const preflight = await send(server.url, { method: "OPTIONS", path: "/v1/ingest", headers: { origin: "http://localhost", "access-control-request-headers": "authorization", "access-control-request-private-network": "true" } });
  assert.deepEqual([preflight.status, allowed(preflight)], [204, "http://localhost"]);
  assert.equal(preflight.headers["access-control-allow-headers"], "authorization");
  assert.equal(preflight.headers["access-control-allow-private-network"], "true");
});

test("--allow-host and --allow-origin allow more", async () => {
  for (const host of ["emulator:8787", "evil.example", "192.168.0.7"]) assert.equal((await send(open.url, { headers: { host } })).status, 200);
  for (const [origin, status] of [["https://app.example.com", 200], ["null", 200], ["https://app.example.com:444", 403], ["http://app.example.com", 403]]) {
    const answer = await send(open.url, { headers: { origin } });
    assert.deepEqual([answer.status, allowed(answer)], [status, status === 200 ? origin : undefined]);
  }
  const any = await serve("--allow-origin", "*");
  assert.equal(allowed(await send(any.url, { headers: { origin: "https://evil.example" } })), "https://evil.example");
  await stop(any);
  for (const [option, given] of [["--allow-host", "a/b"], ["--allow-host", ""], ["--allow-origin", "example.com"], ["--allow-origin", "https://a/b"]]) {
    const { code, errors } = await launch(option, given).ended;
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`^claiv-emulator: ${option} must be [^\\n]+\\n$`));
  }
});

test("malformed requests are answered with an error", async () => {
  const { port } = new URL(server.url);
  const say = async (text) => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.end(text);
    let answer = "";
    for await (const chunk of socket) answer += chunk;
    return answer.split("\r\n")[0];
  };
  assert.match(await say("TRACE /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"), / 405 /);
  assert.match(await say("GET http://[ HTTP/1.1\r\nhost: localhost\r\n\r\n"), / 400 /);
  assert.match(await say("GET /healthz HTTP/1.1\r\n\r\n"), / 400 /);
  assert.match(await say("GET /healthz HTTP/1.0\r\n\r\n"), / 403 /);
  assert.match(await say("GET /healthz HTTP/1.1\r\nhost:\r\n\r\n"), / 403 /);
  assert.match(await say("OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n"), / 204 /);
  assert.match(await say("GET //evil.example/healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"), / 404 /);
  assert.equal((await server.get("/healthz")).status, 200);
});
