// What every store keeps, as checks that any test runner can run.
import { sleep, never, host } from "./host.js";
import type { OutboxStore } from "./types.js";

/** A check of a store: `run` rejects where the store breaks the contract. */
export interface StoreCheck {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * The contract of a store, for stores of your own.
 *
 * @param open - opens the same empty-at-first store each time it is called with the same name, so that what one left another finds
 * @example
 * for (const { name, run } of storeContract((name) => myStore(name))) test(name, run);
 */
export function storeContract(open: (name: string) => OutboxStore | Promise<OutboxStore>): StoreCheck[] {
  let serial = 0;
  const check = (name: string, work: (store: OutboxStore, again: () => Promise<OutboxStore>) => Promise<void>): StoreCheck => ({
    name,
    async run() {
      const id = `contract-${++serial}-${Math.random().toString(36).slice(2)}`;
      let store = await open(id);
      try {
        await work(store, async () => {
          await store.close?.();
          return (store = await open(id));
        });
      } finally {
        await store.close?.();
      }
    },
  });
  const expect = (actual: unknown, wanted: unknown, what: string) => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
  };
  const values = async (store: OutboxStore, after = 0, limit = 1000) => (await store.list(after, limit)).map(({ value }) => value);

  return [
    check("a new store is empty", async (store) => {
      expect(await store.list(0, 10), [], "list");
    }),
    check("entries are listed as they were added, in that order, with rising numbers", async (store) => {
      const ids = [];
      for (const n of [1, 2, 3]) ids.push(await store.add({ n, nested: { text: "ü 🦀 \u2028", list: [null, true] } }, 10));
      const found = await store.list(0, 10);
      expect(found.map(({ id }) => id), ids, "numbers");
      expect([...ids].sort((a, b) => Number(a) - Number(b)), ids, "rising");
      expect(found[2]?.value, { n: 3, nested: { text: "ü 🦀 \u2028", list: [null, true] } }, "value");
    }),
    check("list begins above a number and gives so many at the most", async (store) => {
      const ids: number[] = [];
      for (const n of [1, 2, 3, 4]) ids.push((await store.add({ n }, 10)) as number);
      expect(await values(store, ids[0], 2), [{ n: 2 }, { n: 3 }], "two after the first");
      expect(await values(store, (ids[2] as number) - 1, 1), [{ n: 3 }], "the one with a number");
      await store.remove([ids[1] as number]);
      expect(await values(store, ids[1], 2), [{ n: 3 }, { n: 4 }], "after one that is gone");
    }),
    check("what is removed is gone, and what is not there is no error", async (store) => {
      const first = (await store.add({ n: 1 }, 10)) as number;
      await store.add({ n: 2 }, 10);
      await store.remove([first, first + 1000]);
      await store.remove([first]);
      await store.remove([]);
      expect(await values(store), [{ n: 2 }], "left");
    }),
    check("a full store refuses and keeps what it has; room that is made is found", async (store) => {
      const first = (await store.add({ n: 1 }, 2)) as number;
      await store.add({ n: 2 }, 2);
      expect((await store.add({ n: 3 }, 2)) === undefined, true, "refused");
      expect(await values(store), [{ n: 1 }, { n: 2 }], "kept");
      await store.remove([first]);
      expect(typeof (await store.add({ n: 4 }, 2)), "number", "taken");
      expect(typeof (await store.add({ n: 5 }, Infinity)), "number", "without a limit");
    }),
    check("many added at once are all there, each with a number of its own", async (store) => {
      const ids = await Promise.all(Array.from({ length: 50 }, (_, n) => store.add({ n }, 100)));
      expect(new Set(ids).size, 50, "numbers");
      const found = await store.list(0, 100);
      expect(found.map(({ id }) => id), [...ids].sort((a, b) => Number(a) - Number(b)), "rising");
      expect(new Set(found.map(({ value }) => (value as { n: number }).n)).size, 50, "values");
    }),
    check("of many added at once no more are taken than there is room for", async (store) => {
      const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => store.add({ n }, 5)));
      expect(ids.filter((id) => id !== undefined).length, 5, "taken");
      expect((await store.list(0, 100)).length, 5, "there");
    }),
    check("numbers go on rising after everything was removed", async (store) => {
      const first = (await store.add({ n: 1 }, 10)) as number;
      await store.remove([first]);
      const second = (await store.add({ n: 2 }, 10)) as number;
      expect(second > first, true, "higher");
    }),
    check("a value that was added or listed is the store's own: what is done to the object afterwards changes nothing", async (store) => {
      const value = { n: 1 };
      await store.add(value, 10);
      value.n = 2;
      const [first] = (await values(store)) as [{ n: number }];
      first.n = 3;
      expect(await values(store), [{ n: 1 }], "value");
    }),
    check("what was added is there when the store is opened again", async (store, again) => {
      const first = (await store.add({ n: 1 }, 10)) as number;
      await store.add({ n: 2 }, 10);
      await store.remove([first]);
      expect(await values(await again()), [{ n: 2 }], "after opening it again");
    }),
    check("one piece of work holds the lock at a time, in a second one of the store too", async (store) => {
      let inside = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++inside);
        await sleep(5);
        inside -= 1;
        return "done";
      };
      const ends = await Promise.all([1, 2, 3].map(() => store.lock(work, never())));
      expect([most, ends], [1, ["done", "done", "done"]], "at once");
    }),
    check("the lock is free again after work that failed", async (store) => {
      const thrown = await store.lock(() => Promise.reject(new Error("failed")), never()).catch((error: Error) => error.message);
      expect(thrown, "failed", "rejects with what the work did");
      expect(await store.lock(async () => "next", never()), "next", "the next");
    }),
    check("whoever waits for the lock can give up", async (store) => {
      let end = () => {};
      let begun = () => {};
      const isBegun = new Promise<void>((resolve) => { begun = resolve; });
      const held = store.lock(() => { begun(); return new Promise<void>((resolve) => { end = resolve; }); }, never());
      await isBegun;
      const controller = new host.AbortController();
      const waiting = store.lock(async () => "ran", controller.signal).catch(() => "gave up");
      await sleep(5);
      controller.abort(new Error("enough"));
      expect(await waiting, "gave up", "waiting");
      end();
      await held;
    }),
  ];
}
