// Deletions that the consumer of a queue obeys: a message that is queued cannot be taken back.
import type { ForgetScope } from "./entry.js";
import { host, randomName } from "./host.js";
import type { OutboxVersion } from "./types.js";

/** A deletion: what `request` covers of all that was queued until `at` is not sent any more. */
export interface Tombstone {
  readonly version: OutboxVersion;
  readonly request: ForgetScope;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Where tombstones are kept: `objectTombstones(env.TOMBSTONES)`, `kvTombstones(env.KV)`, or your own. */
export interface Tombstones {
  /** Adds one; it is found by `list` once this has resolved. */
  add(tombstone: Tombstone): Promise<void>;
  /** Those of a user. */
  list(userId: string): Promise<readonly Tombstone[]>;
}

/** As long as Cloudflare Queues keep a message, at the most: 14 days. */
const MAX_AGE_MS = 1_209_600_000;

/** A KV namespace of Cloudflare Workers, as far as it is used here. */
export interface KvNamespaceLike {
  put(key: string, value: string, options: { expirationTtl: number }): Promise<unknown>;
  get(key: string): Promise<string | null>;
  list(options: { prefix: string; cursor?: string }): Promise<{ keys: { name: string }[]; list_complete: boolean; cursor?: string }>;
}

/**
 * Tombstones in Workers KV. KV takes up to a minute until a deletion is seen everywhere, and an event that is consumed within that
 * minute is sent in spite of it: `objectTombstones` has no such gap.
 */
export function kvTombstones(kv: KvNamespaceLike): Tombstones {
  const prefixOf = (userId: string) => `claiv-forget:${encodeURIComponent(userId)}:`;
  return {
    async add(tombstone) {
      await kv.put(prefixOf(tombstone.request.user_id) + randomName(), JSON.stringify(tombstone), { expirationTtl: MAX_AGE_MS / 1000 });
    },
    async list(userId) {
      const found: Tombstone[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await kv.list({ prefix: prefixOf(userId), ...(cursor !== undefined && { cursor }) });
        for (const { name } of page.keys) {
          const value = await kv.get(name);
          if (value !== null) found.push(JSON.parse(value) as Tombstone);
        }
        if (page.list_complete || page.cursor === undefined) return found;
        cursor = page.cursor;
      }
    },
  };
}

/** A namespace of Durable Objects, as far as it is used here. */
export interface ObjectNamespaceLike {
  idFromName(name: string): unknown;
  get(id: never): { fetch(url: string, init?: { method: string; body: string }): Promise<unknown> };
}

/** Tombstones in Durable Objects of the class `TombstoneObject`, one for each user: a deletion is seen as soon as it is made. */
export function objectTombstones(namespace: ObjectNamespaceLike): Tombstones {
  const ask = async (userId: string, init?: { method: string; body: string }) => {
    const response = await namespace.get(namespace.idFromName(userId) as never).fetch("https://tombstones.invalid/", init);
    return (await (response as { json(): Promise<unknown> }).json()) as Tombstone[];
  };
  return {
    async add(tombstone) {
      await ask(tombstone.request.user_id, { method: "POST", body: JSON.stringify(tombstone) });
    },
    list: (userId) => ask(userId),
  };
}

interface ObjectStateLike {
  readonly storage: { get(key: string): Promise<unknown>; put(key: string, value: unknown): Promise<void> };
}

/** The Durable Object of `objectTombstones`: export it from the Worker and bind it. */
export class TombstoneObject {
  readonly #storage: ObjectStateLike["storage"];

  constructor(state: ObjectStateLike) {
    this.#storage = state.storage;
  }

  async fetch(request: { readonly method: string; json(): Promise<unknown> }): Promise<never> {
    const added = request.method === "POST" ? [(await request.json()) as Tombstone] : [];
    const kept = ((await this.#storage.get("tombstones")) ?? []) as Tombstone[];
    const all = [...kept, ...added].filter(({ at }) => at > Date.now() - MAX_AGE_MS);
    if (added.length > 0) await this.#storage.put("tombstones", all);
    return (host as unknown as { Response: { json(value: unknown): never } }).Response.json(all);
  }
}
