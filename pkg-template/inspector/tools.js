// Seed, reset, export, import and the clock.
import { useEffect, useRef, useState } from "preact/hooks";
import { useApi } from "./api.js";
import { html, many } from "./html.js";
import { USER, events } from "./story.js";

const HOUR = 3_600_000;
const MOVES = [["an hour", HOUR], ["a day", 24 * HOUR], ["30 days", 30 * 24 * HOUR]];

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Deletes everything, once it is said twice. The focus goes along, since the button that was pressed is gone. */
function Reset({ reset }) {
  const [sure, setSure] = useState();
  const next = useRef();
  useEffect(() => {
    if (sure !== undefined) next.current.focus();
  }, [sure]);
  const yes = () => {
    setSure(false);
    reset();
  };
  return sure
    ? html`<div class="row-of-buttons"><button class="danger" onClick=${yes}>Yes, delete everything</button><button ref=${next} onClick=${() => setSure(false)}>No</button></div>`
    : html`<button class="danger" ref=${next} onClick=${() => setSure(true)}>Reset…</button>`;
}

export function Tools({ overview, refresh, choose }) {
  const api = useApi();
  const [said, setSaid] = useState({ text: "" });
  const act = (work, done) => async (event) => {
    try {
      const result = await work(event);
      setSaid({ text: typeof done === "function" ? done(result) : done });
    } catch (error) {
      setSaid({ text: error.message, failed: true });
    }
    refresh();
  };
  const seed = act(async () => {
    let stored = 0;
    setSaid({ text: "Storing…" });
    for (const event of events()) stored += (await api.service("/v1/ingest", event)).deduped ? 0 : 1;
    choose(USER);
    return stored;
  }, (stored) => (stored === 0 ? `All of it is there already, for the user ${USER}.` : `${many(stored, "event")} stored for the user ${USER}.`));
  const take = act(async () => download("claiv-memory.json", await api.text("state")), "The state is downloaded.");
  const bring = act(async (event) => {
    const [file] = event.target.files;
    const text = await file?.text();
    event.target.value = "";
    if (text !== undefined) await api.put("state", text);
  }, "The state is replaced.");
  const reset = act(() => api.post("reset", {}), "Everything is gone: events, documents, receipts, counters, faults and requests.");
  const move = (ms) => act(() => api.post("clock", { advance_ms: ms }), "The clock is moved.");
  return html`
    <p role="status" class=${said.text === "" ? "sr" : said.failed ? "error" : "good-news"}>${said.text}</p>
    <div class="cards">
      <section class="card" aria-labelledby="seed"><h3 id="seed">Seed</h3><p>The demo's conversation: Mara plans her move from Hamburg to Lisbon. Planting it twice stores nothing twice.</p><button class="first" onClick=${seed}>Seed the demo's conversation</button></section>
      <section class="card" aria-labelledby="clock"><h3 id="clock">Clock</h3><p>It is <time datetime=${overview.now}>${overview.now.replace("T", " ").slice(0, 19)}</time> UTC in the emulator. What the time deletes is deleted as it is moved.</p>
        <div class="row-of-buttons">${MOVES.map(([name, ms]) => html`<button key=${ms} onClick=${move(ms)}>Advance ${name}</button>`)}</div></section>
      <section class="card" aria-labelledby="state"><h3 id="state">State</h3><p>All that is remembered, receipts and counters included, as one file.</p>
        <div class="row-of-buttons"><button onClick=${take}>Export</button><label class="button">Import<input type="file" accept="application/json,.json" class="sr" onChange=${bring} /></label></div></section>
      <section class="card" aria-labelledby="reset"><h3 id="reset">Reset</h3><p>Back to the beginning. There is no undo: export the state first if you want it again.</p>
        <${Reset} reset=${reset} /></section>
    </div>`;
}
