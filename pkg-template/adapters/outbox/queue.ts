// Cloudflare Queues: many machines queue events, and one consumer sends them. The queue is the store.
import type { ClaivError, ForgetResponse } from "claiv-memory";
import { laneOf, readEntry } from "./entry.js";
import type { EventEntry } from "./entry.js";
import { failure } from "./errors.js";
import { covers, timeOf } from "./forget.js";
import { host } from "./host.js";
import { CLIENT, HANDLERS, VERSION, checkOptions } from "./options.js";
import type { Rules } from "./options.js";
import { backoff, judge } from "./policy.js";
import { forget, methodOf, prepare, send } from "./prepare.js";
import type { Tombstone, Tombstones } from "./tombstones.js";
import type { OutboxClient, OutboxEvent, OutboxForgetRequest, OutboxVersion, QueuedEvent, QueuedResponse } from "./types.js";

/** A producer's binding of a queue, as far as it is used here. */
export interface QueueLike {
  send(message: never): Promise<unknown>;
}

/** A message of a batch, as far as it is used here. */
export interface QueueMessageLike {
  readonly body: unknown;
  /** How often it was delivered, this time included. */
  readonly attempts: number;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** What a consumer of a queue is given. */
export interface QueueBatchLike {
  readonly messages: readonly QueueMessageLike[];
}

/** The options of `queueOutbox`. */
export interface QueueOutboxOptions<V extends OutboxVersion = OutboxVersion> {
  /** Checks the events. */
  client: OutboxClient;
  /** `"v1"` takes what `ingest` takes, `"v6"` what `ingestV6` takes. */
  version: V;
  /** Where `forget` tells the consumer what not to send. Without it `forget` is refused. */
  tombstones?: Tombstones | undefined;
}

/** An outbox whose store is a queue. */
export interface QueueOutbox<V extends OutboxVersion = OutboxVersion> {
  /** Queues an event, checked and with its key and its time fixed. Resolves once the queue has it. */
  ingest(event: OutboxEvent<V>): Promise<QueuedResponse>;
  /** Leaves a tombstone for what is queued, then calls the client's `forget` (or `forgetV6`). Rejects without `tombstones`. */
  forget(request: OutboxForgetRequest<V>): Promise<ForgetResponse>;
}

/** The options of `handleQueue`. */
export interface HandleQueueOptions {
  /** Sends the events. */
  client: OutboxClient;
  /** The same as the producer's. */
  tombstones?: Tombstones | undefined;
  /** Told of each event that the service refused (4xx), before it is acknowledged. Default: `console.warn`. */
  onDropped?: ((event: QueuedEvent, error: ClaivError) => unknown) | undefined;
  /** Told of each try that failed, and of messages that cannot be read. Default: `console.warn`. */
  onError?: ((error: unknown) => unknown) | undefined;
}

const TOMBSTONES: Rules = {
  tombstones: ["where tombstones are kept, such as objectTombstones(env.TOMBSTONES)", (value) => value === undefined || typeof (value as Partial<Tombstones> | null)?.list === "function"],
};
/** The longest delay that a queue takes, in seconds. */
const MAX_DELAY_S = 43_200;
/** How many conversations of a batch are sent at once: a Worker has six connections. */
const CONCURRENCY = 4;

/**
 * Makes an outbox of a Cloudflare queue. Queues deliver at least once and in no order: the key that is fixed here makes each event
 * stored once, and its `event_time` tells the service the order.
 *
 * @param queue - the binding, `env.QUEUE`
 */
export function queueOutbox<V extends OutboxVersion>(queue: QueueLike, options: QueueOutboxOptions<V>): QueueOutbox<V> {
  checkOptions("The outbox was not made", options, { ...CLIENT, ...VERSION, ...TOMBSTONES });
  const { client, version, tombstones } = options;
  return {
    async ingest(event) {
      const entry = prepare(client, version, event, Date.now());
      const { idempotency_key } = entry.event;
      try {
        await queue.send(entry as never);
      } catch (error) {
        throw failure(`The event was not queued: the queue did not take it (${error}).`, { cause: error, idempotencyKey: idempotency_key });
      }
      return { queued: true, idempotency_key };
    },
    async forget(request) {
      return forget(client, version, request, async (scope) => {
        if (!tombstones) {
          throw failure("Nothing was forgotten: events that are queued cannot be taken back, and would be stored after the deletion. Give queueOutbox and handleQueue `tombstones`.");
        }
        await tombstones.add({ version, request: scope, at: Date.now() });
      });
    },
  };
}

/** A message that can be read. */
interface Read {
  readonly message: QueueMessageLike;
  readonly entry: EventEntry;
}

/**
 * The consumer of such a queue: sends each message of a batch and acknowledges it, or has it delivered again, by its own outcome.
 * Within a batch a conversation's events go in the order of their `event_time`, and behind one that fails the others wait.
 *
 * @param batch - what the Worker's `queue()` is given
 */
export async function handleQueue(batch: QueueBatchLike, options: HandleQueueOptions): Promise<void> {
  checkOptions("The batch was not handled", options, { ...CLIENT, ...TOMBSTONES, ...HANDLERS });
  const { client, tombstones } = options;
  const warn = (...what: unknown[]) => host.console.warn("claiv-memory/outbox:", ...what);
  const { onError = warn, onDropped = (event: QueuedEvent, error: ClaivError) => warn("dropped", event.idempotency_key, error) } = options;
  const tell = async (error: unknown) => {
    await Promise.resolve(error).then(onError).catch(() => {});
  };
  /** Until then the service wants nothing. */
  let pausedUntil = 0;

  const again = ({ message }: Read, ms: number) =>
    message.retry({ delaySeconds: Math.min(MAX_DELAY_S, Math.ceil(Math.max(ms, pausedUntil - Date.now()) / 1000)) });

  /** The deletions that cover an event. */
  const covering = async ({ event, queued_at }: EventEntry): Promise<Tombstone[]> => {
    const all = tombstones ? await tombstones.list(event.user_id) : [];
    return all.filter(({ request, at }) => queued_at <= at && covers(request, event as never));
  };
  /** Repeats a deletion that the event may have come after; of what happened later nothing. */
  const repeat = async ({ version, request, at }: Tombstone) => {
    const latest = new Date(at).toISOString();
    const to_time = request.to_time !== undefined && timeOf(request.to_time) < at ? request.to_time : latest;
    await client[methodOf("forget", version)]({ ...request, to_time } as never);
  };

  /** Whether its followers may go. */
  async function handle(read: Read): Promise<boolean> {
    const { message, entry } = read;
    const deleted = await covering(entry);
    if (deleted.length > 0) {
      // A consumer before may have sent it, and died before it could see the deletion.
      if (message.attempts > 1) for (const one of deleted) await repeat(one);
      message.ack();
      return true;
    }
    try {
      await send(client, entry);
    } catch (error) {
      const verdict = judge(error);
      if (verdict === "refused") {
        await onDropped(entry.event, error as ClaivError);
        message.ack();
        return true;
      }
      await tell(error);
      const isPause = typeof verdict === "object";
      const ms = (isPause ? verdict.pauseMs : undefined) ?? backoff(message.attempts, Math.random());
      if (isPause) pausedUntil = Math.max(pausedUntil, Date.now() + ms);
      again(read, ms);
      return false;
    }
    // The deletion may have come while it was on its way.
    for (const one of await covering(entry)) await repeat(one);
    message.ack();
    return true;
  }

  async function handleLane(lane: readonly Read[]): Promise<void> {
    let isFree = true;
    for (const read of lane) {
      if (!isFree || Date.now() < pausedUntil) {
        again(read, backoff(read.message.attempts, Math.random()));
        continue;
      }
      isFree = await handle(read).catch(async (error) => {
        await tell(error);
        again(read, backoff(read.message.attempts, Math.random()));
        return false;
      });
    }
  }

  const lanes = new Map<string, Read[]>();
  for (const message of batch.messages) {
    const entry = readEntry(message.body);
    if (entry?.kind !== "event") {
      await tell(failure("A message of the queue is no event of an outbox. It is acknowledged, and this error has it as `details`.", { details: message.body }));
      message.ack();
      continue;
    }
    const name = laneOf(entry.event);
    lanes.set(name, [...(lanes.get(name) ?? []), { message, entry }]);
  }
  const waiting = [...lanes.values()].map((lane) =>
    lane.sort((a, b) => timeOf(a.entry.event.event_time) - timeOf(b.entry.event.event_time) || a.entry.queued_at - b.entry.queued_at));
  await Promise.all(Array.from({ length: CONCURRENCY }, async () => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) await handleLane(lane);
  }));
}
