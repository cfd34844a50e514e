// No key here: the server that gave out this page has it, and says whose memory it is.
import { ClaivClient } from "./vendor/index.js";
import { createOutbox, indexedDBStore } from "./vendor/outbox.js";

const claiv = new ClaivClient({ baseUrl: `${location.origin}/api/claiv`, apiKey: "session", maxRetries: 0 });
const find = (id) => document.getElementById(id);
const say = (text) => { find("status").textContent = text; };

const outbox = createOutbox({
  client: claiv,
  store: indexedDBStore({ name: "notes" }),
  version: "v6",
  onDropped: (event, error) => say(`“${event.content}” was refused: ${error.message}`),
  onError: (error) => say(`It will be tried again. ${error.message}`),
});

async function show() {
  const waiting = [];
  for await (const { event } of outbox.pending()) waiting.push(event.content);
  find("network").textContent = navigator.onLine ? "online" : "offline";
  find("waiting").textContent = waiting.length;
  find("list").replaceChildren(...waiting.map((content) => Object.assign(document.createElement("li"), { textContent: content })));
  if (!navigator.onLine) return;
  const { totals } = await claiv.getUsageSummary("today").catch(() => ({}));
  if (totals) find("stored").textContent = totals.ingest_events;
  if (waiting.length === 0 && totals) say("");
}

find("note").addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = find("text").value;
  try {
    await outbox.ingest({ user_id: "me", conversation_id: "notes", type: "message", role: "user", content });
    event.target.reset();
  } catch (error) {
    say(error.message);
  }
  await show();
});

// What other tabs queue and send is seen as well.
const again = () => show().catch((error) => say(error.message)).finally(() => setTimeout(again, 300));
again();
