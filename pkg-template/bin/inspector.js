// Serves the inspector under /_claiv/: its page and, to that page and to programs only, its API.
import { readFileSync } from "node:fs";
import { errorResponse } from "./error-response.js";

const FOLDER = new URL("../inspector/", import.meta.url);
/** The files of the page and their content types, by path under /_claiv/. */
const FILES = {
  "": ["served.html", "text/html; charset=utf-8"],
  "inspector.js": ["served.js", "text/javascript; charset=utf-8"],
  "theme.js": ["theme.js", "text/javascript; charset=utf-8"],
  "inspector.css": ["inspector.css", "text/css; charset=utf-8"],
  "icon.svg": ["icon.svg", "image/svg+xml"],
};
/** The Content Security Policy of the page. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Header fields of the page and of refusals. */
const SECURITY_FIELDS = {
  "content-security-policy": POLICY, "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "cache-control": "no-store",
};

/** Whether a path belongs to the inspector. */
export const isInspectorPath = (path) => path === "/_claiv" || path.startsWith("/_claiv/");

const refuse = (status, code, message) => errorResponse(status, code, message, SECURITY_FIELDS);

/**
 * Whether a request comes from the inspector's own page, from a program, or from a user who opens the page. Browsers send Origin (except with GET
 * and HEAD) and Sec-Fetch-Site; access.js has checked Host before.
 */
function isAllowed({ method, headers }, allowed) {
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${headers.get("host")}` && !allowed.includes(origin)) return false;
  const site = headers.get("sec-fetch-site");
  // Any page may link to the inspector: the linking page cannot read what is opened.
  return site === null || site === "same-origin" || site === "none" || (origin !== null && allowed.includes(origin)) || (method === "GET" && headers.get("sec-fetch-mode") === "navigate");
}

/** A file of the page. */
function file(name) {
  const [from, type] = FILES[name];
  return new Response(readFileSync(new URL(from, FOLDER)), { headers: { ...SECURITY_FIELDS, "content-type": type } });
}

/** The request with another URL and with an API key that the emulator accepts. */
function withKey(request, url, apiKey) {
  const headers = new Headers(request.headers);
  headers.set("authorization", `Bearer ${apiKey}`);
  const { method, body, signal } = request;
  return new Request(url, { method, headers, body, signal, duplex: "half" });
}

/**
 * Wraps a handler: answers requests to the inspector, and passes all others on.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {{ apiKey?: string, origins: string[] }} options the key that is added to requests of the page, and the origins that are allowed besides
 *   the page's own
 */
export function inspector(handle, { apiKey = "inspector", origins }) {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const redirect = () => new Response(null, { status: 302, headers: { location: "/_claiv/" } });
    if (pathname === "/" && request.method === "GET") return redirect();
    if (!isInspectorPath(pathname)) return handle(request);
    const name = pathname.slice("/_claiv/".length);
    if (!isAllowed(request, origins)) return refuse(403, "forbidden", "The inspector answers its own page only.");
    if (name.startsWith("api/")) return handle(withKey(request, request.url, apiKey));
    if (name.startsWith("service/")) return handle(withKey(request, new URL(`/${name.slice("service/".length)}${search}`, request.url), apiKey));
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "method_not_allowed", `${request.method} is not allowed here.`);
    if (pathname === "/_claiv") return redirect();
    return Object.hasOwn(FILES, name) ? file(name) : refuse(404, "not_found", `There is nothing at ${pathname}.`);
  };
}
