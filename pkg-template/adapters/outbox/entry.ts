// What an outbox keeps in its store, and how it is read again. Whatever reads otherwise is damaged.
import type { OutboxStore, OutboxVersion, QueuedEvent, StoreEntry } from "./types.js";

/** How many entries are read at once. */
const PAGE = 200;

/** The event, and what else is needed to send it. */
export interface EventEntry {
  readonly outbox: 1;
  readonly kind: "event";
  readonly version: OutboxVersion;
  /** Milliseconds since 1970. */
  readonly queued_at: number;
  readonly event: QueuedEvent;
}

/** Asks of whoever sends, which may be another tab. It is removed when the work is done. */
export type Ask =
  /** To take out what `request` covers, of all that stands before it. */
  | { readonly outbox: 1; readonly kind: "forget"; readonly request: ForgetScope }
  /** To try everything now. */
  | { readonly outbox: 1; readonly kind: "flush" };

/** Nothing is sent before `until` (milliseconds since 1970): the service asked for it. */
export interface Pause {
  readonly outbox: 1;
  readonly kind: "pause";
  readonly until: number;
}

/** A value that was none of these, set aside. */
export interface DamagedEntry {
  readonly outbox: 1;
  readonly kind: "damaged";
  readonly found_at: number;
  readonly value: unknown;
}

export type Entry = EventEntry | Ask | Pause | DamagedEntry;

/** The fields of a forget request. */
export interface ForgetScope {
  readonly [field: string]: unknown;
  readonly user_id: string;
}

type Fields = { readonly [name: string]: unknown };

export const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null;
const isText = (value: unknown): boolean => typeof value === "string" && value !== "";

/** What was stored; undefined for what is damaged. */
export function readEntry(value: unknown): Entry | undefined {
  if ((value as Fields | null | undefined)?.outbox !== 1) return undefined;
  const { kind, version, queued_at, event, request, until } = value as Fields;
  const isWhole =
    kind === "event"
      ? (version === "v1" || version === "v6") && Number.isFinite(queued_at) && isRecord(event) && isText(event.user_id) && isText(event.idempotency_key)
      : kind === "forget"
        ? isRecord(request) && isText(request.user_id)
        : kind === "pause"
          ? Number.isFinite(until)
          : kind === "flush" || kind === "damaged";
  return isWhole ? (value as unknown as Entry) : undefined;
}

/** The conversation of an event or of a forget request. */
export const conversationOf = (fields: { readonly [name: string]: unknown }): unknown => fields.conversation_id ?? fields.thread_id;

/** What names the events that follow each other: the user and the conversation. Those of no conversation are one, too. */
export const laneOf = (event: QueuedEvent): string => JSON.stringify([event.user_id, conversationOf(event as never)]);

/** All entries above `after`, page by page. */
export async function* entriesOf(store: OutboxStore, after = 0): AsyncGenerator<StoreEntry> {
  for (let last = after; ;) {
    const page = await store.list(last, PAGE);
    yield* page;
    if (page.length < PAGE) return;
    last = (page.at(-1) as StoreEntry).id;
  }
}
