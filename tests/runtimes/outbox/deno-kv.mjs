// A program of Deno's with an outbox in Deno KV:  deno run --unstable-kv deno-kv.mjs <contract | queue | drain> <file> <url> [first] [count]
import { ClaivClient } from "claiv-memory";
import { createOutbox, denoKvStore, storeContract } from "claiv-memory/outbox";

const [what, file, url, first, count] = Deno.args;
const kv = await Deno.openKv(file);
const print = (value) => console.log(`@result ${JSON.stringify(value)}`);

if (what === "contract") {
  const faults = [];
  for (const { name, run } of storeContract((name) => denoKvStore(kv, { prefix: [name] }))) await run().catch((error) => faults.push(`${name}: ${error.message}`));
  const large = await denoKvStore(kv).add({ text: "x".repeat(70_000) }, 10).then(() => "taken", (error) => error.name);
  print({ faults, large });
  Deno.exit();
}

const client = new ClaivClient({ apiKey: "key-of-a-deno", baseUrl: url, maxRetries: 0, timeout: 5000 });
const outbox = createOutbox({ client, store: denoKvStore(kv), version: "v6", onError: () => {} });
if (what === "queue") {
  for (let n = Number(first); n < Number(first) + Number(count); n++) {
    await outbox.ingest({ user_id: `u${n % 2}`, conversation_id: `c${n % 3}`, type: "message", content: `event ${n}`, metadata: { n }, idempotency_key: `key-${n}` });
    print({ queued: n });
  }
}
while ((await outbox.flush()).left > 0) await new Promise((resolve) => setTimeout(resolve, 50));
await outbox.close();
print({ done: true });
Deno.exit();
