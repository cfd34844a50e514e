// The storm's service: stores each key once, fails at random, is away from time to time, and answers pages of every origin.
import { once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { randomOf } from "../../hostile/random.mjs";

/** From time to time the service is away altogether, for so long. */
const AWAY_MS = 1500;
const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "*" };

/**
 * Starts it. What it does to a request depends on the seed and the request's number. `onStored` is told how many events are stored; as long as
 * `isDown` gives true, every request is cut off.
 *
 *   hold()     answers nobody any more: the sender is about to be killed. Of the requests that come, the first is stored
 *   release()  cuts those requests off and goes on
 */
export async function startService(seed, { onStored, isDown }) {
  const stored = [];
  const keys = new Set();
  const counts = { requests: 0, deduped: 0, away: 0, "answered 503": 0, "answered 429": 0, "cut before": 0, "cut after": 0, held: 0 };
  let awayUntil = 0;
  let isHolding = false;
  const held = new Set();

  /** Whether it was stored before. */
  const store = (event) => {
    const deduped = keys.has(event.idempotency_key);
    if (deduped) counts.deduped += 1;
    else {
      keys.add(event.idempotency_key);
      stored.push(event);
      onStored(stored.length);
    }
    return deduped;
  };

  const server = createServer(async (incoming, outgoing) => {
    if (incoming.method === "OPTIONS") {
      const allowed = incoming.headers["access-control-request-headers"] ?? "*";
      return outgoing.writeHead(204, { ...CORS, "access-control-allow-headers": allowed, "access-control-max-age": "600" }).end();
    }
    const event = await json(incoming).catch(() => undefined);
    if (!event) return;
    const random = randomOf(seed, ++counts.requests);
    const refuse = (status) => {
      counts[`answered ${status}`] += 1;
      outgoing.writeHead(status, { ...CORS, "content-type": "application/json", "retry-after-ms": "5" }).end('{"error":{"code":"made_up","message":"no"}}');
    };
    const cut = (when) => { counts[when] += 1; incoming.socket.destroy(); };
    if (random() < 1 / 3000) awayUntil = Date.now() + AWAY_MS;
    if (Date.now() < awayUntil || isDown()) return cut("away");
    if (isHolding) {
      counts.held += 1;
      if (held.size === 0) store(event);
      return held.add(incoming.socket);
    }
    const roll = random();
    if (roll < 0.08) return refuse(503);
    if (roll < 0.1) return refuse(429);
    if (roll < 0.13) return cut("cut before");
    const deduped = store(event);
    if (roll < 0.16) return cut("cut after");
    outgoing.writeHead(200, { ...CORS, "content-type": "application/json" }).end(JSON.stringify({ event_id: event.idempotency_key, deduped }));
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    stored, counts,
    url: `http://127.0.0.1:${server.address().port}`,
    hold() { isHolding = true; },
    release() {
      isHolding = false;
      for (const socket of held) socket.destroy();
      held.clear();
    },
    close() { server.close(); server.closeAllConnections(); },
  };
}
