// A fresh process, up to its first answer: import, construct, call.   cold.mjs <client>
import { EVENT, KEY, NOWHERE, stub } from "./workload.mjs";

const { make } = await import(`../clients/${process.argv[2]}.mjs`);
await make({ url: NOWHERE, key: KEY, fetch: stub }).ingest(EVENT);
process.exit(0);
