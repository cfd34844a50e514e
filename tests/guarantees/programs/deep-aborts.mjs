// Calls that are aborted near the end of the stack. Where the abort fails for lack of stack, the timeout ends the call.
import { ClaivClient, ClaivError } from "claiv-memory";
import { ends, noRoom, printResult, unwind, watchProcess } from "./deep.mjs";

const calls = Number(process.argv[2]);
const stray = watchProcess();
const event = { user_id: "u", type: "message", content: "I moved to Lisbon" };
// One in two listens to the signal that it is given.
let asked = 0;
const hangs = (_, { signal }) => new Promise((_resolve, reject) => {
  if (asked++ % 2) signal.addEventListener("abort", () => reject(signal.reason));
});
const client = new ClaivClient({ apiKey: "ck_deep", baseUrl: "http://127.0.0.1:9", fetch: hangs, timeout: 1500, maxRetries: 0 });
const controllers = Array.from({ length: calls }, () => new AbortController());
const promises = controllers.map(({ signal }, i) => (i % 4 ? client.ingest(event, { signal }) : client.ingestMany([event], { signal }).then(([{ reason }]) => Promise.reject(reason))));
for (const promise of promises) promise.catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 20));

const waiting = [...controllers];
function abortOne() {
  waiting.at(-1)?.abort("enough");
  waiting.pop();
}
// The first call has the whole stack, so that everything is compiled.
abortOne();
await new Promise((resolve) => setTimeout(resolve, 5));
for (let dives = 0; waiting.length > 0 && dives < 200; dives++) {
  try {
    unwind(abortOne, 40, dives % 8);
  } catch (error) {
    if (!noRoom(error)) throw error;
  }
}
const outcome = await ends(promises, ClaivError, 8000);
const kinds = { ClaivAbortError: 0, ClaivTimeoutError: 0 };
for (const promise of promises) await promise.catch((error) => { kinds[error.constructor.name] = (kinds[error.constructor.name] ?? 0) + 1; });
const working = new ClaivClient({ apiKey: "k", fetch: async () => new Response('{"event_id":"e"}') });
printResult({ outcome, kinds, stray, left: waiting.length, after: await working.ingest(event).then(({ event_id }) => event_id, (error) => String(error.stack)) });
