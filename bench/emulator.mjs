// How the durations of the emulator grow with its events, of one user and of ten thousand:  node bench/emulator.mjs [events…]
// Needs the built package: make build. Figures are medians, in milliseconds.
import { ClaivEmulator } from "../pkg/dist/emulator.js";

const sizes = process.argv.slice(2).map(Number);
const SIZES = sizes.length > 0 ? sizes : [10_000, 100_000, 300_000, 475_000];
const ROUNDS = 15;
const SUBJECTS = ["seat", "coffee", "deadline", "invoice", "garden", "train", "allergy", "meeting", "recipe", "passport"];
const WORDS = "user prefers window green morning project budget friend weekend north quiet office летом été team plan review city music".split(" ");

/** Words that are rare, common and in every event. */
function content(i) {
  const word = (n) => WORDS[(i * n + (i >> 4)) % WORDS.length];
  return `note ${SUBJECTS[i % SUBJECTS.length]} ${word(3)} ${word(7)} ${word(11)} ${word(13)} about item${i % 5000} number ${i}`;
}

function* lines(events, users) {
  for (let i = 0; i < events; i++) {
    const at = new Date(Date.UTC(2024, 0, 1) + i * 1000).toISOString();
    const event = { event_id: `evt_${i}`, user_id: `user-${i % users}`, thread_id: `t${i % 50}`, type: "message", role: "user", content: content(i), event_time: at, stored_at: at, idempotency_key: `k${i}` };
    yield `${JSON.stringify({ op: "event", event })}\n`;
  }
}

/** Chunks of lines, as a data file has them. */
function* chunks(events, users) {
  const encoder = new TextEncoder();
  let text = "";
  for (const line of lines(events, users)) {
    text += line;
    if (text.length > 4e6) yield encoder.encode(text), (text = "");
  }
  if (text) yield encoder.encode(text);
}

function timed(act) {
  const began = performance.now();
  act();
  return performance.now() - began;
}

async function median(act, rounds = ROUNDS) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await act(i);
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other)[times.length >> 1];
}

function calls(emulator) {
  return async (path, body) => {
    const request = new Request(`https://emulator.test${path}`, { method: "POST", headers: { authorization: "Bearer k" }, body: JSON.stringify(body) });
    const response = await emulator.fetch(request);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text.slice(0, 300)}`);
    return text;
  };
}

const show = (ms) => (ms >= 100 ? ms.toFixed(0) : ms.toFixed(2)).padStart(9);

async function grow(events, users) {
  const emulator = new ClaivEmulator({ journal: true, logLimit: 0, now: Date.UTC(2024, 1, 1) });
  const prepared = [...chunks(events, users)];
  const load = timed(() => prepared.forEach((chunk) => emulator.applyChanges(chunk)));
  const prepare = timed(() => {
    while (emulator.prepare());
  });
  const post = calls(emulator);
  const ask = { user_id: "user-0", token_budget: 2000 };
  const rare = await median(() => post("/v1/recall", { ...ask, task: "what about item77?" }));
  const common = await median(() => post("/v1/recall", { ...ask, task: "note about the green seat of the user" }));
  const thread = await median(() => post("/v1/recall", { ...ask, task: "note about the green seat", thread_id: "t1" }));
  const none = await median(() => post("/v1/recall", { ...ask, task: "zebra" }));
  const v2 = await median(() => post("/v2/recall", { ...ask, task: "green seat", mode: "conversation" }));
  const v3 = await median(() => post("/v3/recall", { ...ask, task: "note about the green seat of the user" }));
  const v6 = await median(() => post("/v6/recall", { user_id: "user-0", conversation_id: "t1", query: "note about the green seat of the user" }));
  const ingest = await median((i) => post("/v1/ingest", { user_id: "user-0", type: "message", content: content(events + i) }), 200);
  emulator.takeChanges();
  const forget = await median((i) => post("/v1/forget", { user_id: "user-0", thread_id: `t${i + 20}` }));
  const lined = timed(() => emulator.exportLines());
  const exported = timed(() => emulator.exportState());
  console.log(`${String(events).padStart(8)} ${String(users).padStart(6)} ${[load, prepare, rare, common, thread, none, v2, v3, v6, ingest, forget, lined, exported].map(show).join(" ")}`);
}

async function large() {
  const emulator = new ClaivEmulator({ logLimit: 0 });
  const post = calls(emulator);
  const words = Array.from({ length: 450_000 }, (_, i) => `${WORDS[i % WORDS.length]} ${i % 977}`).join(" ").slice(0, 5_000_000);
  const ingest = await median(() => post("/v3/ingest", { user_id: "long", type: "message", content: words }), 1);
  const recall = await median(() => post("/v3/recall", { user_id: "long", task: "green morning budget", token_budget: 8000 }), 5);
  const headings = "# a\n".repeat(1_225_000);
  const upload = await median(() => post("/v6/documents", { user_id: "doc", project_id: "p", document_name: "d", content: headings }), 1);
  const facts = await median(() => post("/v6/recall", { user_id: "doc", project_id: "p", conversation_id: "c", query: "a" }), 3);
  console.log(`one event of 5 MB: ingest ${show(ingest).trim()}, V3 recall ${show(recall).trim()}`);
  console.log(`a document of 4.9 MB of "# a": upload ${show(upload).trim()}, V6 recall ${show(facts).trim()}`);
}

console.log(`  events  users      load   prepare  V1 rare V1 common V1 thread   V1 none   V2 conv        V3        V6    ingest    forget     lines    export`);
for (const users of [1, 10_000]) for (const events of SIZES) await grow(events, users);
await large();
