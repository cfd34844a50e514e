// What a page does, by its address:  /page?do=<one of the names below>&name=<of the report>&…
import { ClaivClient } from "claiv-memory";
import { createOutbox, indexedDBStore, storeContract } from "claiv-memory/outbox";

const query = Object.fromEntries(new URLSearchParams(location.search));
// As where pages are not secure.
if (query.locks === "none") Object.defineProperty(navigator, "locks", { value: undefined });

const client = (options = {}) => new ClaivClient({ apiKey: "key-of-a-page", baseUrl: location.origin, maxRetries: 0, timeout: Number(query.timeout ?? 5000), ...options });
const dies = () => {
  location.replace("/killed");
  return new Promise(() => {});
};
const eventOf = (n) => ({ user_id: `u${n % 2}`, conversation_id: `c${n % 3}`, type: "message", content: `event ${n}`, metadata: { n }, idempotency_key: `key-${n}` });
const numbers = () => Array.from({ length: Number(query.count ?? 0) }, (_, i) => Number(query.first ?? 0) + i);

/** An outbox whose page dies at step `query.kill`: before and after each call of the store and of fetch. */
function open(more = {}) {
  let step = 0;
  const kill = Number(query.kill ?? 0);
  const stepped = (call) => async (...args) => {
    if (++step === kill) return dies();
    const value = await call(...args);
    if (++step === kill) return dies();
    return value;
  };
  const store = indexedDBStore({ name: query.db });
  const { lock, close } = store;
  const wrapped = { lock, close, ...Object.fromEntries(["add", "list", "remove"].map((name) => [name, stepped(store[name])])) };
  return createOutbox({ client: client({ fetch: stepped((...args) => fetch(...args)) }), store: wrapped, version: "v6", onError: () => {}, ...more });
}

/** Text that no database makes smaller. */
const random = (size) => Array.from({ length: size / 1000 }, () => String.fromCharCode(...crypto.getRandomValues(new Uint8Array(1000)).map((byte) => 33 + byte % 90))).join("");

const until = async (holds) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};

const programs = {
  async contract() {
    const faults = [];
    for (const { name, run } of storeContract((name) => indexedDBStore({ name }))) await run().catch((error) => faults.push(`${name}: ${error.message}`));
    return faults;
  },
  /** Queues events, and tells which were promised to be durable. */
  async queue() {
    const outbox = open();
    const queued = [];
    for (const n of numbers()) {
      await outbox.ingest(eventOf(n));
      queued.push(n);
    }
    if (query.close) await outbox.close();
    /** True once an earlier call has found the store empty: WebDriver does not wait for a promise. */
    window.isEmpty = () => {
      outbox.size().then((size) => { window.left = size; });
      return window.left === 0;
    };
    return queued;
  },
  async flush() {
    const outbox = open();
    let sent = 0;
    let left = 1;
    while (left > 0) {
      const result = await outbox.flush();
      sent += result.sent;
      left = result.left;
    }
    return sent;
  },
  /** Waits until nothing is left, without asking for it. */
  async drain() {
    const outbox = open();
    await until(async () => (await outbox.size()) === 0);
  },
  /** Fails once, then waits for the event that the page is online. */
  async online() {
    const outbox = open();
    for (const n of numbers()) await outbox.ingest(eventOf(n));
    await until(() => window.isOnline);
    if (query.dispatch) dispatchEvent(new Event("online"));
    const since = performance.now();
    await until(async () => (await outbox.size()) === 0);
    return performance.now() - since;
  },
  /** Queues without a pause, and once more at each event that the page is being left; notes then which were promised. Numbers are in the order of the calls. */
  async leave() {
    const outbox = open();
    const promised = [];
    const ingest = (n) => outbox.ingest(eventOf(n)).then(() => promised.push(n), () => {});
    let n = Number(query.first);
    for (const target of [window, document]) {
      for (const type of ["pagehide", "visibilitychange"]) {
        target.addEventListener(type, () => {
          navigator.sendBeacon("/note", JSON.stringify(promised));
          void ingest(n++);
        });
      }
    }
    const loop = async () => { for (;;) await ingest(n++); };
    for (let i = 0; i < 4; i++) void loop();
    await until(() => promised.length > 20);
  },
  /** Queues events, and again when it is told to; tells whether it was in the back/forward cache meanwhile. */
  async back() {
    const outbox = open();
    const queue = async (list) => { for (const n of list) await outbox.ingest(eventOf(n)); };
    addEventListener("pageshow", ({ persisted }) => { window.wasCached = persisted; });
    await queue(numbers());
    window.more = (first, count) => { void queue(Array.from({ length: count }, (_, i) => first + i)); };
  },
  async forget() {
    const outbox = open();
    await outbox.forget({ user_id: "u0", conversation_id: "c0" });
    const left = [];
    for await (const { event } of outbox.pending()) left.push(event.metadata.n);
    return left;
  },
  async full() {
    const outbox = open();
    const queued = [];
    let refused;
    for (const n of numbers()) {
      try {
        await outbox.ingest({ ...eventOf(n), content: random(Number(query.size)) });
        queued.push(n);
      } catch (error) {
        refused ??= `${error.name}: ${error.message}`;
      }
    }
    return { queued, refused };
  },
};

window.isOnline = false;
const report = (what) => fetch(`/report/${query.name}`, { method: "POST", body: JSON.stringify(what) });
programs[query.do]().then((value) => report({ value: value ?? null }), (error) => report({ error: String(error?.stack ?? error) }));
