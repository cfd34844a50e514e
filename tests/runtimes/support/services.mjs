// The services that the conformance suite talks to: the emulator behind a socket, a server that behaves badly in ways that
// its URL names, and a port on which nobody listens. All of them allow every origin, so that pages can use them.
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { closedPort } from "../../support/server.mjs";
import { hostile } from "./hostile.mjs";

export async function listen(handler) {
  const server = createServer(handler);
  // Node closes idle connections after five seconds, which a client of many requests meets as a reset.
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Starts the services with the emulator of the package that is installed in `folder`. */
export async function startServices(folder, options = {}) {
  const at = (path) => pathToFileURL(join(folder, path)).href;
  const { ClaivEmulator } = await import(at("dist/emulator.js"));
  const { listener } = await import(at("bin/serve.js"));
  const emulator = new ClaivEmulator({ logLimit: 10, ...options });
  const served = await listen(listener(emulator.fetch));
  const bad = await listen(hostile(emulator));
  const urls = { emulator: served.url, hostile: bad.url, refused: `http://127.0.0.1:${await closedPort()}` };
  return { urls, emulator, close() { served.close(); bad.close(); } };
}
