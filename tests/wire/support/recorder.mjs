// A server that notes each attempt as it came, and answers by a script.
import { once } from "node:events";
import { createServer } from "node:http";

/** Headers that the transport makes; they say nothing about a client's reading of the API. */
const TRANSPORT = new Set([
  "host", "connection", "user-agent", "accept-encoding", "accept-language", "sec-fetch-mode", "content-length", "transfer-encoding",
]);

/**
 * Starts a server for one call. The script's n-th answer is for the n-th attempt, its last for all further ones:
 * `{ status, headers, body }` (text and bytes as they are, anything else as JSON), with `truncate` for one that breaks off,
 * `chunked` for one without a length, `drip` for pieces of it with so many milliseconds between, `drop` for a connection that is cut and `hang` for none at all.
 */
export async function record(script) {
  const attempts = [];
  const times = [];
  const server = createServer(async (incoming, outgoing) => {
    const time = { came: performance.now() };
    const answer = script[Math.min(attempts.length, script.length - 1)];
    const attempt = { method: incoming.method, url: incoming.url, headers: plain(incoming.headers), body: null };
    attempts.push(attempt);
    times.push(time);
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (text !== "") attempt.body = JSON.parse(text);
    time.answered = performance.now();
    if (answer.drop) incoming.socket.destroy();
    else if (!answer.hang) await send(outgoing, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    attempts,
    /** From each answer to the next attempt, in milliseconds. */
    waits: () => times.slice(1).map(({ came }, index) => came - times[index].answered),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const plain = (headers) => Object.fromEntries(Object.entries(headers).filter(([name]) => !TRANSPORT.has(name)).sort());

async function send(outgoing, { status = 200, headers = {}, body = {}, truncate = false, chunked = false, drip }) {
  const raw = typeof body === "string" || Buffer.isBuffer(body);
  const bytes = Buffer.from(raw ? body : JSON.stringify(body));
  outgoing.writeHead(status, {
    ...(!raw && { "content-type": "application/json" }),
    ...(!chunked && status !== 204 && { "content-length": bytes.length + (truncate ? 5 : 0) }),
    ...headers,
  });
  if (drip) {
    for (const byte of bytes) {
      if (outgoing.destroyed) return;
      outgoing.write(Buffer.of(byte));
      await new Promise((resolve) => setTimeout(resolve, drip));
    }
    outgoing.end();
  } else if (truncate) outgoing.write(bytes, () => outgoing.destroy());
  else outgoing.end(bytes);
}
