// A handler of the Fetch standard as a listener of node:http.

/** Fields that belong to one connection (RFC 9110 §7.6.1); node:http writes its own. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);
/** Methods that no Request can have. */
const IMPOSSIBLE = ["CONNECT", "TRACE", "TRACK"];
/** So much of the bodies is kept to say what a request did. */
const KEPT_BYTES = 64 * 1024;

/**
 * How a request ended.
 *
 * @typedef {object} Done
 * @property {string} method
 * @property {string} url
 * @property {number | null} status null if the connection was lost
 * @property {number} ms
 * @property {string} requestId
 * @property {string} [key] the API key it was sent with
 * @property {Buffer} [asked] its body, if it is not long
 * @property {Buffer} [answered] the body of the answer, if it is not long
 */

/**
 * Makes a listener for `http.createServer` out of a handler.
 *
 * A handler that rejects has lost the connection on purpose: its socket is destroyed.
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
    const asked = new Kept();
    const answered = new Kept();
    try {
      const request = toRequest(req, abort.signal, asked);
      const response = request instanceof Response ? request : await handle(request);
      requestId = response.headers.get("x-request-id") ?? "-";
      await send(response, res, answered);
      status = response.status;
    } catch {
      res.destroy();
    }
    const key = req.headers.authorization?.replace(/^\S+\s+/, "");
    const ms = Math.round(performance.now() - began);
    onDone({ method: req.method, url: req.url, status, ms, requestId, key, asked: asked.bytes, answered: answered.bytes });
  };
}

/** A body as it comes, unless it is long. */
class Kept {
  #chunks = [];
  #length = 0;

  add(chunk) {
    this.#length += chunk.length;
    if (this.#length <= KEPT_BYTES) this.#chunks.push(chunk);
  }

  get bytes() {
    return this.#length > 0 && this.#length <= KEPT_BYTES ? Buffer.concat(this.#chunks) : undefined;
  }
}

/** A refusal of what cannot be handed on. */
function refuse(status, code, message) {
  return Response.json({ error: { code, message, request_id: "" } }, { status });
}

/** The request, or the answer to one that cannot be made. */
function toRequest(req, signal, asked) {
  if (IMPOSSIBLE.includes(req.method)) return refuse(405, "method_not_allowed", `${req.method} is not allowed here.`);
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase();
    if (!HOP_BY_HOP.has(name)) headers.append(name, req.rawHeaders[i + 1]);
  }
  const announced = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  const body = announced && req.method !== "GET" && req.method !== "HEAD" ? toStream(req, asked) : null;
  // Only the path and the query matter; a target in absolute form (RFC 9112 §3.2.2) has them as well.
  const target = req.url.startsWith("/") || req.url === "*" ? `http://localhost/${req.url.replace(/^\//, "")}` : req.url;
  if (!URL.canParse(target)) return refuse(400, "invalid_request", "The target of the request is no path.");
  const { pathname, search } = new URL(target);
  return new Request(`http://localhost${pathname}${search}`, { method: req.method, headers, body, signal, duplex: "half" });
}

function toStream(req, asked) {
  // The socket must outlive a body that is not read to its end: the answer still goes through it.
  const chunks = req.iterator({ destroyOnReturn: false });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) return controller.close();
        asked.add(value);
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

async function send(response, res, answered) {
  const { body, whole } = await read(response.body);
  answered.add(body);
  const headers = [...response.headers].flat();
  const bodiless = response.status === 204 || response.status === 304;
  // A body that breaks off has no length that could be told.
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

/** All of a body, or as much of it as came before it broke off. */
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
