// Makes calls with a limit, one after the other, and prints how each ended:  node frozen-program.mjs <url> <option> <ms> <rounds>
import { ClaivClient } from "claiv-memory";

const [, , baseUrl, option, ms, rounds] = process.argv;
const client = new ClaivClient({ apiKey: "ck_frozen", baseUrl, maxRetries: 0 });
// Node compiles its parser of HTTP during the first answer, which takes more than a turn.
await client.getUsageLimits();
for (let i = 0; i < Number(rounds); i++) {
  const ended = await client.getUsageLimits({ [option]: Number(ms) }).then(() => "answered", (error) => error.name);
  console.log(ended);
}
process.exit(0);
