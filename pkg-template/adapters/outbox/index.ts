// A durable outbox: what cannot be sent now waits in a store, and is sent once and in order when it can be.
export { createOutbox } from "./outbox.js";
export { memoryStore } from "./stores/memory.js";
export { indexedDBStore } from "./stores/indexeddb.js";
export { denoKvStore } from "./stores/deno-kv.js";
export { durableObjectStore, handleAlarm } from "./stores/durable-object.js";
export { fileStore } from "./stores/no-file.js";
export { handleQueue, queueOutbox } from "./queue.js";
export { TombstoneObject, kvTombstones, objectTombstones } from "./tombstones.js";
export { storeContract } from "./contract.js";
export type { StoreCheck } from "./contract.js";
export type { HandleQueueOptions, QueueBatchLike, QueueLike, QueueMessageLike, QueueOutbox, QueueOutboxOptions } from "./queue.js";
export type { DenoKv } from "./stores/deno-kv.js";
export type { DurableObjectStorageLike } from "./stores/durable-object.js";
export type { KvNamespaceLike, ObjectNamespaceLike, Tombstone, Tombstones } from "./tombstones.js";
export type {
  FlushResult, Outbox, OutboxClient, OutboxEvent, OutboxForgetRequest, OutboxOptions, OutboxStore, OutboxVersion, PendingEvent, QueuedEvent,
  QueuedResponse, StoreEntry,
} from "./types.js";
