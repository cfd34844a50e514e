// From what the caller gives to what is stored: checked by the client, and with a key and a time that stay.
import type { ForgetResponse } from "claiv-memory";
import type { EventEntry, ForgetScope } from "./entry.js";
import { randomName } from "./host.js";
import type { OutboxClient, OutboxVersion, QueuedEvent } from "./types.js";

/** The name of the client's method of a version, such as `ingestV6`: with the version in it, it is the same method in both entries of the client. */
export const methodOf = <M extends "ingest" | "forget">(method: M, version: OutboxVersion): `${M}V1` => `${method}${version.toUpperCase()}` as `${M}V1`;

/** Checks what the caller gives and copies it as JSON carries it, so that what the caller changes afterwards changes nothing. */
function checkedCopy<T>(client: OutboxClient, method: "ingestV1" | "forgetV1", given: unknown): T {
  client.check(method, given as never);
  return JSON.parse(JSON.stringify(given)) as T;
}

/** The entry of an event: checked, and with a key and a time of its own. */
export function prepare(client: OutboxClient, version: OutboxVersion, given: unknown, now: number): EventEntry {
  const method = methodOf("ingest", version);
  const fixed = checkedCopy<Partial<QueuedEvent>>(client, method, given);
  const event = { ...fixed, event_time: fixed.event_time ?? new Date(now).toISOString(), idempotency_key: fixed.idempotency_key ?? randomName() } as QueuedEvent;
  // Checked again: by a toJSON() the copy, which is what will be sent, may be something else than what was given.
  client.check(method, event as never);
  return { outbox: 1, kind: "event", version, queued_at: now, event };
}

/**
 * Deletes at the service, once `before` has resolved. Both get one copy of the request, which was checked: events are taken out and memory is deleted
 * by the same limits.
 */
export async function forget(client: OutboxClient, version: OutboxVersion, given: unknown, before: (request: ForgetScope) => Promise<void>): Promise<ForgetResponse> {
  const method = methodOf("forget", version);
  const request = checkedCopy<ForgetScope>(client, method, given);
  // Checked again, as in `prepare`.
  client.check(method, request as never);
  await before(request);
  return client[method](request as never);
}

/** Sends an event by the method of its version. */
export const send = (client: OutboxClient, { version, event }: EventEntry, options?: object): Promise<unknown> =>
  client[methodOf("ingest", version)](event as never, options);
