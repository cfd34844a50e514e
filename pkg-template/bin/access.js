// Access control by Host and Origin. By default only requests to a loopback name are answered, and only pages of a loopback origin. Otherwise any
// website could have its visitors' browsers read the emulator's memory, directly or by a domain that resolves to 127.0.0.1 (DNS rebinding).
import { errorResponse } from "./error-response.js";

/** Names of this machine (RFC 6761 §6.3 for `.localhost`). */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
/** The CORS fields of the emulator's responses, which allow every origin. */
const CORS_FIELDS = ["allow-origin", "allow-methods", "allow-headers", "allow-private-network", "expose-headers", "max-age"].map((name) => `access-control-${name}`);

/** The name in a Host field without the port; undefined if it is not valid. */
function nameOf(host) {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/** Whether an origin is of this machine. */
function isLoopback(origin) {
  try {
    return LOOPBACK.test(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** Normalises an origin as browsers write it; undefined if it is not valid. `null` is the origin of files and sandboxed frames, `*` stands for all. */
export function readOrigin(text) {
  if (text === "*" || text === "null") return text;
  try {
    const { origin, pathname, search, hash } = new URL(text);
    return pathname === "/" && search === "" && hash === "" && origin !== "null" ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** Normalises a host name as it is in a request; undefined if it is not valid. `*` stands for all. */
export function readHost(text) {
  if (text === "*") return text;
  const name = nameOf(text.includes(":") && !text.startsWith("[") ? `[${text}]` : text);
  return name && !/[/?#@]/.test(text) ? name : undefined;
}

const forbidden = (message) => errorResponse(403, "forbidden", message);

/**
 * Wraps a handler: answers 403 to requests to other hosts and from pages of other origins. Responses get the CORS fields for the one origin that
 * asked, or none for programs, which send no Origin.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {{ hosts: string[], origins: string[] }} allowed in addition to loopback
 */
export function restrictAccess(handle, { hosts, origins }) {
  const isHost = (name) => name !== undefined && (LOOPBACK.test(name) || hosts.includes("*") || hosts.includes(name));
  const isOrigin = (origin) => origins.includes("*") || origins.includes(origin) || isLoopback(origin);
  return async (request) => {
    const [host, origin] = [request.headers.get("host") ?? "", request.headers.get("origin")];
    if (!isHost(nameOf(host))) {
      return forbidden("claiv-emulator answers requests to this machine only. To be reached by another name, it has to be started with --allow-host <name>.");
    }
    if (origin !== null && !isOrigin(origin)) {
      return forbidden("claiv-emulator answers pages of this machine only. For pages of another origin it has to be started with --allow-origin <origin>.");
    }
    const response = await handle(request);
    const headers = new Headers(response.headers);
    if (origin === null) CORS_FIELDS.forEach((name) => headers.delete(name));
    else if (headers.has(CORS_FIELDS[0])) headers.set(CORS_FIELDS[0], origin);
    headers.append("vary", "origin");
    return new Response(response.body, { status: response.status, headers });
  };
}
