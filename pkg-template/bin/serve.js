// Adapts a handler of the Fetch standard to a request listener of node:http.
import { errorResponse } from "./error-response.js";

/** Header fields of one connection (RFC 9110 §7.6.1), which are not passed on. node:http writes its own. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);
/** Methods that the Request class refuses. */
const FORBIDDEN_METHODS = ["CONNECT", "TRACE", "TRACK"];
/** The largest body that is kept for the log, in bytes. */
const MAX_LOGGED_BYTES = 64 * 1024;

/**
 * How a request ended.
 *
 * @typedef {object} Done
 * @property {string} method
 * @property {string} url
 * @property {number | null} status null if the connection was dropped
 * @property {number} ms how long it took, in milliseconds
 * @property {string} requestId
 * @property {string} [key] the API key it was sent with
 * @property {Buffer} [requestBody] the body of the request, unless it is larger than 64 KiB
 * @property {Buffer} [responseBody] the body of the response, unless it is larger than 64 KiB
 */

/**
 * Makes a listener for `http.createServer` out of a handler.
 *
 * If the handler rejects, as the emulator does where a fault drops the connection, the socket is destroyed.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {(done: Done) => void} [onDone]
 * @returns {(req: import("node:http").IncomingMessage, res: import("node:http").ServerResponse) => Promise<void>}
 */
export function listener(handle, onDone = () => {}) {
  return async (req, res) => {
    const began = performance.now();
    const abort = new AbortController();
    res.on("close", () => {
      if (!res.writableEnded) abort.abort(new Error("the client is gone"));
    });
    let status = null;
    let requestId = "-";
    const requestBody = new LoggedBody();
    const responseBody = new LoggedBody();
    try {
      const request = toRequest(req, abort.signal, requestBody);
      const response = request instanceof Response ? request : await handle(request);
      requestId = response.headers.get("x-request-id") ?? "-";
      await send(response, res, responseBody);
      status = response.status;
    } catch {
      res.destroy();
    }
    const key = req.headers.authorization?.replace(/^\S+\s+/, "");
    const ms = Math.round(performance.now() - began);
    onDone({ method: req.method, url: req.url, status, ms, requestId, key, requestBody: requestBody.bytes, responseBody: responseBody.bytes });
  };
}

/** Collects the chunks of a body, unless it is larger than 64 KiB. */
class LoggedBody {
  #chunks = [];
  #length = 0;

  add(chunk) {
    this.#length += chunk.length;
    if (this.#length <= MAX_LOGGED_BYTES) this.#chunks.push(chunk);
  }

  get bytes() {
    return this.#length > 0 && this.#length <= MAX_LOGGED_BYTES ? Buffer.concat(this.#chunks) : undefined;
  }
}

/** Makes a Request, or the Response to a request that the Request class cannot represent. */
function toRequest(req, signal, logged) {
  if (FORBIDDEN_METHODS.includes(req.method)) return errorResponse(405, "method_not_allowed", `${req.method} is not allowed here.`);
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase();
    if (!HOP_BY_HOP.has(name)) headers.append(name, req.rawHeaders[i + 1]);
  }
  const announced = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  const body = announced && req.method !== "GET" && req.method !== "HEAD" ? toStream(req, logged) : null;
  // Only the path and the query are used, also of a target in absolute form (RFC 9112 §3.2.2).
  const target = req.url.startsWith("/") || req.url === "*" ? `http://localhost/${req.url.replace(/^\//, "")}` : req.url;
  if (!URL.canParse(target)) return errorResponse(400, "invalid_request", "The target of the request is not a path.");
  const { pathname, search } = new URL(target);
  return new Request(`http://localhost${pathname}${search}`, { method: req.method, headers, body, signal, duplex: "half" });
}

/** The body as a stream, which is read only as fast as the handler asks. */
function toStream(req, logged) {
  // The socket is not destroyed if the body is not read to its end: the response is sent through it.
  const chunks = req.iterator({ destroyOnReturn: false });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) return controller.close();
        logged.add(value);
        controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
        req.resume();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Sends a response; rejects if the connection is lost, or is to be dropped because the body fails. */
async function send(response, res, logged) {
  const { body, whole } = await read(response.body);
  logged.add(body);
  const headers = [...response.headers].flat();
  const bodiless = response.status === 204 || response.status === 304;
  // Without content-length the client sees a chunked body, which is incomplete when the connection ends.
  if (whole && !bodiless) headers.push("content-length", String(body.length));
  res.writeHead(response.status, headers);
  await new Promise((resolve, reject) => {
    res.on("close", () => reject(new Error("the client is gone")));
    if (whole) res.end(body, resolve);
    else {
      res.flushHeaders();
      res.write(body, () => reject(new Error("the connection is lost on purpose")));
    }
  });
}

/** Reads a body to its end, or until it fails; `whole` tells which. */
async function read(stream) {
  const chunks = [];
  let whole = true;
  try {
    for await (const chunk of stream ?? []) chunks.push(chunk);
  } catch {
    whole = false;
  }
  return { body: Buffer.concat(chunks), whole };
}
