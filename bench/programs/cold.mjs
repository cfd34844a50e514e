// A fresh process, up to its first answer: import, construct, call.   cold.mjs <client> [cpu]
import { EVENT, KEY, NOWHERE, stub } from "./workload.mjs";

const { make } = await import(`../clients/${process.argv[2]}.mjs`);
await make({ url: NOWHERE, key: KEY, fetch: stub }).ingest(EVENT);
if (process.argv[3] === "cpu") {
  const { user, system } = process.cpuUsage();
  console.log(`@bench ${(user + system) / 1000}`);
}
process.exit(0);
