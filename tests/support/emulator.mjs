// The emulator as an HTTP server.
import { once } from "node:events";
import { createServer } from "node:http";
import { ClaivEmulator } from "claiv-memory/emulator";

/** Starts an emulator over HTTP that lives as long as the test. */
export async function serveEmulator(t, options = {}) {
  const emulator = new ClaivEmulator(options);
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method, url, headers } = incoming;
    const body = method === "GET" ? undefined : Buffer.concat(chunks);
    const response = await emulator.fetch(new Request(`http://${headers.host}${url}`, { method, headers, body }));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { emulator, url: `http://127.0.0.1:${server.address().port}` };
}
