// The contract of a store, for those that need no other runtime; the others are in tests/runtimes/outbox.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { fileStore, indexedDBStore, memoryStore, storeContract } from "claiv-memory/outbox";
import { rejection } from "../support/client.mjs";

const folder = mkdtempSync(join(tmpdir(), "claiv-outbox-"));
after(() => rmSync(folder, { recursive: true }));

const memories = new Map();
/** The same for the same name, as a database would be. */
const memory = (name) => memories.get(name) ?? memories.set(name, memoryStore()).get(name);

for (const [what, open] of [["memory", memory], ["a file", (name) => fileStore(join(folder, name))]]) {
  for (const { name, run } of storeContract(open)) test(`${what}: ${name}`, run);
}

test("a store that breaks the contract is found out", async () => {
  const faults = {
    "gives numbers that do not rise": (store) => ({ ...store, add: async (value, most) => -(await store.add(value, most)) }),
    "takes more than there is room for": (store) => ({ ...store, add: (value) => store.add(value, Infinity) }),
    "keeps what is removed": (store) => ({ ...store, remove: async () => {} }),
    "lists from the beginning": (store) => ({ ...store, list: (after, limit) => store.list(0, limit) }),
    "lists all there is": (store) => ({ ...store, list: (after) => store.list(after, 1000) }),
    "lets two in": (store) => ({ ...store, lock: (work) => work(new AbortController().signal) }),
    "keeps the caller's object": (store) => {
      const values = new Map();
      return {
        ...store,
        async add(value, most) { const id = await store.add(0, most); if (id) values.set(id, value); return id; },
        list: async (...what) => (await store.list(...what)).map(({ id }) => ({ id, value: values.get(id) })),
      };
    },
  };
  for (const [fault, breaks] of Object.entries(faults)) {
    const kept = new Map();
    const open = (name) => kept.get(name) ?? kept.set(name, breaks(memoryStore())).get(name);
    const outcomes = await Promise.all(storeContract(open).map(({ run }) => run().then(() => true, () => false)));
    assert.ok(outcomes.includes(false), `nothing noticed a store that ${fault}`);
  }
});

test("a store that the host does not have says so", async () => {
  assert.match((await rejection(indexedDBStore().add({}, 1))).message, /no IndexedDB here/);
});
