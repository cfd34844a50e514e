// claiv-memory/outbox as programs use it.
import { ClaivClient, ClaivError } from "claiv-memory";
import {
  createOutbox, denoKvStore, durableObjectStore, fileStore, handleQueue, indexedDBStore, kvTombstones, memoryStore, objectTombstones, queueOutbox,
} from "claiv-memory/outbox";
import type { Outbox, OutboxStore, QueuedEvent } from "claiv-memory/outbox";

declare const client: ClaivClient;
declare const own: OutboxStore;
declare const anything: never;

export async function use(): Promise<void> {
  const v1: Outbox<"v1"> = createOutbox({ client, store: memoryStore(), version: "v1", maxItems: 10, maxAgeMs: undefined });
  const v6 = createOutbox({
    client, store: indexedDBStore({ name: "x" }), version: "v6",
    onDropped(event, error) {
      const known: QueuedEvent<"v6"> = event;
      const claiv: ClaivError = error;
      return [known.conversation_id, known.idempotency_key, claiv.mayHaveBeenApplied];
    },
  });
  const { idempotency_key, queued } = await v6.ingest({ user_id: "u", conversation_id: "c", type: "message", content: "x" });
  const certain: true = queued;
  await v1.ingest({ user_id: "u", thread_id: "t", type: "message", content: idempotency_key + String(certain) });
  // @ts-expect-error v6 needs a conversation
  await v6.ingest({ user_id: "u", type: "message", content: "x" });
  // @ts-expect-error v1 knows no conversation_id
  await v1.ingest({ user_id: "u", conversation_id: "c", type: "message", content: "x" });
  // @ts-expect-error there is no v2
  createOutbox({ client, store: memoryStore(), version: "v2" });
  // @ts-expect-error a store is needed
  createOutbox({ client, version: "v1" });
  const { sent, left }: { sent: number; left: number } = await v6.flush({ signal: new AbortController().signal });
  for await (const { event, queued_at } of v6.pending()) console.log(event.user_id, queued_at, sent, left);
  await v6.forget({ user_id: "u", conversation_id: "c" });
  for (const store of [own, fileStore("path"), denoKvStore(anything), durableObjectStore(anything)]) createOutbox({ client, store, version: "v1" });
  client.check("ingestV6", { user_id: "u", conversation_id: "c", type: "message", content: "x" });
  // @ts-expect-error the request of another method
  client.check("ingestV6", { user_id: "u", type: "message", content: "x" });
  await handleQueue(anything, { client, tombstones: kvTombstones(anything) });
  await queueOutbox(anything, { client, version: "v6", tombstones: objectTombstones(anything) }).forget({ user_id: "u" });
  await v6.close();
}
