// Lives of the storm in this process, one after the other over one memoryStore. No process can be killed without its memory: half of them are
// closed in the middle of a flush, and half are abandoned, so that no call of theirs ever ends and nothing more of theirs reaches the store.
import { memoryStore } from "claiv-memory/outbox";
import { send } from "./sender.mjs";

const NEVER = new Promise(() => {});

/** The store and fetch, as someone has them who can be abandoned at any time. */
function mortal(store) {
  let isDead = false;
  const death = new AbortController();
  const died = new Promise((resolve) => death.signal.addEventListener("abort", resolve));
  const alive = (call) => async (...args) => {
    if (isDead) return NEVER;
    const value = await call(...args);
    return isDead ? NEVER : value;
  };
  return {
    store: {
      ...Object.fromEntries(["add", "list", "remove"].map((name) => [name, alive(store[name])])),
      // The lock of the dead is free.
      lock: (work, signal) => (isDead ? NEVER : store.lock((lost) => Promise.race([work(lost), died]), signal)),
    },
    fetch: alive(fetch),
    // Its timer would keep this process.
    signal: death.signal,
    abandon() {
      isDead = true;
      death.abort();
    },
  };
}

export function inMemory(store = memoryStore()) {
  let isClosed = false;
  return ({ fail, ...life }) => {
    const { abandon, ...mine } = mortal(store);
    isClosed = !isClosed;
    let isOver = false;
    const { outbox, done } = send({ ...life, ...mine });
    done.catch((error) => { if (!isOver) fail(error); });
    return {
      async kill(release) {
        isOver = true;
        if (!isClosed) return abandon() ?? "abandoned";
        // What is on its way comes to an end first.
        const closed = outbox.close();
        release();
        await closed;
        return "closed";
      },
    };
  };
}
