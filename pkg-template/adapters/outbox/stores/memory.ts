import { never } from "../host.js";
import { Mutex } from "../mutex.js";
import type { OutboxStore } from "../types.js";

/** A store that ends with the process: for tests, and where nothing durable is to be had. */
export function memoryStore(): OutboxStore {
  const values = new Map<number, string>();
  const mutex = new Mutex();
  let last = 0;
  return {
    async add(value, most) {
      if (values.size >= most) return undefined;
      values.set(++last, JSON.stringify(value));
      return last;
    },
    async list(after, limit) {
      const found = [];
      const next = limit === 1 ? values.get(after + 1) : undefined;
      if (next !== undefined) return [{ id: after + 1, value: JSON.parse(next) as unknown }];
      for (const [id, value] of values) {
        if (found.length >= limit) break;
        if (id > after) found.push({ id, value: JSON.parse(value) as unknown });
      }
      return found;
    },
    async remove(ids) {
      for (const id of ids) values.delete(id);
    },
    lock: (work, signal) => mutex.run(() => work(never()), signal),
  };
}
