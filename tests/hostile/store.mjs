// A service that really stores events, dedupes them by idempotency key, and fails at random in every way that scenarios.mjs knows.
import * as hostile from "./scenarios.mjs";
import { randomOf } from "./random.mjs";
import { startHostile } from "./server.mjs";
import { json, response } from "./wire.mjs";

/** The share of attempts that fail, and of those the share that fails after the event was stored. */
const BROKEN = 0.3;
const STORED_FIRST = 1 / 3;

const { respondsWith } = hostile;

// By their effect on the caller. After a refusal nothing was stored.
const FAULTS = [
  { share: 0.12, refuses: false, scenarios: {
    neverAnswers: hostile.neverAnswers, stallsInHead: hostile.stallsInHead, stallsAfterHead: hostile.stallsAfterHead, drips: hostile.drips(20),
    dripsHead: hostile.dripsHead(20), announcesTooMuch: hostile.announcesTooMuch, chunksWithoutEnd: hostile.chunksWithoutEnd,
    stallsAfterErrorHead: hostile.stallsAfterErrorHead,
  } },
  { share: 0.38, refuses: false, scenarios: {
    resetsAfter0: hostile.resetsAfter(0), resetsAfter1: hostile.resetsAfter(1), resetsAfter11: hostile.resetsAfter(11),
    resetsAfter30: hostile.resetsAfter(30), resetsAfter75: hostile.resetsAfter(75), resetsAfter80: hostile.resetsAfter(80),
    closes: hostile.closes, cutsAnnounced: hostile.cutsAnnounced, cutsChunked: hostile.cutsChunked, cutsUnannounced: hostile.cutsUnannounced,
    falseGzip: hostile.falseGzip(200), garbage: hostile.garbage, longHead: hostile.longHead, announcesTooLittle: hostile.announcesTooLittle,
  } },
  { share: 0.25, refuses: false, scenarios: {
    html500: respondsWith(response(500, "<html>oops</html>")), truncated502: respondsWith(response(502, '{"error": {"co')), waits503: respondsWith(json(503, {}, { "retry-after-ms": 5 })),
    empty504: respondsWith(response(504, "")), cuts500: hostile.cutsError(500), gzip500: hostile.falseGzip(500),
    told500: respondsWith(json(500, { error: { code: "internal" } }, { "x-should-retry": "false" })),
  } },
  { share: 0.17, refuses: true, scenarios: {
    waits429: respondsWith(json(429, {}, { "retry-after-ms": 3 })), body429: respondsWith(json(429, { error: { code: "quota_exceeded", details: { retry_after: 0.004 } } })),
    html429: respondsWith(response(429, "<html>slow down</html>")), absurd429: respondsWith(json(429, {}, { "retry-after": "99999999" })),
    bad400: respondsWith(json(400, { error: { code: "invalid_request" } })), cuts403: hostile.cutsError(403), html413: respondsWith(response(413, "<html>")),
  } },
  { share: 0.08, refuses: false, scenarios: {
    html200: respondsWith(response(200, "<html>")), empty200: respondsWith(response(200, "")), null200: respondsWith(response(200, "null")),
    redirect307: hostile.redirects(307, "http://127.0.0.1:1/"),
  } },
];

/**
 * Starts the service. What it does to attempt `a` of event `n` (both counted from 1) hangs on the seed, `n` and `a` alone, in
 * whatever order requests come.
 *
 *   rows       the events stored: {n, id, key}
 *   attempts   for each n: {keys, count}, the keys it came with and how often
 *   faults     how often each fault was met
 *   settled()  waits until what is stored late has been stored
 */
export async function startStore(seed) {
  const server = await startHostile();
  const store = { server, rows: [], attempts: new Map(), faults: {}, settled };
  const byKey = new Map();
  let late = 0;

  server.scenario = (exchange) => {
    const event = JSON.parse(exchange.request.body);
    const { n } = event.metadata;
    const seen = store.attempts.get(n) ?? { keys: new Set(), count: 0 };
    store.attempts.set(n, seen);
    seen.keys.add(event.idempotency_key);
    seen.count += 1;

    const random = randomOf(seed, n, seen.count);
    const answer = () => exchange.write(json(200, keep(n, event)));
    if (random() >= BROKEN) return answer();
    const [name, scenario, refuses] = chooseFault(random);
    store.faults[name] = (store.faults[name] ?? 0) + 1;
    if (!refuses && random() < STORED_FIRST) {
      // At once, or long after the caller has given up.
      if (random() < 0.8) keep(n, event);
      else keepLate(n, event, random() * 2500);
    }
    scenario(exchange);
  };

  function keep(n, { user_id, idempotency_key }) {
    const key = idempotency_key === undefined ? Symbol("none") : `${user_id} ${idempotency_key}`;
    const known = byKey.get(key);
    if (known) return { event_id: known.id, deduped: true };
    const row = { n, id: `evt_${store.rows.length + 1}`, key };
    store.rows.push(row);
    byKey.set(key, row);
    return { event_id: row.id, deduped: false };
  }

  function keepLate(n, event, ms) {
    late += 1;
    setTimeout(() => {
      keep(n, event);
      late -= 1;
    }, ms);
  }

  async function settled() {
    while (late > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  return store;
}

function chooseFault(random) {
  let roll = random();
  const group = FAULTS.find(({ share }) => (roll -= share) < 0) ?? FAULTS[0];
  const entries = Object.entries(group.scenarios);
  return [...entries[Math.floor(random() * entries.length)], group.refuses];
}
