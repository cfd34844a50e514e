// A process that queues events into a file and is killed at some time:  node file-program.mjs <file> <url or "-"> <first> <count> [size]
// It prints the number of each event once that is promised to be durable, and "sent" for each that was sent.
import { ClaivClient } from "claiv-memory";
import { createOutbox, fileStore } from "claiv-memory/outbox";

const [file, url, first, count, size = "10"] = process.argv.slice(2);
const fetch = url === "-" ? async () => { throw new TypeError("offline"); } : globalThis.fetch;
const client = new ClaivClient({ apiKey: "k", baseUrl: url === "-" ? "https://api.claiv.test" : url, fetch, maxRetries: 0, timeout: 2000 });
const outbox = createOutbox({ client, store: fileStore(file), version: "v1", onError: () => {}, onDropped: (event, error) => console.log(`dropped ${event.metadata.n} ${error}`) });

process.send?.({ started: true });
for (let n = Number(first); n < Number(first) + Number(count); n++) {
  try {
    await outbox.ingest({
      user_id: `u${n % 3}`, thread_id: `t${n % 7}`, type: "message", content: "x".repeat(Number(size)), metadata: { n }, idempotency_key: `key-${n}`,
    });
    console.log(`queued ${n}`);
  } catch (error) {
    console.log(`refused ${n} ${error.name} ${error.cause?.code} ${error.message}`);
  }
}
console.log("all queued");
if (url !== "-") {
  while ((await outbox.flush()).left > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  console.log("all sent");
}
await outbox.close();
