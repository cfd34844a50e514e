import { failure } from "../errors.js";
import { host, never } from "../host.js";
import { isFree, withLease } from "../lease.js";
import type { Lease } from "../lease.js";
import type { OutboxStore, StoreEntry } from "../types.js";

// IndexedDB, as far as it is used here.
interface Request<T = unknown> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface ObjectStore {
  add(value: unknown): Request<number>;
  put(value: unknown, key: string): Request;
  get(key: string): Request;
  count(): Request<number>;
  delete(key: unknown): Request;
  getAll(range: unknown, limit: number): Request<unknown[]>;
  getAllKeys(range: unknown, limit: number): Request<number[]>;
}
interface Transaction {
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): ObjectStore;
}
interface Database {
  transaction(name: string, mode: "readonly" | "readwrite", options?: { durability: "strict" | "relaxed" }): Transaction;
  createObjectStore(name: string, options?: object): unknown;
  close(): void;
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
}
interface Idb {
  indexedDB?: { open(name: string, version: number): Request<Database> & { onupgradeneeded: (() => void) | null } };
  IDBKeyRange: { lowerBound(value: number, open: boolean): unknown };
}

const idb = host as unknown as Idb;
const ENTRIES = "entries";
const LEASES = "leases";

/**
 * A store in IndexedDB, which all pages and workers of an origin share: in browsers. One of them sends at a time, by the Web Locks API,
 * or by a lease where there is none (insecure origins).
 *
 * @param options - `name` of the database, one for each outbox; default: `"claiv-outbox"`
 */
export function indexedDBStore({ name = "claiv-outbox" }: { name?: string | undefined } = {}): OutboxStore {
  let opened: Promise<Database> | undefined;

  const open = (): Promise<Database> =>
    (opened ??= new Promise<Database>((resolve, reject) => {
      if (!idb.indexedDB) throw failure("There is no IndexedDB here.");
      const request = idb.indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(ENTRIES, { autoIncrement: true });
        request.result.createObjectStore(LEASES);
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const database = request.result;
        // The browser may close the connection at any time, and somebody may want to delete the database: the next call opens it again.
        database.onclose = database.onversionchange = () => {
          database.close();
          opened = undefined;
        };
        resolve(database);
      };
    }).catch((error) => {
      opened = undefined;
      throw error;
    }));

  /** Runs one transaction and gives what `run` handed over by the time it is complete. */
  async function transact<T>(table: string, mode: "readonly" | "readwrite", run: (store: ObjectStore, give: (value: T) => void) => void, durability: "strict" | "relaxed" = "relaxed"): Promise<T> {
    const database = await open();
    return new Promise<T>((resolve, reject) => {
      let given: T | undefined;
      const transaction = database.transaction(table, mode, { durability });
      transaction.oncomplete = () => resolve(given as T);
      transaction.onabort = () => reject(transaction.error);
      run(transaction.objectStore(table), (value) => { given = value; });
    });
  }

  const swap = (lease: Lease) =>
    transact<boolean>(LEASES, "readwrite", (store, give) => {
      const request = store.get("drain");
      request.onsuccess = () => {
        const isTaken = isFree(request.result as Lease, lease.holder, Date.now());
        if (isTaken) store.put(lease, "drain");
        give(isTaken);
      };
    });

  return {
    add: (value, most) =>
      transact<number | undefined>(ENTRIES, "readwrite", (store, give) => {
        const put = () => {
          const added = store.add(value);
          added.onsuccess = () => give(added.result);
        };
        if (most === Infinity) return put();
        const count = store.count();
        count.onsuccess = () => { if (count.result < most) put(); };
      }, "strict"),
    list: (after, limit) =>
      transact<StoreEntry[]>(ENTRIES, "readonly", (store, give) => {
        const range = idb.IDBKeyRange.lowerBound(after, true);
        const keys = store.getAllKeys(range, limit);
        const values = store.getAll(range, limit);
        values.onsuccess = () => give(keys.result.map((id, index) => ({ id, value: values.result[index] })));
      }),
    remove: (ids) => transact<void>(ENTRIES, "readwrite", (store) => ids.forEach((id) => store.delete(id))),
    lock: (work, signal) => {
      const locks = host.navigator?.locks;
      return locks ? locks.request(`claiv-memory/${name}`, { signal }, () => work(never())) : withLease(swap, work, signal);
    },
    async close() {
      const database = await opened?.catch(() => undefined);
      opened = undefined;
      database?.close();
    },
  };
}
