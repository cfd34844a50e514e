// Calls near the end of the stack, at many depths, and clean calls afterwards.
//   node overflow.mjs <what> <calls> [all]        `all`: at every level of each unwinding, else only at the 24 deepest
import { ClaivClient, ClaivError } from "claiv-memory";
import { ends, noRoom, printResult, unwind, watchProcess } from "./deep.mjs";

const [what, wanted, where] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const stray = watchProcess();
let sent = 0;
// Like a Response, without what Node needs to make one: it must be the client that runs out of stack, not a Response.
const fetch = async () => {
  sent += 1;
  return { status: 200, headers: new Map(), text: async () => '{"event_id":"e","deduped":false}' };
};
const options = { apiKey: "ck_deep", baseUrl: "http://127.0.0.1:9", fetch, timeout: 3000, maxRetries: 0 };
const client = new ClaivClient(options);
const event = { user_id: "u", type: "message", content: "I moved to Lisbon", metadata: { a: [1, 2, 3] } };

const WORK = {
  ingest: () => client.ingest(event),
  recall: () => client.recall({ user_id: "u", task: "t", token_budget: 500 }, { headers: { "x-a": "b" }, signal: SIGNAL }),
  invalid: () => client.ingest({ user_id: 7, type: "nonsense" }),
  ingestMany: () => client.ingestMany([event, event]),
  // The clients that do get made are used afterwards, so that none is half made.
  constructor: () => { made.push(new ClaivClient(options)); },
  fromEnv: () => { made.push(ClaivClient.fromEnv({ CLAIV_API_KEY: "ck_deep" }, { fetch })); },
  close: () => { doomed.at(-1).close(); doomed.pop(); },
};
const { signal: SIGNAL } = new AbortController();
const made = [];
const doomed = what === "close" ? Array.from({ length: wanted + 1 }, () => new ClaivClient(options)) : [];

// Written by index: there may be no room to call even `push`.
const promises = [];
const thrown = [];
const overflows = [];
const tally = { calls: 0, notBegun: 0, threwClaivError: 0, threwOther: 0, examples: [] };
let kept = 0;
let budget = 0;
function once() {
  if (tally.calls >= wanted || budget-- <= 0) return;
  tally.calls += 1;
  try {
    const promise = WORK[what]();
    if (promise) promises[kept++] = promise;
  } catch (error) {
    if (error instanceof RangeError) overflows[tally.notBegun++] = error;
    else thrown[thrown.length] = error;
  }
}

// The first call has the whole stack: a function is compiled when it is first called, which takes more stack than the call.
await client.ingest(event);
budget = 1;
once();
await Promise.allSettled(promises);
tally.calls = 0;
kept = 0;
promises.length = 0;

let dives = 0;
let handled = 0;
for (; tally.calls < wanted && dives < 2000; dives++) {
  budget = where === "all" ? Infinity : 24;
  try {
    unwind(once, budget, dives % 8);
  } catch (error) {
    // At the deepest level there may be no room even to count.
    if (!noRoom(error)) throw error;
  }
  while (handled < kept) promises[handled++].catch(() => {});
  if (dives % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
}
for (const error of thrown) {
  if (error instanceof ClaivError) tally.threwClaivError += 1;
  else if (tally.threwOther++ < 3) tally.examples.push(String(error?.stack ?? error).slice(0, 400));
}
const outcome = await ends(promises, ClaivError, 10_000);
await new Promise((resolve) => setTimeout(resolve, 20));

// Afterwards the same client, the clients made during the overflow, and a new one must work.
sent = 0;
const answers = [];
for (const one of [client, ...made.slice(0, 50), ...made.slice(-50), new ClaivClient(options)]) {
  answers.push(await one.ingest(event).then(({ event_id }) => event_id, (error) => String(error?.stack ?? error).slice(0, 400)));
}
// The engine names the function that it could not begin; a second function of the package means that the first had begun.
const begun = overflows.map(({ stack }) => stack).filter((stack) => stack.split("/claiv-memory/").length > 2).slice(0, 3);
printResult({ ...tally, begun, dives, outcome, stray, wrong: answers.filter((one) => one !== "e").slice(0, 3), sent: sent === answers.length });
