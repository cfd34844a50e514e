// A server between a browser and the emulator, which delays, changes or withholds what a test names.
import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Starts it. `before(path)` may resolve later; to a text that comes before that of the answer; or to null, where there is no answer but 404. Resolves
 * to its URL; it is stopped after the test.
 */
export async function between(t, target, before) {
  const { port } = new URL(target);
  const server = createServer(async (asked, answer) => {
    const text = await before(asked.url.replace(/^\/_claiv\//, ""));
    if (text === null) return answer.writeHead(404).end();
    // The Host field stays: the emulator compares it with the page's origin.
    const request = httpRequest({ host: "127.0.0.1", port, method: asked.method, path: asked.url, headers: asked.headers });
    request.on("error", () => answer.destroy());
    asked.pipe(request);
    const [response] = await once(request, "response");
    const { "content-length": length, ...fields } = response.headers;
    answer.writeHead(response.statusCode, text || length === undefined ? fields : response.headers);
    if (text) answer.write(text);
    return response.pipe(answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

export const later = (ms) => sleep(ms);
