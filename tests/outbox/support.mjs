// A service that a test has in its hands, and outboxes that send to it.
import { ClaivClient } from "claiv-memory";
import { createOutbox, memoryStore } from "claiv-memory/outbox";
import { KEY } from "../support/client.mjs";

/**
 * A service that stores each key once. `answer(event, n)` may give a Response, throw, or wait; undefined stands for success.
 *
 *   sent     the bodies of all requests to ingest, in order
 *   stored   the events as they were stored, in order
 *   forgets  the bodies of all requests to forget
 */
export function service(answer = () => undefined) {
  const it = { sent: [], stored: [], forgets: [], answer, fetch };
  const keys = new Map();
  async function fetch(url, { body, signal }) {
    const given = JSON.parse(body);
    if (url.endsWith("/forget")) {
      it.forgets.push(given);
      it.stored = it.stored.filter(({ user_id }) => user_id !== given.user_id);
      return Response.json({ receipt_id: "r", deleted_counts: {} });
    }
    it.sent.push(given);
    const response = await it.answer(given, it.sent.length);
    signal?.throwIfAborted();
    if (response instanceof Response && !response.ok) return response;
    const deduped = keys.has(given.idempotency_key);
    if (!deduped) {
      keys.set(given.idempotency_key, `e${keys.size}`);
      it.stored.push(given);
    }
    return response ?? Response.json({ event_id: keys.get(given.idempotency_key), deduped });
  }
  return it;
}

export const refusal = (status, headers = {}) => Response.json({ error: { code: "some_code", message: "no" } }, { status, headers });

/** An outbox of the service, closed when the test is over. */
export function open(t, { fetch }, options = {}) {
  const client = new ClaivClient({ apiKey: KEY, fetch, maxRetries: 0 });
  const outbox = createOutbox({ client, store: memoryStore(), version: "v1", onError: () => {}, ...options });
  t.after(() => outbox.close());
  return outbox;
}

export const message = (content, thread_id = "t", user_id = "u") => ({ user_id, thread_id, type: "message", content });

export const contents = (events) => events.map(({ content }) => content);

export const collect = async (iterable) => {
  const found = [];
  for await (const one of iterable) found.push(one);
  return found;
};

/** A promise and what settles it. */
export function deferred() {
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  return { promise, resolve };
}

/** Waits until `holds` gives something true; the test's own time-out ends it otherwise. */
export async function until(holds) {
  for (;;) {
    const value = await holds();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
