// The inspector's page and its API under /_claiv/, for this machine's browsers and nobody else's pages.
import { readFileSync } from "node:fs";

const FOLDER = new URL("../inspector/", import.meta.url);
const FILES = {
  "": ["served.html", "text/html; charset=utf-8"],
  "inspector.js": ["served.js", "text/javascript; charset=utf-8"],
  "inspector.css": ["inspector.css", "text/css; charset=utf-8"],
  "icon.svg": ["icon.svg", "image/svg+xml"],
};
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const SAFE = {
  "content-security-policy": POLICY, "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "cache-control": "no-store",
};

/** Whether a path is the inspector's. */
export const isInspectors = (path) => path === "/_claiv" || path.startsWith("/_claiv/");

function refuse(status, code, message) {
  return Response.json({ error: { code, message, request_id: "" } }, { status, headers: SAFE });
}

/**
 * Whether a request is one of the inspector's own page, of a program, or of somebody who opens the page. Browsers tell where a request is
 * from by Origin (with all but GET and HEAD) and by Sec-Fetch-Site; the name it is sent to was looked at before.
 */
function isOwn(headers, allowed) {
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${headers.get("host")}` && !allowed.includes(origin)) return false;
  const site = headers.get("sec-fetch-site");
  // A link from anywhere may open the page: nothing of it can be read by who opened it.
  return site === null || site === "same-origin" || site === "none" || (origin !== null && allowed.includes(origin)) || headers.get("sec-fetch-mode") === "navigate";
}

function file(name) {
  const [from, type] = FILES[name];
  return new Response(readFileSync(new URL(from, FOLDER)), { headers: { ...SAFE, "content-type": type } });
}

/** A request to the emulator itself, with a key that it accepts. */
function passed(request, url, apiKey) {
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${apiKey}`);
  const { method, body, signal } = request;
  return new Request(url, { method, headers, body, signal, duplex: "half" });
}

/**
 * Answers what is the inspector's, and hands everything else on.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {{ apiKey?: string, origins: string[] }} options
 */
export function inspector(handle, { apiKey = "inspector", origins }) {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const redirect = () => new Response(null, { status: 302, headers: { location: "/_claiv/" } });
    if (pathname === "/" && request.method === "GET") return redirect();
    if (!isInspectors(pathname)) return handle(request);
    const name = pathname.slice("/_claiv/".length);
    if (!isOwn(request.headers, origins)) return refuse(403, "forbidden", "The inspector answers its own page only.");
    if (name.startsWith("api/")) return handle(passed(request, request.url, apiKey));
    if (name.startsWith("service/")) return handle(passed(request, new URL(`/${name.slice("service/".length)}${search}`, request.url), apiKey));
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "method_not_allowed", `${request.method} is not allowed here.`);
    if (pathname === "/_claiv") return redirect();
    return Object.hasOwn(FILES, name) ? file(name) : refuse(404, "not_found", `There is nothing at ${pathname}.`);
  };
}
