import { Drain, entriesOf } from "./drain.js";
import { readEntry } from "./entry.js";
import { failure, text } from "./errors.js";
import { host } from "./host.js";
import { CLIENT, HANDLERS, LIMITS, STORE, VERSION, checkOptions } from "./options.js";
import { METHODS, prepare } from "./prepare.js";
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
  const onDropped = (options.onDropped ?? ((event, error) => warn("an event was dropped", event.idempotency_key, error))) as (event: QueuedEvent, error: never) => unknown;
  /** A handler of the caller's that fails changes nothing. */
  const tell = (error: unknown) => {
    void Promise.resolve(error).then(options.onError ?? warn).catch(() => {});
  };
  const drain = new Drain({ client, store, maxAgeMs, concurrency, onDropped, tell });

  const onShown = () => { if (host.document?.visibilityState === "visible") drain.run(true); };
  const onOnline = () => drain.run(true);
  // Workers' own `addEventListener` knows no such events.
  const page = typeof host.document === "object" || "WorkerNavigator" in host ? host : undefined;
  page?.addEventListener?.("online", onOnline);
  (host.document as typeof host | undefined)?.addEventListener?.("visibilitychange", onShown);
  drain.run();

  const open = () => {
    if (drain.isClosed) throw failure("This outbox is closed: make a new one.");
  };
  const size = async () => {
    let count = 0;
    for await (const { value } of entriesOf(store)) if (readEntry(value)?.kind === "event") count += 1;
    return count;
  };
  const close = async () => {
    page?.removeEventListener?.("online", onOnline);
    (host.document as typeof host | undefined)?.removeEventListener?.("visibilitychange", onShown);
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
        throw failure(`The event was not queued: the store did not take it (${text(error)}).`, { cause: error, idempotencyKey: idempotency_key });
      }
      if (id === undefined) {
        throw failure(`The event was not queued: ${maxItems} wait already, which is maxItems.`, { idempotencyKey: idempotency_key });
      }
      drain.run();
      return { queued: true, idempotency_key };
    },
    async flush({ signal } = {}) {
      open();
      const before = drain.sent;
      await drain.flush(signal);
      return { sent: drain.sent - before, left: await size() };
    },
    size,
    async *pending() {
      for await (const { value } of entriesOf(store)) {
        const entry = readEntry(value);
        if (entry?.kind === "event") yield { event: entry.event, queued_at: entry.queued_at };
      }
    },
    async *damaged() {
      for await (const { id, value } of entriesOf(store)) {
        const entry = readEntry(value);
        if (entry?.kind === "damaged") yield { id, value: entry.value };
      }
    },
    async forget(request) {
      open();
      const method = METHODS[version].forget as "forget";
      client.check(method, request as never);
      await drain.forget(JSON.parse(JSON.stringify(request)));
      return client[method](request as never);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
