// A server on this machine that records its requests.
import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Starts a server that lives as long as the test. `handler` gets a request and its number, counted from 1, and gives
 * `{ status, headers, body }` (a string or bytes are sent as they are, anything else as JSON), `"hang"` for no answer at
 * all, or `"drop"` for a connection that is cut.
 */
export async function serve(t, handler = () => ({ body: { ok: true } })) {
  const requests = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const text = await textOf(incoming);
    const request = { method, url, headers, text, get json() { return JSON.parse(text); } };
    requests.push(request);
    const answer = await handler(request, requests.length);
    if (answer === "drop") incoming.socket.destroy();
    else if (answer !== "hang") send(outgoing, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { requests, url: `http://127.0.0.1:${server.address().port}` };
}

function send(outgoing, { status = 200, headers = {}, body = {}, truncate = false }) {
  const raw = typeof body === "string" || Buffer.isBuffer(body);
  const bytes = Buffer.from(raw ? body : JSON.stringify(body));
  outgoing.writeHead(status, {
    ...(!raw && { "content-type": "application/json" }),
    "content-length": bytes.length + (truncate ? 1 : 0),
    ...headers,
  });
  if (truncate) outgoing.write(bytes, () => outgoing.destroy());
  else outgoing.end(bytes);
}

async function textOf(incoming) {
  const chunks = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch {
    // The client went away; what came is all there is.
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The error shape of the API. */
export const errorBody = (code, message, more = {}) => ({ error: { code, message, request_id: "req-1", ...more } });

/** A port of this machine on which nothing listens. */
export async function closedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
