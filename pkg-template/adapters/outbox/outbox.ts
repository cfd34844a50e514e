import { createDrain } from "./drain.js";
import { entriesOf, readEntry } from "./entry.js";
import type { Entry } from "./entry.js";
import { failure } from "./errors.js";
import { host } from "./host.js";
import { CLIENT, HANDLERS, LIMITS, STORE, VERSION, checkOptions } from "./options.js";
import { forget, prepare } from "./prepare.js";
import type { Outbox, OutboxOptions, OutboxVersion, QueuedEvent } from "./types.js";

const MAX_ITEMS = 10_000;
const CONCURRENCY = 4;

/**
 * Makes an outbox: it keeps events in a store until the service has them, in order for each user and conversation, and each stored
 * once, as long as the service remembers its idempotency key.
 *
 * It sends what is in the store at once, and again after failures, when the page comes online and when it is shown. Outboxes of several
 * tabs or processes with the same store send one at a time.
 *
 * @throws ClaivValidationError naming every option that is not usable
 * @example
 * const outbox = createOutbox({ client: claiv, store: indexedDBStore(), version: "v6" });
 * await outbox.ingest({ user_id: "user-123", conversation_id: "chat-1", type: "message", content: "I moved to Lisbon" });
 */
export function createOutbox<V extends OutboxVersion>(options: OutboxOptions<V>): Outbox<V> {
  checkOptions("The outbox was not made", options, { ...CLIENT, ...STORE, ...VERSION, ...LIMITS, ...HANDLERS });
  const { client, store, version, maxItems = MAX_ITEMS, maxAgeMs = Infinity, concurrency = CONCURRENCY } = options;
  const warn = (...what: unknown[]) => host.console.warn("claiv-memory/outbox:", ...what);
  const onDropped = (options.onDropped ?? ((event, error) => warn("dropped", event.idempotency_key, error))) as (event: QueuedEvent, error: never) => unknown;
  /** A handler of the caller's that fails changes nothing. */
  const tell = (error: unknown) => {
    void Promise.resolve(error).then(options.onError ?? warn).catch(() => {});
  };
  const drain = createDrain({ client, store, maxAgeMs, concurrency, onDropped, tell });

  const { document } = host;
  // A page that is being hidden may be stopped at any moment: that is no time to begin.
  const retry = () => { if (!document?.hidden) drain.run(true); };
  /** Where pages and their workers tell that it may be time to try again. */
  const listen = (method: "addEventListener" | "removeEventListener") => {
    if (document || "WorkerNavigator" in host) {
      host[method]?.("online", retry);
      // Browsers free the lock of a page in the back/forward cache, without a word.
      host[method]?.("pagehide", drain.leave);
    }
    document?.[method]?.("visibilitychange", retry);
  };
  listen("addEventListener");
  drain.run();

  const open = () => {
    if (drain.isClosed()) throw failure("The outbox was closed: make a new one.");
  };
  /** The entries of a kind that are in the store. */
  async function* each<K extends Entry["kind"]>(kind: K) {
    for await (const { id, value } of entriesOf(store)) {
      const entry = readEntry(value);
      if (entry?.kind === kind) yield { ...(entry as Extract<Entry, { kind: K }>), id };
    }
  }
  const size = async () => {
    let count = 0;
    // eslint-disable-next-line no-unused-vars
    for await (const _ of each("event")) count += 1;
    return count;
  };
  const close = async () => {
    listen("removeEventListener");
    await drain.close();
    await store.close?.();
  };

  return {
    async ingest(given) {
      open();
      const entry = prepare(client, version, given, Date.now());
      const { idempotency_key } = entry.event;
      let id;
      try {
        id = await store.add(entry, maxItems);
      } catch (error) {
        throw failure(`The event was not queued: the store did not take it (${error}).`, { cause: error, idempotencyKey: idempotency_key });
      }
      if (id === undefined) {
        throw failure(`The event was not queued: ${maxItems} wait already (maxItems).`, { idempotencyKey: idempotency_key });
      }
      drain.run();
      return { queued: true, idempotency_key };
    },
    async flush({ signal } = {}) {
      open();
      const before = drain.sent();
      await drain.flush(signal);
      return { sent: drain.sent() - before, left: await size() };
    },
    size,
    async *pending() {
      for await (const { event, queued_at } of each("event")) yield { event, queued_at };
    },
    async *damaged() {
      for await (const { id, value } of each("damaged")) yield { id, value };
    },
    async forget(request) {
      open();
      return forget(client, version, request, drain.forget);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
