import { never } from "../host.js";
import { Mutex } from "../mutex.js";
import type { Outbox, OutboxStore } from "../types.js";

/** The storage of a Durable Object (`ctx.storage`), as far as it is used here. */
export interface DurableObjectStorageLike {
  get(key: string): Promise<unknown>;
  put(entries: Record<string, unknown>): Promise<void>;
  delete(keys: string[]): Promise<number>;
  list(options: { prefix: string; startAfter: string; limit: number }): Promise<Map<string, unknown>>;
  sync(): Promise<void>;
  getAlarm(): Promise<number | null>;
  setAlarm(time: number): Promise<void>;
}

const META = "outbox-meta";
const PREFIX = "outbox:";
const keyOf = (id: number) => PREFIX + String(id).padStart(16, "0");
/** The most keys that one `delete` takes. */
const CHUNK = 128;
/** An object that is evicted while events wait is woken so long after. */
const ALARM_MS = 30_000;

async function ensureAlarm(storage: DurableObjectStorageLike): Promise<void> {
  if ((await storage.getAlarm()) === null) await storage.setAlarm(Date.now() + ALARM_MS);
}

/**
 * A store in a Durable Object. With one object for each conversation, or each user, its events keep their order however many machines
 * queue them. An alarm wakes the object while events wait: call `handleAlarm` in its `alarm()`.
 */
export function durableObjectStore(storage: DurableObjectStorageLike): OutboxStore {
  const draining = new Mutex();
  const changing = new Mutex();
  let meta: { last: number; count: number } | undefined;
  const readMeta = async () => (meta ??= ((await storage.get(META)) as typeof meta) ?? { last: 0, count: 0 });

  return {
    add: (value, most) =>
      changing.run(async () => {
        const { last, count } = await readMeta();
        if (count >= most) return undefined;
        const next = { last: last + 1, count: count + 1 };
        await storage.put({ [keyOf(next.last)]: value, [META]: next });
        meta = next;
        await ensureAlarm(storage);
        await storage.sync();
        return next.last;
      }),
    async list(after, limit) {
      const found = await storage.list({ prefix: PREFIX, startAfter: keyOf(after), limit });
      return [...found].map(([key, value]) => ({ id: Number(key.slice(PREFIX.length)), value }));
    },
    remove: (ids) =>
      changing.run(async () => {
        for (let at = 0; at < ids.length; at += CHUNK) {
          const { last, count } = await readMeta();
          const gone = await storage.delete(ids.slice(at, at + CHUNK).map(keyOf));
          meta = { last, count: count - gone };
          await storage.put({ [META]: meta });
        }
      }),
    lock: (work, signal) => draining.run(() => work(never()), signal),
  };
}

/** For the `alarm()` of a Durable Object: tries what waits, and has the object woken again while something is left. */
export async function handleAlarm(storage: DurableObjectStorageLike, outbox: Pick<Outbox, "flush">): Promise<void> {
  const { left } = await outbox.flush();
  if (left > 0) await ensureAlarm(storage);
}
