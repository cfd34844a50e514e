// Who may talk to the command: programs on this machine, and pages that come from it. A page of any website can send requests to
// this machine, with a name of its own that leads there (DNS rebinding), so neither is taken from elsewhere unless it is allowed.

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
/** What the emulator says to pages of any origin. */
const CORS = ["allow-origin", "allow-methods", "allow-headers", "allow-private-network", "expose-headers", "max-age"].map((name) => `access-control-${name}`);

/** The name in a Host field, without the port. */
function nameOf(host) {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

function isLoopback(origin) {
  try {
    return LOOPBACK.test(new URL(origin).hostname);
  } catch {
    return false;
  }
}

/** An origin as a browser writes it; undefined if the text is none. `null` is what files and sandboxed frames have. */
export function readOrigin(text) {
  if (text === "*" || text === "null") return text;
  try {
    const { origin, pathname, search, hash } = new URL(text);
    return pathname === "/" && search === "" && hash === "" && origin !== "null" ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** A host name as a request has it; undefined if the text is none. */
export function readHost(text) {
  if (text === "*") return text;
  const name = nameOf(text.includes(":") && !text.startsWith("[") ? `[${text}]` : text);
  return name && !/[/?#@]/.test(text) ? name : undefined;
}

function refuse(message) {
  return Response.json({ error: { code: "forbidden", message, request_id: "" } }, { status: 403 });
}

/**
 * A handler that answers only who may talk to it.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {{ hosts: string[], origins: string[] }} allowed besides loopback
 */
export function guard(handle, { hosts, origins }) {
  const isHost = (name) => name !== undefined && (LOOPBACK.test(name) || hosts.includes("*") || hosts.includes(name));
  const isOrigin = (origin) => origins.includes("*") || origins.includes(origin) || isLoopback(origin);
  return async (request) => {
    const [host, origin] = [request.headers.get("host") ?? "", request.headers.get("origin")];
    if (!isHost(nameOf(host))) {
      return refuse("claiv-emulator answers requests to this machine only. To be reached by another name, it has to be started with --allow-host <name>.");
    }
    if (origin !== null && !isOrigin(origin)) {
      return refuse("claiv-emulator answers pages of this machine only. For pages of another origin it has to be started with --allow-origin <origin>.");
    }
    const response = await handle(request);
    const headers = new Headers(response.headers);
    if (origin === null) CORS.forEach((name) => headers.delete(name));
    else if (headers.has(CORS[0])) headers.set(CORS[0], origin);
    headers.append("vary", "origin");
    const bodiless = response.body === null;
    return new Response(bodiless ? null : response.body, { status: response.status, headers });
  };
}
