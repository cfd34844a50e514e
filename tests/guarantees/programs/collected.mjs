// Copies of clients whose original is collected while others are made: no request may carry one client's key to another's server.
// Needs --expose-gc.
//   node --expose-gc collected.mjs <rounds>
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { once } from "node:events";
import { ClaivClient, ClaivError } from "claiv-memory";

const { cloneDeep } = createRequire(import.meta.url)("lodash");
const rounds = Number(process.argv[2]);

/** A server that notes the keys it is sent. */
async function server() {
  const keys = new Map();
  const listener = createServer((incoming, outgoing) => {
    incoming.resume().on("end", () => {
      const key = incoming.headers.authorization;
      keys.set(key, (keys.get(key) ?? 0) + 1);
      outgoing.end('{"event_id":"e"}');
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  return { keys, url: `http://127.0.0.1:${listener.address().port}` };
}

const [a, b] = [await server(), await server()];
const event = { user_id: "u", type: "message", content: "c" };
const make = ({ url }, apiKey) => new ClaivClient({ apiKey, baseUrl: url, maxRetries: 0, timeout: 5000 });

const COPIES = {
  cloneDeep,
  spread: (client) => Object.setPrototypeOf({ ...client }, ClaivClient.prototype),
  assign: (client) => Object.assign(Object.create(ClaivClient.prototype), client),
  descriptors: (client) => Object.create(Object.getPrototypeOf(client), Object.getOwnPropertyDescriptors(client)),
  json: (client) => Object.setPrototypeOf(JSON.parse(JSON.stringify(client)), ClaivClient.prototype),
};
const ends = {};
const wrong = [];
const note = (what) => { if (wrong.length < 5) wrong.push(what); };

async function round(n) {
  const [name, copy] = Object.entries(COPIES)[n % 5];
  // In a function of its own, so that nothing holds the original.
  const made = (() => {
    const client = make(a, "key-of-a");
    // One in two is closed as well.
    const copies = [copy(client), copy(client)];
    if (n % 2) client.close();
    return copies;
  })();
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 0));
  globalThis.gc();
  const others = Array.from({ length: 3 }, () => make(b, "key-of-b"));
  for (const one of made) {
    let promise;
    try {
      promise = one.ingest(event);
    } catch (error) {
      note(`${name}: the method threw ${error?.stack ?? error}`);
      continue;
    }
    const error = await Promise.race([promise.then(() => undefined, (reason) => reason), new Promise((resolve) => setTimeout(resolve, 3000, "pending"))]);
    const end = error === undefined ? "fulfilled" : error instanceof ClaivError ? "ClaivError" : "other";
    ends[end] = (ends[end] ?? 0) + 1;
    if (end !== "ClaivError") note(`${name}: ${end} ${error?.stack ?? ""}`);
  }
  // The others are themselves.
  await others[n % 3].ingest(event);
}

let error;
try {
  for (let n = 0; n < rounds && wrong.length < 5; n++) await round(n);
} catch (reason) {
  error = String(reason?.stack ?? reason);
}
console.log(JSON.stringify({ a: [...a.keys], b: [...b.keys], ends, wrong, error }));
process.exit();
