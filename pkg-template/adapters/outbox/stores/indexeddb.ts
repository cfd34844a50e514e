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
  getAll(range: unknown, limit: number): Request<StoreEntry[]>;
}
interface Transaction {
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): ObjectStore;
  abort(): void;
  /** Not there in older browsers. */
  commit?(): void;
}
interface Database {
  transaction(name: string, mode: "readonly" | "readwrite", options: { durability: "strict" | undefined }): Transaction;
  createObjectStore(name: string, options?: object): unknown;
  close(): void;
  onversionchange: (() => void) | null;
  onclose: (() => void) | null;
}
interface Idb {
  indexedDB?: { open(name: string, version: number): Request<Database> & { onupgradeneeded: (() => void) | null } };
  IDBKeyRange: { lowerBound(value: number, open: boolean): unknown };
}

/** Something with the result of a request. */
interface Last<T> {
  readonly result?: T;
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
  /** This page is being left, or is in the back/forward cache. */
  let isLeft = false;
  /** Transactions that have requests to come, and how each is done again. */
  const unfinished = new Map<Transaction, () => void>();

  // WebKit puts a page into the back/forward cache in the middle of its transactions, and these hold up every other page: those with requests
  // to come are undone, and done again when the page is shown. By a timer: Firefox does not tell a page from the cache of the abort.
  const undo = () => {
    if (!isLeft) return;
    unfinished.forEach((again, transaction) => {
      transaction.abort();
      host.setTimeout(again, 0);
    });
    unfinished.clear();
  };
  const leave = () => {
    isLeft = true;
    // In a page in the back/forward cache this runs once it is shown again.
    host.setTimeout(() => { isLeft = false; }, 0);
    undo();
  };

  // While capturing, so before the handlers of the page, which may queue their last events.
  const listen = (method: "addEventListener" | "removeEventListener") => host[method]?.("pagehide", leave, true);

  const open = (): Promise<Database> =>
    (opened ??= new Promise<Database>((resolve, reject) => {
      if (!idb.indexedDB) throw failure("There is no IndexedDB here.");
      listen("addEventListener");
      const request = idb.indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(ENTRIES, { keyPath: "id", autoIncrement: true });
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

  /**
   * Runs one transaction and gives the result of the request that `run` has handed to `end`, once all is complete. No request follows
   * upon `end`: the transaction is complete without this page then.
   */
  const transact = <T>(table: string, mode: "readonly" | "readwrite", run: (store: ObjectStore, end: (last: Last<T>) => void) => void, durability?: "strict"): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const begin = () => {
        open().then((database) => {
          let given: Last<T> | undefined;
          const transaction = database.transaction(table, mode, { durability });
          transaction.oncomplete = () => resolve(given?.result as T);
          // One that was undone is neither.
          transaction.onabort = () => { if (given || unfinished.delete(transaction)) reject(transaction.error); };
          run(transaction.objectStore(table), (last) => {
            given = last;
            unfinished.delete(transaction);
            transaction.commit?.();
          });
          if (!given) unfinished.set(transaction, begin);
          undo();
        }).catch(reject);
      };
      begin();
    });

  const swap = (lease: Lease) =>
    transact<unknown>(LEASES, "readwrite", (store, end) => {
      const request = store.get("drain");
      request.onsuccess = () => end(isFree(request.result as Lease, lease.holder, Date.now()) ? store.put(lease, "drain") : {});
    });

  return {
    add: (value, most) =>
      transact<number | undefined>(ENTRIES, "readwrite", (store, end) => {
        const put = () => end(store.add({ value }));
        // What comes at the last moment is worth more than the limit.
        if (most === Infinity || isLeft) return put();
        const count = store.count();
        count.onsuccess = () => (count.result < most ? put() : end({}));
      }, "strict"),
    list: (after, limit) =>
      transact<StoreEntry[]>(ENTRIES, "readonly", (store, end) => {
        const all = store.getAll(idb.IDBKeyRange.lowerBound(after, true), limit);
        // Not before: in Chromium a transaction that is committed before it has read large values is never complete.
        all.onsuccess = () => end(all);
      }),
    remove: (ids) => transact<void>(ENTRIES, "readwrite", (store, end) => end(ids.map((id) => store.delete(id)) as Last<void>)),
    lock: (work, signal) => {
      const locks = host.navigator?.locks;
      if (!locks) return withLease(swap, work, signal);
      // The end of the work, and not that of the request: WebKit may drop the request of a page that was in the back/forward cache.
      return new Promise((resolve, reject) =>
        locks.request(`claiv-memory/${name}`, { signal }, async () => {
          const done = work(never());
          resolve(done);
          await done;
        }).catch(reject));
    },
    async close() {
      const database = await opened?.catch(() => undefined);
      opened = undefined;
      listen("removeEventListener");
      database?.close();
    },
  };
}
