// From what the caller gives to what is stored: checked by the client, and with a key and a time that stay.
import type { EventEntry } from "./entry.js";
import { invalid, text } from "./errors.js";
import { randomName } from "./host.js";
import type { OutboxClient, OutboxVersion, QueuedEvent } from "./types.js";

/** The client's methods of a version. */
export const METHODS = {
  v1: { ingest: "ingest", forget: "forget" },
  v6: { ingest: "ingestV6", forget: "forgetV6" },
} as const;

/** Checks an event and fixes it as JSON carries it, so that what the caller changes afterwards changes nothing. */
export function prepare(client: OutboxClient, version: OutboxVersion, given: unknown, now: number): EventEntry {
  const method = METHODS[version].ingest;
  client.check(method as "ingest", given as never);
  let event: QueuedEvent;
  try {
    event = JSON.parse(JSON.stringify(given)) as QueuedEvent;
  } catch (error) {
    // With a client that does not check.
    throw invalid("The event was not queued", [{ path: "request", message: `cannot be written as JSON (${text(error)})` }]);
  }
  event = { ...event, event_time: event.event_time ?? new Date(now).toISOString(), idempotency_key: event.idempotency_key || randomName() } as QueuedEvent;
  // What a toJSON gave is checked as well: it is what will be sent.
  client.check(method as "ingest", event as never);
  return { outbox: 1, kind: "event", version, queued_at: now, event };
}

/** Sends an event by the method of its version. */
export const send = (client: OutboxClient, { version, event }: EventEntry, options?: object): Promise<unknown> =>
  client[METHODS[version].ingest](event as never, options);
