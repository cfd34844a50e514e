// Senders of the storm in this process, one after the other over one memoryStore. A process cannot be killed without its memory: half of the senders
// are closed in the middle of a flush, and half are abandoned: no call of theirs ever ends, and nothing more of theirs reaches the store.
import { memoryStore } from "claiv-memory/outbox";
import { send } from "./sender.mjs";

const NEVER = new Promise(() => {});

/** The store and fetch for a sender, whose calls end no more once it is abandoned. */
function abandonable(store) {
  const controller = new AbortController();
  const { signal } = controller;
  const abandoned = new Promise((resolve) => signal.addEventListener("abort", resolve));
  const unlessAbandoned = (call) => async (...args) => {
    if (signal.aborted) return NEVER;
    const value = await call(...args);
    return signal.aborted ? NEVER : value;
  };
  return {
    store: {
      ...Object.fromEntries(["add", "list", "remove"].map((name) => [name, unlessAbandoned(store[name])])),
      // The lock of an abandoned sender is free.
      lock: (work, over) => (signal.aborted ? NEVER : store.lock((lost) => Promise.race([work(lost), abandoned]), over)),
    },
    fetch: unlessAbandoned(fetch),
    // Ends the flush, whose timer would keep this process.
    signal,
    abandon: () => controller.abort(),
  };
}

export function inMemory(store = memoryStore()) {
  let isClosed = false;
  return ({ fail, ...sender }) => {
    const { abandon, ...own } = abandonable(store);
    isClosed = !isClosed;
    let isOver = false;
    const { outbox, done } = send({ ...sender, ...own });
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
