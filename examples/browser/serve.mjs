// The page's server:  npm start --prefix examples/browser   and then open http://127.0.0.1:8790
// It gives out the page and the package, and passes /api/claiv/* on with the key, which the page never sees. Without
// CLAIV_API_KEY it passes them to an emulator in this process.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { text } from "node:stream/consumers";
import { ClaivEmulator } from "claiv-memory/emulator";

const service = process.env.CLAIV_API_KEY
  ? { url: process.env.CLAIV_BASE_URL ?? "https://api.claiv.io", key: process.env.CLAIV_API_KEY, fetch: globalThis.fetch }
  : { url: "http://localhost", key: "any", fetch: new ClaivEmulator().fetch };

const OFFERED = ["/v1/ingest", "/v1/recall"];
const FILES = {
  "/": "page/index.html",
  "/app.js": "page/app.js",
  "/style.css": "page/style.css",
  "/vendor/claiv-memory/index.js": "node_modules/claiv-memory/dist/index.js",
};
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css" };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'";

/** Whose memory a request is about: yours to find out, from a session cookie say. Never the page's word for it. */
const userOf = () => "visitor";

async function claiv(path, request) {
  const refuse = (status, message) => Response.json({ error: { code: "not_offered", message, request_id: "" } }, { status });
  if (request.method !== "POST" || !OFFERED.includes(path)) return refuse(404, "This is not offered here.");
  let body;
  try {
    body = { ...JSON.parse(await text(request)), user_id: userOf(request) };
  } catch {
    return refuse(400, "The body is no JSON.");
  }
  return service.fetch(service.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${service.key}` },
    body: JSON.stringify(body),
  });
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  try {
    if (pathname.startsWith("/api/claiv/")) {
      const answer = await claiv(pathname.slice("/api/claiv".length), request);
      // What the client wants to know of an answer besides its body.
      const passed = ["content-type", "retry-after", "x-request-id"].filter((name) => answer.headers.has(name));
      response.writeHead(answer.status, Object.fromEntries(passed.map((name) => [name, answer.headers.get(name)])));
      response.end(await answer.text());
    } else if (FILES[pathname]) {
      const content = await readFile(new URL(FILES[pathname], import.meta.url));
      response.writeHead(200, { "content-type": TYPES[extname(FILES[pathname])], "content-security-policy": POLICY });
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

server.listen(Number(process.env.PORT ?? 8790), "127.0.0.1", () => console.log(`open http://127.0.0.1:${server.address().port}`));
