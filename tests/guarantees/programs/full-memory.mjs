// More calls than the module's memory has room for: with node --wasm-max-mem-pages=N it cannot grow beyond N pages of 64 KiB.
//   node full-memory.mjs pages                 prints how many pages the module begins with
//   node --wasm-max-mem-pages=N full-memory.mjs <calls> <events>
const memories = new Set();
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    for (const part of Object.values(this.exports)) if (part instanceof WebAssembly.Memory) memories.add(part);
  }
};
const { ClaivClient, ClaivError } = await import("claiv-memory");

let answering = false;
const waiting = [];
const sent = [];
const right = () => ({ status: 200, headers: new Map(), text: async () => '{"event_id":"e"}' });
const fetch = (url, { headers }) => {
  if (answering) {
    sent.push([url, headers.authorization, headers["x-a"]]);
    return Promise.resolve(right());
  }
  return new Promise((resolve) => waiting.push(resolve));
};
const make = (name) => new ClaivClient({ apiKey: `key-of-${name}`, baseUrl: `https://${name}.example.com`, fetch, timeout: 20_000, maxRetries: 0, defaultHeaders: { "x-a": name } });
const [a, b, closed] = ["a", "b", "closed"].map(make);
closed.close();
const event = (i) => ({ user_id: `user-${i}`, type: "message", content: "I moved to Lisbon ".repeat(20), metadata: { i } });

if (process.argv[2] === "pages") {
  answering = true;
  await a.ingest(event(0));
  console.log(JSON.stringify({ pages: Math.max(...[...memories].map(({ buffer }) => buffer.byteLength / 65536)), sent: sent.length }));
  process.exit();
}

const stray = [];
for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, (error) => stray.length < 5 && stray.push(`${name}: ${error?.stack ?? error}`));
const [calls, events] = process.argv.slice(2).map(Number);
const counts = { fulfilled: 0, ClaivError: 0, other: 0, threw: 0, pending: 0 };
const examples = [];
const messages = {};
const note = (how, error) => {
  counts[how] += 1;
  if (how === "ClaivError") messages[error.message.slice(0, 200)] = (messages[error.message.slice(0, 200)] ?? 0) + 1;
  if (how === "other" || how === "threw") if (examples.length < 3) examples.push(String(error?.stack ?? error).slice(0, 500));
};
const ends = (promise) => promise.then(() => note("fulfilled"), (error) => note(error instanceof ClaivError ? "ClaivError" : "other", error));
const all = [];
function begin(call) {
  try {
    all.push(ends(call()));
  } catch (error) {
    note("threw", error);
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

for (let i = 0; i < calls; i++) {
  begin(() => (i % 3 ? a : b).ingest(event(i)));
  if (i % 100 === 99) await turn();
}
let batch;
if (events) begin(() => (batch = a.ingestMany(Array.from({ length: events }, (_, i) => event(i)), { concurrency: 1000 })));
await turn();

// Calls that are still pending get their answer now; those that found no memory have been rejected.
answering = true;
for (const resolve of waiting) resolve(right());
await Promise.race([Promise.all(all), new Promise((resolve) => setTimeout(resolve, 15_000))]);
counts.pending = all.length - counts.fulfilled - counts.ClaivError - counts.other;
const results = await Promise.race([batch, new Promise((resolve) => setTimeout(resolve, 100))].map((one) => Promise.resolve(one).catch(() => undefined)));

// The clients must be the same as before.
sent.length = 0;
async function outcomeOf(get) {
  try {
    return (await get().ingest(event(0))).event_id;
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`.slice(0, 300);
  }
}
const after = [];
for (const get of [() => a, () => b, () => make("new")]) after.push(await outcomeOf(get));
const stillClosed = await outcomeOf(() => closed);
console.log(JSON.stringify({ counts, messages: Object.entries(messages).slice(0, 5), examples, stray, after, sent, stillClosed, batch: results?.length, instances: memories.size }));
process.exit();
