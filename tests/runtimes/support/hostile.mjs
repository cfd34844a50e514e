// A server that behaves badly: the first part of the path says how, the second names the case it is for, and
// /seen/<case> tells what came in for that case.
import { text } from "node:stream/consumers";

const CORS = { "access-control-allow-origin": "*", "access-control-expose-headers": "retry-after, retry-after-ms, x-request-id" };
const JSON_TYPE = { "content-type": "application/json", "x-request-id": "req-hostile" };

function send(outgoing, status, body, headers = {}) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  outgoing.writeHead(status, { ...CORS, ...JSON_TYPE, "content-length": Buffer.byteLength(payload), ...headers });
  outgoing.end(payload);
}

const failure = (status) => ({ error: { code: `code_${status}`, message: `Status ${status}.`, request_id: "req-hostile", details: { n: status } } });

/** What the service would answer. */
async function right({ emulator, method, path, headers, body }, outgoing) {
  const { authorization, "content-type": type } = headers;
  const response = await emulator.fetch(`http://localhost${path}`, { method, headers: { authorization, ...(type && { "content-type": type }) }, body: body || undefined });
  send(outgoing, response.status, await response.text());
}

/** Half an answer of which more was announced. */
function half(outgoing, then) {
  outgoing.writeHead(200, { ...CORS, ...JSON_TYPE, "content-length": 5000 });
  outgoing.write('{"memory_blocks":[', then);
}

/** Only the first request meets `bad`. */
const once = (bad) => (exchange, outgoing) => (exchange.number === 1 ? bad(exchange, outgoing) : right(exchange, outgoing));

/** The first request takes effect, and then `bad` happens to its answer. */
const applied = (bad) => async (exchange, outgoing) => {
  const { emulator, number, method, path, headers, body } = exchange;
  if (number > 1) return right(exchange, outgoing);
  await emulator.fetch(`http://localhost${path}`, { method, headers: { authorization: headers.authorization, "content-type": "application/json" }, body });
  bad(outgoing);
};

const SCENARIOS = {
  hang() {},
  stall: (_, outgoing) => half(outgoing),
  cut: (_, outgoing) => half(outgoing, () => setTimeout(() => outgoing.destroy(), 20)),
  html: (_, outgoing) => send(outgoing, 200, "<html><body>Sign in</body></html>", { "content-type": "text/html" }),
  proxy: (_, outgoing) => send(outgoing, 502, "<html>Bad gateway</html>", { "content-type": "text/html" }),
  busy: (_, outgoing) => send(outgoing, 503, failure(503), { "retry-after-ms": "5" }),
  drop: (_, outgoing) => outgoing.destroy(),
  "long-wait": (_, outgoing) => send(outgoing, 503, failure(503), { "retry-after": "20" }),
  "once-503": once((_, outgoing) => send(outgoing, 503, failure(503), { "retry-after-ms": "20" })),
  "once-429": once((_, outgoing) => send(outgoing, 429, failure(429), { "retry-after": "1" })),
  "once-drop": once((_, outgoing) => outgoing.destroy()),
  "applied-then-drop": applied((outgoing) => outgoing.destroy()),
  // Some hosts repeat a request by themselves if its connection closes before a first byte came.
  "applied-then-cut": applied((outgoing) => half(outgoing, () => setTimeout(() => outgoing.destroy(), 20))),
  echo({ body }, outgoing) {
    const { content, idempotency_key: key } = JSON.parse(body);
    send(outgoing, 200, { event_id: key, deduped: false, content, key });
  },
  "echo-key": ({ headers }, outgoing) =>
    send(outgoing, 400, { error: { code: "invalid_request", message: `What is ${headers.authorization}?`, request_id: "r", details: [headers.authorization] } }),
  redirect({ id }, outgoing) {
    send(outgoing, 302, "", { location: `/followed/${id}/v1/recall` });
  },
  followed({ seen }, outgoing) {
    seen.followed++;
    send(outgoing, 200, {});
  },
  "no-cors"(_, outgoing) {
    send(outgoing, 200, {}, { "access-control-allow-origin": "https://example.com" });
  },
};

export function hostile(emulator) {
  const cases = new Map();
  const of = (id) => {
    if (!cases.has(id)) cases.set(id, { requests: 0, gone: 0, followed: 0, keys: [], preflights: 0, asked: [], cookies: 0 });
    return cases.get(id);
  };
  return async (incoming, outgoing) => {
    const [, scenario, id, ...rest] = incoming.url.split("/");
    const seen = of(id);
    try {
      if (scenario === "seen") return send(outgoing, 200, seen);
      if (incoming.method === "OPTIONS") return preflight(incoming, outgoing, seen, scenario);
      const number = ++seen.requests;
      outgoing.on("close", () => { if (!outgoing.writableFinished) seen.gone++; });
      if (incoming.headers.cookie) seen.cookies++;
      const body = await text(incoming);
      const key = /"idempotency_key":"([^"]*)"/.exec(body.slice(-200))?.[1];
      if (key) seen.keys.push(key);
      const status = /^status-(\d+)$/.exec(scenario)?.[1];
      if (status) return send(outgoing, Number(status), failure(Number(status)));
      const { method, headers } = incoming;
      await SCENARIOS[scenario]({ emulator, id, seen, number, method, path: `/${rest.join("/")}`, headers, body }, outgoing);
    } catch {
      // The client went away, or asked for what there is not.
      outgoing.destroy();
    }
  };
}

/** Allows what the client is meant to need, and nothing else. */
function preflight(incoming, outgoing, seen, scenario) {
  seen.preflights++;
  seen.asked.push(...(incoming.headers["access-control-request-headers"] ?? "").split(",").map((name) => name.trim()).filter(Boolean));
  outgoing.writeHead(204, {
    ...CORS,
    ...(scenario === "no-cors" && { "access-control-allow-origin": "https://example.com" }),
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type, accept",
  });
  outgoing.end();
}
