// Something of the caller's that calls the client without end.
//   node endless.mjs <fetch|async fetch|patient fetch|getter|toJSON|proxy|hook|apiKey>
import { ClaivClient, ClaivError } from "claiv-memory";
import { ends, printResult, watchProcess } from "./deep.mjs";

const [, , what] = process.argv;
const stray = watchProcess();
const event = { user_id: "u", type: "message", content: "c" };
const right = async () => ({ status: 200, headers: new Map(), text: async () => '{"event_id":"e"}' });
let running = true;
let depth = 0;
const inner = [];
/** More than fit on a stack. What is read twice by every call doubles the calls at each level, so there has to be an end. */
const MOST = 5000;
/** A call within a call; its end is looked at afterwards. */
function again(request = event) {
  if (depth >= MOST) return right();
  depth += 1;
  const promise = client.ingest(request);
  inner.push(promise);
  promise.catch(() => {});
  return promise;
}

const FETCHES = {
  fetch: () => again(),
  "async fetch": async () => again(),
  // Each waits for a turn of the event loop, so that there is no end of the stack; the first one's timeout ends it.
  "patient fetch": async () => { await new Promise((resolve) => setTimeout(resolve, 1)); return running ? again() : right(); },
};
const getter = { ...event, get metadata() { again(getter); return {}; } };
const json = { ...event, metadata: { toJSON() { again(json); return {}; } } };
const proxy = new Proxy(event, { get(target, name) { if (name === "content") again(proxy); return target[name]; } });
const REQUESTS = { getter, toJSON: json, proxy };
const MORE = {
  hook: { onRequest: () => { again(); } },
  apiKey: { apiKey: () => { again(); return "k"; } },
};
const client = new ClaivClient({ apiKey: "k", baseUrl: "http://127.0.0.1:9", fetch: FETCHES[what] ?? right, timeout: 400, maxRetries: 0, ...MORE[what] });

let first;
try {
  first = client.ingest(REQUESTS[what] ?? event);
} catch (error) {
  first = Promise.reject(error);
  stray.push(`the method threw ${error}`);
}
const outcome = await ends([first], ClaivError, 10_000);
running = false;
const within = await ends(inner, ClaivError, 10_000);
const working = new ClaivClient({ apiKey: "k", fetch: right });
printResult({ depth, outcome, within, stray, after: await working.ingest(event).then(({ event_id }) => event_id, (error) => String(error.stack)) });
