// Users, their threads and conversations, and the events in them; documents with their sections, and collections.
import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { bytes, count, day, html, many, minute } from "./html.js";
import { FIELD } from "./keys.js";
import { WindowList, usePages } from "./window-list.js";

const ROW = 84;
const ALL = { kind: "all" };
/** How many threads are listed at first, and are added at once. */
const THREADS = 200;

function Threads({ threads, events, chosen, choose, documents }) {
  const [listed, setListed] = useState(THREADS);
  const entry = (place, name, facts, title) => {
    const current = place.kind === chosen.kind && place.id === chosen.id;
    return html`<li key=${`${place.kind}${place.id}`}><button class="entry" aria-pressed=${current} title=${title} onClick=${() => choose(place)}><bdi>${name}</bdi><small>${facts}</small></button></li>`;
  };
  return html`<nav class="threads" aria-label="Threads and documents">
    <h3>Threads</h3>
    <ul>
      ${entry(ALL, "All events", many(events, "event"))}
      ${threads.slice(0, listed).map((thread) => entry({ kind: "thread", id: thread.thread_id }, thread.thread_id ?? "without a thread", `${many(thread.events, "event")} · ${day(thread.last_time)}`, thread.projects.length > 0 ? `Projects: ${thread.projects.join(", ")}` : undefined))}
    </ul>
    ${threads.length > listed ? html`<button class="quiet" onClick=${() => setListed(listed + THREADS)}>${count(listed)} of ${count(threads.length)}: show more</button>` : ""}
    ${documents.documents.length > 0 ? html`<h3>Documents</h3><ul>${documents.documents.map((one) => entry({ kind: "document", id: one.document_id }, one.document_name, `${many(one.section_count, "section")} · ${bytes(one.bytes)}`))}</ul>` : ""}
    ${documents.collections.length > 0 ? html`<h3>Collections</h3><ul>${documents.collections.map((one) => entry({ kind: "collection", id: one.collection_id }, one.name, many(one.members.length, "document")))}</ul>` : ""}
  </nav>`;
}

const Tag = ({ name, children }) => (children === null || children === undefined || children === "" ? "" : html`<span class="tag"><i>${name}</i> <bdi>${children}</bdi></span>`);

function Row({ event }) {
  if (!event) return html`<p class="faint">…</p>`;
  return html`
    <p class="who"><b class=${`role ${event.role ?? event.type}`}>${event.role ?? event.type}</b><time datetime=${event.event_time}>${minute(event.event_time)}</time>
      <${Tag} name="thread">${event.thread_id}</${Tag}><${Tag} name="project">${event.project_id}</${Tag}><${Tag} name="scope">${event.scope}</${Tag}></p>
    <p class="content" dir="auto">${event.content}</p>`;
}

const SHOWN = 20_000;

function Details({ user, event, version, close }) {
  const api = useApi();
  const { value, error } = useAnswer(() => event && api.get("event", { user_id: user, event_id: event.event_id }), [user, event?.event_id, version]);
  const [all, setAll] = useState(false);
  const text = useRef();
  useEffect(() => setAll(false), [event?.event_id]);
  // The button that was pressed is gone by then.
  useEffect(() => {
    if (all) text.current?.focus();
  }, [all]);
  if (!event) return html`<aside class="details" aria-label="Event"><p class="faint">Choose an event to see all of it. With the list in focus the arrow keys move, Home and End jump, Escape closes what is shown here.</p></aside>`;
  const whole = value?.event_id === event.event_id ? value : event;
  if (error || whole.content === undefined) return html`<aside class="details chosen" aria-label="Event"><p class=${error ? "error" : "faint"}>${error ? error.message : "…"}</p></aside>`;
  const long = whole.content.length > SHOWN && !all;
  const facts = [
    ["event", whole.event_id], ["type", whole.type], ["role", whole.role], ["thread", whole.thread_id], ["scope", whole.scope], ["project", whole.project_id],
    ["happened", whole.event_time], ["stored", whole.stored_at], ["idempotency key", whole.idempotency_key], ["document", whole.document_name ?? whole.document_id],
    ["retention", whole.retention_policy], ["size", `${bytes(whole.content_bytes)}, ${many(whole.tokens, "token")}`], ["useful", whole.used ? `in ${many(whole.used, "recall")}, by feedback` : null],
  ];
  return html`<aside class="details chosen" aria-label="Event"><button class="quiet close" aria-label="Close the event" title="Close (Esc in the list)" onClick=${close}>×</button>
    <dl>${facts.filter(([, fact]) => fact !== null && fact !== undefined).map(([name, fact]) => html`<dt>${name}</dt><dd><bdi>${fact}</bdi></dd>`)}</dl>
    <pre class="text" ref=${text} dir="auto" role="group" tabindex="0" aria-label="Content">${long ? whole.content.slice(0, SHOWN) : whole.content}</pre>
    ${long ? html`<button onClick=${() => setAll(true)}>Show all ${bytes(whole.content_bytes)}</button>` : ""}
    ${whole.metadata ? html`<h3>Metadata</h3><pre class="code" role="group" tabindex="0" aria-label="Metadata">${JSON.stringify(whole.metadata, null, 2)}</pre>` : ""}
  </aside>`;
}

/** The index of the selected event's row. The remembered one (`at`) holds unless another event is loaded there by now; then it is looked for by its id. Undefined if it is not among the loaded rows. */
function placeOf(selected, rows) {
  if (selected === undefined) return undefined;
  const { at, id } = selected;
  if (at !== undefined && (id === undefined || !rows.has(at) || rows.get(at).event_id === id)) return at;
  for (const [place, row] of rows) if (row.event_id === id) return place;
  return undefined;
}

function Events({ user, place, version, linked }) {
  const api = useApi();
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState("newest");
  const [selected, setSelected] = useState(linked && { id: linked });
  const thread = place.kind === "thread" ? (place.id === null ? { thread: "none" } : { thread_id: place.id }) : {};
  const about = [user, place.kind, place.id, search, order];
  const { total, rows, show, error } = usePages((offset, limit) => api.get("events", { user_id: user, ...thread, search, order, offset, limit }), [...about, version]);
  const at = placeOf(selected, rows);
  const id = rows.get(at)?.event_id ?? selected?.id;
  useEffect(() => {
    if (selected && (selected.at !== at || selected.id !== id)) setSelected({ at, id });
  }, [at, id]);
  const list = useRef();
  const close = () => {
    setSelected(undefined);
    list.current.querySelector(".window").focus();
  };
  const look = (set) => (event) => {
    setSelected(undefined);
    set(event.target.value);
  };
  return html`<section class="events" aria-label="Events" ref=${list}>
    <div class="bar">
      <label class="grow"><span class="sr">Search the events</span><input type="search" ...${FIELD} placeholder="Search events" value=${search} onInput=${look(setSearch)} /></label>
      <label><span class="sr">Order</span><select value=${order} onChange=${look(setOrder)}><option value="newest">newest first</option><option value="oldest">oldest first</option></select></label>
      <span class="faint" role="status">${total === undefined ? "" : many(total, "event")}</span>
    </div>
    ${error ? html`<p class="error" role="alert">${error.message}</p>` : ""}
    ${total === 0 ? html`<p class="empty">${search ? "No event has these words." : "Nothing is stored here."}</p>` : ""}
    <${WindowList} key=${about.join("\n")} total=${total ?? 0} height=${ROW} label="Events" selected=${at} onSelect=${(row) => setSelected(row === undefined ? undefined : { at: row, id: rows.get(row)?.event_id })} onShow=${show} row=${(at) => html`<${Row} event=${rows.get(at)} />`} />
  </section>
  <${Details} user=${user} event=${rows.get(at) ?? (id && { event_id: id })} version=${version} close=${close} />`;
}

/** A section of a document, the beginning of it at first. */
function Section({ user, section, version }) {
  const api = useApi();
  const [all, setAll] = useState(false);
  const text = useRef();
  const { value, error } = useAnswer(async () => all && api.get("section", { user_id: user, node_id: section.node_id }), [all, section.node_id, version]);
  useEffect(() => {
    if (value) text.current.focus();
  }, [Boolean(value)]);
  return html`<details class="card"><summary><bdi>${section.title ?? "without a heading"}</bdi> <small>${bytes(section.bytes)}</small></summary>
    <pre class="text" ref=${text} dir="auto" role="group" tabindex="0" aria-label="Content">${value ? value.content : section.content}${value || !section.cut ? "" : "…"}</pre>
    ${error ? html`<p class="error">${error.message}</p>` : ""}${section.cut && !value ? html`<button onClick=${() => setAll(true)}>Show all ${bytes(section.bytes)}</button>` : ""}</details>`;
}

function Sections({ user, document, version }) {
  return html`<section class="events wide" aria-label="Sections">
    <p class="who"><b>${document.document_name}</b><${Tag} name="project">${document.project_id}</${Tag}><${Tag} name="status">${document.status}</${Tag}><span class="faint">${many(document.spans, "passage")}, uploaded ${minute(document.uploaded_at)}</span></p>
    ${document.sections.map((section) => html`<${Section} key=${section.node_id} user=${user} section=${section} version=${version} />`)}
    ${document.section_count > document.sections.length ? html`<p class="faint">and ${count(document.section_count - document.sections.length)} more</p>` : ""}
  </section>`;
}

function Members({ collection, documents }) {
  const name = (id) => documents.find((one) => one.document_id === id)?.document_name ?? id;
  return html`<section class="events wide" aria-label="Collection">
    <p class="who"><b>${collection.name}</b><span class="faint">${collection.ordered ? "ordered" : "in no order"}</span></p>
    <ol>${collection.members.map((member) => html`<li key=${member.document_id}><bdi>${name(member.document_id)}</bdi></li>`)}</ol>
  </section>`;
}

export function Timeline({ user, event, version, last }) {
  const api = useApi();
  const [place, setPlace] = useState(ALL);
  const { value } = useAnswer(async () => {
    if (user === "") return undefined;
    const [{ threads }, documents] = await Promise.all([api.get("threads", { user_id: user }), api.get("documents", { user_id: user })]);
    return { user, threads, documents };
    // A collection can change without any other number of the overview.
  }, [user, version, last]);
  useEffect(() => setPlace(ALL), [user, event]);
  if (user === "") return html`<p class="empty">Nothing is stored yet. Send something to the emulator, or <a href="#tools/">seed the demo's conversation</a>.</p>`;
  if (value?.user !== user) return "";
  const { threads, documents } = value;
  const document = place.kind === "document" && documents.documents.find((one) => one.document_id === place.id);
  const collection = place.kind === "collection" && documents.collections.find((one) => one.collection_id === place.id);
  return html`<div class="timeline">
    <${Threads} threads=${threads} events=${threads.reduce((sum, thread) => sum + thread.events, 0)} documents=${documents} chosen=${place} choose=${setPlace} />
    ${document ? html`<${Sections} user=${user} document=${document} version=${version} />` : collection ? html`<${Members} collection=${collection} documents=${documents.documents} />` : html`<${Events} key=${[user, place.kind, place.id, event].join("\n")} user=${user} place=${place} version=${version} linked=${event} />`}
  </div>`;
}
