// What the outbox takes and gives.
import type {
  ClaivClient, ClaivError, ForgetRequest, ForgetResponse, IngestRequest, V6ForgetRequest, V6IngestRequest,
} from "claiv-memory";
import type { Signal } from "./host.js";

/** Which ingest an outbox stands for: `"v1"` for `ingest`, `"v6"` for `ingestV6`. */
export type OutboxVersion = "v1" | "v6";

/** An event that an outbox of version `V` takes. */
export type OutboxEvent<V extends OutboxVersion = OutboxVersion> = V extends "v6" ? V6IngestRequest : IngestRequest;

/** An event as it waits: its key and its time are fixed. */
export type QueuedEvent<V extends OutboxVersion = OutboxVersion> = OutboxEvent<V> & {
  readonly idempotency_key: string;
  readonly event_time: string | number;
};

/** What an outbox of version `V` forgets by. */
export type OutboxForgetRequest<V extends OutboxVersion = OutboxVersion> = V extends "v6" ? V6ForgetRequest : ForgetRequest;

/** What the outbox calls of a client. A `ClaivClient` has it. */
export type OutboxClient = Pick<ClaivClient, "check" | "ingestV1" | "ingestV6" | "forgetV1" | "forgetV6">;

/** An entry of a store: its number, and the value that was added under it. */
export interface StoreEntry {
  readonly id: number;
  readonly value: unknown;
}

/**
 * Where an outbox keeps what waits: four functions. Values are plain objects that JSON can carry. `storeContract` tests a store of
 * your own.
 */
export interface OutboxStore {
  /**
   * Adds a value behind all others and gives its number, which is higher than any given before. Resolves once the value outlives
   * a crash. Where `most` or more entries are in the store, adds nothing and gives undefined. Rejects where there is no room.
   */
  add(value: unknown, most: number): Promise<number | undefined>;
  /** The entries with a number above `after`, by rising numbers; at most `limit` of them. */
  list(after: number, limit: number): Promise<readonly StoreEntry[]>;
  /** Removes the entries with these numbers. One that is not there is no error. */
  remove(ids: readonly number[]): Promise<void>;
  /**
   * Runs `work` while nobody else runs theirs with the same store, in this process or another; waits until that is so. `lost` fires
   * where somebody else may have taken the place. Rejects once `signal` fires while it waits, and with what `work` rejects with.
   */
  lock<T>(work: (lost: Signal) => Promise<T>, signal: Signal): Promise<T>;
  /** Lets go of what the store holds open; called when the outbox is closed. Only for stores that hold something. */
  close?(): Promise<void>;
}

/** The options of `createOutbox`. */
export interface OutboxOptions<V extends OutboxVersion = OutboxVersion> {
  /** Checks and sends the events, with its own retries and limits. Its key stays with it. */
  client: OutboxClient;
  /** Where events wait: `indexedDBStore()`, `denoKvStore(kv)`, `fileStore(path)`, `durableObjectStore(storage)`, `memoryStore()`, or your own. */
  store: OutboxStore;
  /** `"v1"` takes what `ingest` takes, `"v6"` what `ingestV6` takes. */
  version: V;
  /** The most events that wait at once: a whole number, 1 or more. Beyond it `ingest` rejects. Default: 10,000. */
  maxItems?: number | undefined;
  /**
   * How long an event may wait, in milliseconds, above 0; an older one goes to `onDropped` and is not sent. Set it below the time
   * for which the service remembers idempotency keys, which is not documented. Default: no limit.
   */
  maxAgeMs?: number | undefined;
  /** How many conversations are sent at once: a whole number from 1 to 100. Default: 4. */
  concurrency?: number | undefined;
  /**
   * Told of each event that is given up: the service refused it (4xx) or it became too old. Removed once what this returns has
   * resolved; where that rejects, the event is kept and tried again. Default: `console.warn`.
   */
  onDropped?: ((event: QueuedEvent<V>, error: ClaivError) => unknown) | undefined;
  /** Told of everything else that goes wrong: a try that failed, an entry that cannot be read, a store that fails. Default: `console.warn`. */
  onError?: ((error: unknown) => unknown) | undefined;
}

/** What `Outbox.ingest` gives: the event is in the store. */
export interface QueuedResponse {
  queued: true;
  /** The key under which the event will be sent, however often that takes. */
  idempotency_key: string;
}

/** What `Outbox.flush` gives. */
export interface FlushResult {
  /** How many events this outbox sent meanwhile. What another tab sent is not among them. */
  sent: number;
  /** How many events wait now. */
  left: number;
}

/** An event that waits. */
export interface PendingEvent {
  event: QueuedEvent;
  /** When it was queued, in milliseconds since 1970. */
  queued_at: number;
}

/** An outbox: takes events at once, and sends each as soon as it can be sent. */
export interface Outbox<V extends OutboxVersion = OutboxVersion> {
  /**
   * Queues an event. It is checked as the client checks it, and gets its idempotency key and its `event_time` where it has none.
   *
   * @returns once the event is durable, not once it is sent
   * @throws ClaivValidationError where the client would refuse it; ClaivError where `maxItems` wait or the store has no room
   */
  ingest(event: OutboxEvent<V>): Promise<QueuedResponse>;
  /**
   * Tries everything that waits, now: all conversations until each is done or fails. Does not wait for later tries, nor for the end
   * of a pause that the service asked for.
   *
   * @param options - `signal` ends the waiting, not the sending
   */
  flush(options?: { signal?: Signal | undefined }): Promise<FlushResult>;
  /** How many events wait. */
  size(): Promise<number>;
  /** The events that wait, in the order in which they came. */
  pending(): AsyncIterable<PendingEvent>;
  /** Entries that could not be read and were set aside, as they were found. They are kept until `store.remove([id])`. */
  damaged(): AsyncIterable<StoreEntry>;
  /**
   * Removes the events that wait and that the request covers, waits for those on their way, then calls the client's `forget` (or
   * `forgetV6`). Where that fails the events stay removed; call it again.
   */
  forget(request: OutboxForgetRequest<V>): Promise<ForgetResponse>;
  /** Stops sending, once what is on its way has arrived or failed. What waits stays in the store. */
  close(): Promise<void>;
  /** Closes the outbox when an `await using` block ends. */
  [Symbol.asyncDispose](): Promise<void>;
}
