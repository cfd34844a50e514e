// A handler of the Fetch standard as a listener of node:http.

/** Fields that belong to one connection (RFC 9110 §7.6.1); node:http writes its own. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Makes a listener for `http.createServer` out of a handler.
 *
 * A handler that rejects has lost the connection on purpose: its socket is destroyed.
 *
 * @param {(request: Request) => Promise<Response>} handle
 * @param {(done: { method: string, url: string, status: number | null, ms: number, requestId: string }) => void} [onDone]
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
    try {
      const response = await handle(toRequest(req, abort.signal));
      requestId = response.headers.get("x-request-id") ?? "-";
      await send(response, res);
      status = response.status;
    } catch {
      res.destroy();
    }
    onDone({ method: req.method, url: req.url, status, ms: Math.round(performance.now() - began), requestId });
  };
}

function toRequest(req, signal) {
  const headers = new Headers();
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    const name = req.rawHeaders[i].toLowerCase();
    if (!HOP_BY_HOP.has(name)) headers.append(name, req.rawHeaders[i + 1]);
  }
  const announced = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  const body = announced && req.method !== "GET" && req.method !== "HEAD" ? toStream(req) : null;
  // Only the path and the query matter; a target in absolute form (RFC 9112 §3.2.2) has them as well.
  const { pathname, search } = new URL(req.url, "http://localhost");
  return new Request(`http://localhost${pathname}${search}`, { method: req.method, headers, body, signal, duplex: "half" });
}

function toStream(req) {
  // The socket must outlive a body that is not read to its end: the answer still goes through it.
  const chunks = req.iterator({ destroyOnReturn: false });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
        req.resume();
      },
    },
    { highWaterMark: 0 },
  );
}

async function send(response, res) {
  const { body, whole } = await read(response.body);
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
