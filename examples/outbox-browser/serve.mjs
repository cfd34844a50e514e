// The page's server:  npm start --prefix examples/outbox-browser   and then open http://127.0.0.1:8791
// Make the page offline (in the browser's developer tools: Network, Offline), note something, close the page, go online, open it again.
// /api/claiv/* goes to an emulator in this process; with CLAIV_API_KEY to the service, with the key, which the page never sees.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { text } from "node:stream/consumers";
import { ClaivEmulator } from "claiv-memory/emulator";

const service = process.env.CLAIV_API_KEY
  ? { url: process.env.CLAIV_BASE_URL ?? "https://api.claiv.io", key: process.env.CLAIV_API_KEY, fetch: globalThis.fetch }
  : { url: "http://localhost", key: "any", fetch: new ClaivEmulator().fetch };

const OFFERED = ["POST /v6/ingest", "POST /v6/forget", "GET /v1/usage/summary"];
const FILES = {
  "/": "page/index.html",
  "/app.js": "page/app.js",
  "/style.css": "page/style.css",
  "/vendor/index.js": "node_modules/claiv-memory/dist/index.js",
  "/vendor/outbox.js": "node_modules/claiv-memory/dist/outbox.js",
};
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css" };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'";

/** Whose memory a request is about: yours to find out, from a session cookie say. Never the page's word for it. */
const userOf = () => "visitor";

async function claiv(target, request) {
  const refuse = (status, message) => Response.json({ error: { code: "not_offered", message, request_id: "" } }, { status });
  if (!OFFERED.includes(`${request.method} ${target.pathname}`)) return refuse(404, "This is not offered here.");
  const init = { method: request.method, headers: { "content-type": "application/json", authorization: `Bearer ${service.key}` } };
  if (request.method === "POST") {
    try {
      init.body = JSON.stringify({ ...JSON.parse(await text(request)), user_id: userOf(request) });
    } catch {
      return refuse(400, "The body is no JSON.");
    }
  }
  return service.fetch(service.url + target.pathname + target.search, init);
}

const server = createServer(async (request, response) => {
  const target = new URL(request.url, "http://localhost");
  try {
    if (target.pathname.startsWith("/api/claiv/")) {
      target.pathname = target.pathname.slice("/api/claiv".length);
      const answer = await claiv(target, request);
      const passed = ["content-type", "retry-after", "x-request-id"].filter((name) => answer.headers.has(name));
      response.writeHead(answer.status, Object.fromEntries(passed.map((name) => [name, answer.headers.get(name)])));
      response.end(await answer.text());
    } else if (FILES[target.pathname]) {
      const content = await readFile(new URL(FILES[target.pathname], import.meta.url));
      response.writeHead(200, { "content-type": TYPES[extname(FILES[target.pathname])] ?? TYPES[".html"], "content-security-policy": POLICY, "cache-control": "no-store" });
      response.end(content);
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    console.error(error);
    if (!response.headersSent) response.writeHead(502);
    response.end();
  }
});

server.listen(Number(process.env.PORT ?? 8791), "127.0.0.1", () => console.log(`open http://127.0.0.1:${server.address().port}`));
