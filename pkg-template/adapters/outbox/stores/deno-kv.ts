import { sleep } from "../host.js";
import { isFree, withLease } from "../lease.js";
import type { Lease } from "../lease.js";
import type { OutboxStore } from "../types.js";

type Key = readonly (string | number)[];
interface KvEntry<T = unknown> {
  readonly key: Key;
  readonly value: T | null;
  readonly versionstamp: string | null;
}
interface Atomic {
  check(...entries: { key: Key; versionstamp: string | null }[]): Atomic;
  set(key: Key, value: unknown): Atomic;
  delete(key: Key): Atomic;
  commit(): Promise<{ ok: boolean }>;
}

/** A `Deno.Kv`, as far as it is used here. */
export interface DenoKv {
  get(key: (string | number)[]): Promise<unknown>;
  getMany(keys: readonly (string | number)[][]): Promise<unknown>;
  list(selector: { prefix: (string | number)[]; start: (string | number)[] }, options?: { limit?: number }): AsyncIterable<unknown>;
  atomic(): unknown;
}

interface Meta {
  readonly last: number;
  readonly count: number;
}

/** So many entries are removed in one step: Deno KV reads ten keys at once. */
const CHUNK = 10;

/**
 * A store in Deno KV: on Deno Deploy, or in a file. All programs with the same database and prefix share it; one of them sends at a
 * time, by a lease. A value of Deno KV takes 64 KiB at the most; `ingest` rejects for a larger event.
 *
 * @param kv - from `Deno.openKv()`; whoever opened it closes it
 * @param options - `prefix` of all keys, one for each outbox; default: `["claiv-outbox"]`
 */
export function denoKvStore(kv: DenoKv, { prefix = ["claiv-outbox"] }: { prefix?: readonly string[] | undefined } = {}): OutboxStore {
  const metaKey = [...prefix, "meta"];
  const leaseKey = [...prefix, "lease"];
  const entryKey = (id: number) => [...prefix, "entry", id];
  const atomic = () => kv.atomic() as Atomic;
  const get = <T>(key: (string | number)[]) => kv.get(key) as Promise<KvEntry<T>>;

  /** Commits a step; false where another was faster, or has the file of a local database locked at the moment. */
  const commit = async (step: Atomic): Promise<boolean> => {
    try {
      return (await step.commit()).ok;
    } catch (error) {
      if (/database is locked/.test(String(error))) return false;
      throw error;
    }
  };

  /** Changes the meta data together with what `change` adds; again where another was faster. `change` gives undefined to do nothing. */
  async function update(change: (meta: Meta, step: Atomic) => Promise<Meta | undefined> | Meta | undefined): Promise<Meta | undefined> {
    for (let tries = 0; ; tries++) {
      const before = await get<Meta>(metaKey);
      const step = atomic().check({ key: metaKey, versionstamp: before.versionstamp });
      const meta = await change(before.value ?? { last: 0, count: 0 }, step);
      if (!meta || (await commit(step.set(metaKey, meta)))) return meta;
      await sleep(Math.random() * Math.min(100, 2 ** tries));
    }
  }

  return {
    async add(value, most) {
      const meta = await update(({ last, count }, step) => {
        if (count >= most) return undefined;
        step.set(entryKey(last + 1), value);
        return { last: last + 1, count: count + 1 };
      });
      return meta?.last;
    },
    async list(after, limit) {
      const found = [];
      // The start is within the list; numbers are whole.
      for await (const entry of kv.list({ prefix: [...prefix, "entry"], start: entryKey(after + 1) }, { limit })) {
        const { key, value } = entry as KvEntry;
        found.push({ id: Number(key.at(-1)), value });
      }
      return found;
    },
    async remove(ids) {
      for (let at = 0; at < ids.length; at += CHUNK) {
        const keys = [...new Set(ids.slice(at, at + CHUNK))].map(entryKey);
        await update(async ({ last, count }, step) => {
          const there = ((await kv.getMany(keys)) as KvEntry[]).filter(({ versionstamp }) => versionstamp !== null);
          if (there.length === 0) return undefined;
          for (const { key } of there) step.delete(key);
          return { last, count: count - there.length };
        });
      }
    },
    lock: (work, signal) =>
      withLease(async (lease) => {
        const { value, versionstamp } = await get<Lease>(leaseKey);
        if (!isFree(value, lease.holder, Date.now())) return false;
        return commit(atomic().check({ key: leaseKey, versionstamp }).set(leaseKey, lease));
      }, work, signal),
  };
}
