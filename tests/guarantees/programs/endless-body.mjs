// An answer that never ends, or grows without measure when it is unpacked: the call ends early and the memory stays small.
//   node endless-body.mjs <endless|bomb|error|chunk> [maxResponseBytes]
import { createServer } from "node:http";
import { once } from "node:events";
import { createGzip, gzipSync } from "node:zlib";
import { ClaivClient, ClaivResponseError } from "claiv-memory";

const [, , kind, limit] = process.argv;
const piece = Buffer.alloc(1 << 20, "a");
let requests = 0;
let written = 0;
let closed;
let closedAt;
const gone = new Promise((resolve) => { closed = resolve; });

/** As fast as the peer reads. */
function pour(outgoing) {
  const more = () => {
    while (!outgoing.destroyed) {
      written += piece.length;
      if (!outgoing.write(piece)) return outgoing.once("drain", more);
    }
  };
  more();
}

const KINDS = {
  endless: (outgoing) => { outgoing.writeHead(200, { "content-type": "application/json" }); outgoing.write('{"event_id":"'); pour(outgoing); },
  error: (outgoing) => { outgoing.writeHead(500, { "content-type": "text/html" }); pour(outgoing); },
  // Some ten megabytes on the wire, ten gigabytes unpacked.
  bomb(outgoing) {
    outgoing.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    const gzip = createGzip({ level: 9 });
    gzip.pipe(outgoing);
    outgoing.on("close", () => gzip.destroy());
    const zeros = Buffer.alloc(1 << 24);
    let left = 640;
    const more = () => {
      while (left-- > 0 && !gzip.destroyed) if (!gzip.write(zeros)) return gzip.once("drain", more);
      gzip.end();
    };
    more();
  },
  // All of it in one packed piece.
  chunk(outgoing) {
    const packed = gzipSync(Buffer.alloc(400 << 20));
    outgoing.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length });
    outgoing.end(packed);
  },
};

const server = createServer((incoming, outgoing) => {
  requests += 1;
  outgoing.on("close", () => { closedAt ??= performance.now(); closed(); });
  incoming.resume().on("end", () => KINDS[kind](outgoing));
}).listen(0, "127.0.0.1");
await once(server, "listening");

const client = new ClaivClient({
  apiKey: "k", baseUrl: `http://127.0.0.1:${server.address().port}`, timeout: 60_000, maxRetries: 2, maxRetryDelay: 1, ...(limit && { maxResponseBytes: Number(limit) }),
});
let most = 0;
const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss); }, 5);
const before = process.memoryUsage().rss;
const error = await client.ingest({ user_id: "u", type: "message", content: "c" }).then(() => undefined, (reason) => reason);
const endedAt = performance.now();
// The client must close the connection of an answer that it cancelled; otherwise the server waits for ever.
await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))]);
clearInterval(watch);
most = Math.max(most, process.memoryUsage().rss);
console.log(JSON.stringify({
  ended: error === undefined ? "fulfilled" : error instanceof ClaivResponseError ? "ClaivResponseError" : String(error?.stack ?? error).slice(0, 500),
  message: error?.message, status: error?.status, attempts: error?.attempts?.length, mayHaveBeenApplied: error?.mayHaveBeenApplied, excerpt: error?.excerpt?.length, key: typeof error?.idempotencyKey,
  requests, written, closed: closedAt !== undefined, closedAfter: closedAt - endedAt, grown: most - before,
}));
process.exit();
