// A service that stores each key once and whose failures a test decides; beside it the pages that a browser asks for.
import { text } from "node:stream/consumers";
import { listen } from "../support/services.mjs";

/**
 * Starts it. `fail(event, n)` may give a status, "before" or "after" for a connection that is cut before or after the event is stored, or a
 * promise of these; undefined stands for success. `pages` are contents by path, with their types.
 *
 *   stored    the events, in the order in which they were stored
 *   requests  how many came
 *   notes     what was posted to /note
 *   asked     the paths of all else that was asked for
 */
export async function startService(t, { pages = {} } = {}) {
  const it = { stored: [], requests: 0, forgets: [], notes: [], asked: [], fail: () => undefined, reset, report, wasAsked };
  let keys = new Map();
  let reports = new Map();
  const waiting = new Set();

  function reset() {
    Object.assign(it, { stored: [], requests: 0, forgets: [], notes: [], asked: [], fail: () => undefined });
    keys = new Map();
    reports = new Map();
  }

  // Chromium lets the timers of a hidden tab fire once a minute.
  const LIMIT_MS = 150_000;
  async function until(holds, what) {
    const since = Date.now();
    for (let value; ; await new Promise((resolve) => { waiting.add(resolve); setTimeout(resolve, 200); })) {
      if ((value = holds()) !== undefined) return value;
      if (Date.now() - since > LIMIT_MS) throw new t.Failure(`${what} did not come within ${LIMIT_MS / 1000} s`);
    }
  }
  const wake = () => { for (const resolve of waiting) resolve(); waiting.clear(); };

  /** What a page posted to /report/<name>. */
  async function report(name) {
    const { error, value } = await until(() => reports.get(name), `a report of ${name}`);
    if (error) throw new t.Failure(`the page ${name} said: ${error}`);
    return value;
  }
  function wasAsked(path) {
    return until(() => (it.asked.includes(path) ? true : undefined), path);
  }

  const server = await listen(async (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, "http://localhost");
    const send = (status, body, type = "application/json") => {
      // Not "no-store", which keeps pages out of the back/forward cache.
      outgoing.writeHead(status, { "content-type": type, "cache-control": "no-cache", "access-control-allow-origin": "*" });
      outgoing.end(body);
    };
    if (/^\/v\d\/(ingest|forget)$/.test(pathname)) {
      const event = JSON.parse(await text(incoming).catch(() => "null"));
      if (event === null) return;
      if (pathname.endsWith("forget")) {
        it.forgets.push(event);
        const covers = ({ user_id, event_time }) => user_id === event.user_id && !(Date.parse(event_time) > Date.parse(event.to_time));
        it.stored = it.stored.filter((one) => !covers(one));
        return send(200, JSON.stringify({ receipt_id: "r", deleted_counts: {} }));
      }
      it.requests += 1;
      const failure = await it.fail(event, it.requests);
      wake();
      if (failure === "before") return incoming.socket.destroy();
      if (typeof failure === "number") return send(failure, JSON.stringify({ error: { code: "made_up", message: "no" } }));
      const deduped = keys.has(event.idempotency_key);
      if (!deduped) {
        keys.set(event.idempotency_key, `e${keys.size}`);
        it.stored.push(event);
      }
      if (failure === "after") return incoming.socket.destroy();
      return send(200, JSON.stringify({ event_id: keys.get(event.idempotency_key), deduped }));
    }
    if (pathname.startsWith("/report/")) {
      reports.set(pathname.slice("/report/".length), JSON.parse(await text(incoming)));
      wake();
      return send(204);
    }
    if (pathname === "/note") {
      it.notes.push(await text(incoming));
      return send(204);
    }
    it.asked.push(pathname);
    wake();
    const page = pages[pathname];
    return page ? send(200, page.content, page.type) : send(404, "");
  });
  t.after(server.close);
  return Object.assign(it, { url: server.url });
}

/** What is wrong with what was stored, as sentences: each of `expected` (numbers in `metadata.n`) once, and in order within a conversation. */
export function faultsOf(stored, expected) {
  const found = stored.map(({ metadata }) => metadata.n);
  const faults = expected.filter((n) => !found.includes(n)).map((n) => `event ${n} is lost`);
  if (new Set(found).size < found.length) faults.push(`stored twice: ${found.filter((n, i) => found.indexOf(n) !== i)}`);
  const last = new Map();
  for (const { user_id, conversation_id, thread_id, metadata: { n } } of stored) {
    const lane = `${user_id} ${conversation_id ?? thread_id}`;
    if (n < last.get(lane)) faults.push(`event ${n} came after ${last.get(lane)}`);
    last.set(lane, n);
  }
  return faults;
}

/** Collects cases as rows of the table have them. */
export function cases(t) {
  const results = [];
  const add = async (name, work) => {
    const began = Date.now();
    const message = await Promise.resolve().then(work).then(() => undefined, (error) => (error instanceof t.Failure ? error.message : error.stack));
    results.push({ group: "outbox", name, outcome: message ? "failed" : "passed", message, ms: Date.now() - began });
  };
  const leaveOut = (name, reason) => results.push({ group: "outbox", name, outcome: "not-run", reason, ms: 0 });
  return { results, add, leaveOut };
}
