// A process of the storm: queues the events from <first> on, a few at a time, and sends, until it is killed:
//   node storm-program.mjs <file> <url> <first> <events>
// It prints the number of the last event up to which all are promised to be durable, and "done" once nothing is left.
import { ClaivClient } from "claiv-memory";
import { createOutbox, fileStore } from "claiv-memory/outbox";

const AT_ONCE = 20;
const [file, url, first, events] = process.argv.slice(2);
const client = new ClaivClient({ apiKey: "key-of-the-storm", baseUrl: url, maxRetries: 1, timeout: 3000 });
const outbox = createOutbox({
  client, store: fileStore(file), version: "v1", concurrency: 50, maxItems: 50_000, onError: () => {},
  onDropped: (event) => console.log(`dropped ${event.metadata.n}`),
});

export const eventOf = (n) => ({ user_id: `u${n % 10}`, thread_id: `t${n % 100}`, type: "message", content: `event ${n}`, metadata: { n }, idempotency_key: `key-${n}` });

for (let n = Number(first); n < Number(events); n += AT_ONCE) {
  const last = Math.min(n + AT_ONCE, Number(events));
  await Promise.all(Array.from({ length: last - n }, (_, i) => outbox.ingest(eventOf(n + i))));
  console.log(`queued ${last}`);
}
while ((await outbox.flush()).left > 0) await new Promise((resolve) => setTimeout(resolve, 50));
await outbox.close();
console.log("done");
