// An HTTP server on a raw socket, for answers that no HTTP library would give. Loopback only.
import { once } from "node:events";
import { createServer } from "node:net";
import { healthy } from "./wire.mjs";

/**
 * Starts a server that answers every request by `scenario`: a function of an exchange, as scenarios.mjs has them.
 *
 *   requests      what arrived, in order: {method, path, headers, body, at, connection}; `at` in ms of performance.now()
 *   connections   how many connections were opened
 *   isOpen(n)     whether connection n, as requests name it, still is
 *   scenario      what answers; set it to change what the next request gets
 *   heal()        from now on everything is answered right
 */
export async function startHostile(scenario = healthy) {
  const sockets = new Map();
  const server = { requests: [], connections: 0, scenario, url: "", heal, close, isOpen };

  const listener = createServer({ keepAlive: true, noDelay: true }, (socket) => {
    server.connections += 1;
    const connection = server.connections;
    sockets.set(socket, connection);
    socket.on("close", () => sockets.delete(socket));
    // Peers that give up reset their connections; that is what this server is for.
    socket.on("error", () => {});
    if (server.scenario.connected?.(socket)) return;
    readRequests(socket, (request) => {
      Object.assign(request, { connection, at: performance.now() });
      server.requests.push(request);
      server.scenario({ socket, request, server, write: writer(socket) });
    });
  });

  function heal() {
    server.scenario = healthy;
    for (const socket of sockets.keys()) socket.resume();
  }

  function close() {
    listener.close();
    for (const socket of sockets.keys()) socket.destroy();
  }

  function isOpen(connection) {
    return [...sockets.values()].includes(connection);
  }

  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  server.url = `http://127.0.0.1:${listener.address().port}`;
  return server;
}

/** Writes unless the peer has gone; gives whether the socket takes more at once. */
function writer(socket) {
  return (bytes) => !socket.destroyed && socket.writable && socket.write(bytes);
}

/** Calls `done` for each complete request. Bodies come with a Content-Length, as fetch sends strings. */
function readRequests(socket, done) {
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const [line, ...fields] = buffer.subarray(0, end).toString("latin1").split("\r\n");
      const [method, path] = line.split(" ");
      const headers = Object.fromEntries(fields.map((field) => {
        const colon = field.indexOf(":");
        return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
      }));
      const length = Number(headers["content-length"] ?? 0);
      if (buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      done({ method, path, headers, body });
    }
  });
}
