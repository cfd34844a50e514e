// Users, their threads and conversations, and the events in them; documents with their sections, and collections.
import { useEffect, useState } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { bytes, count, day, html, many, minute } from "./html.js";
import { WindowList, usePages } from "./window-list.js";

const ROW = 84;
const ALL = { kind: "all" };

function Threads({ threads, events, chosen, choose, documents }) {
  const entry = (place, name, facts, title) => {
    const current = place.kind === chosen.kind && place.id === chosen.id;
    return html`<li key=${`${place.kind}${place.id}`}><button class="entry" aria-pressed=${current} title=${title} onClick=${() => choose(place)}><bdi>${name}</bdi><small>${facts}</small></button></li>`;
  };
  return html`<nav class="threads" aria-label="Threads and documents">
    <h3>Threads</h3>
    <ul>
      ${entry(ALL, "All events", many(events, "event"))}
      ${threads.map((thread) => entry({ kind: "thread", id: thread.thread_id }, thread.thread_id ?? "without a thread", `${count(thread.events)} · ${day(thread.last_time)}`, thread.projects.length > 0 ? `Projects: ${thread.projects.join(", ")}` : undefined))}
    </ul>
    ${documents.documents.length > 0 ? html`<h3>Documents</h3><ul>${documents.documents.map((one) => entry({ kind: "document", id: one.document_id }, one.document_name, `${many(one.section_count, "section")} · ${bytes(one.bytes)}`))}</ul>` : ""}
    ${documents.collections.length > 0 ? html`<h3>Collections</h3><ul>${documents.collections.map((one) => entry({ kind: "collection", id: one.collection_id }, one.name, many(one.members.length, "document")))}</ul>` : ""}
  </nav>`;
}

const Tag = ({ name, children }) => (children === null || children === undefined || children === "" ? "" : html`<span class="tag" title=${name}><span class="sr">${name}: </span><bdi>${children}</bdi></span>`);

function Row({ event }) {
  if (!event) return html`<p class="faint">…</p>`;
  return html`
    <p class="who"><b class=${`role ${event.role ?? event.type}`}>${event.role ?? event.type}</b><time datetime=${event.event_time}>${minute(event.event_time)}</time>
      <${Tag} name="thread">${event.thread_id}</${Tag}><${Tag} name="project">${event.project_id}</${Tag}><${Tag} name="scope">${event.scope}</${Tag}></p>
    <p class="content" dir="auto">${event.content}</p>`;
}

const SHOWN = 20_000;

function Details({ user, event, version }) {
  const api = useApi();
  const { value, error } = useAnswer(() => event && api.get("event", { user_id: user, event_id: event.event_id }), [user, event?.event_id, version]);
  const [all, setAll] = useState(false);
  useEffect(() => setAll(false), [event?.event_id]);
  if (!event) return html`<aside class="details" aria-label="Event"><p class="faint">Choose an event to see all of it. With the list in focus the arrow keys move, Home and End jump.</p></aside>`;
  const whole = value?.event_id === event.event_id ? value : event;
  const long = whole.content.length > SHOWN && !all;
  const facts = [
    ["event", whole.event_id], ["type", whole.type], ["role", whole.role], ["thread", whole.thread_id], ["scope", whole.scope], ["project", whole.project_id],
    ["happened", whole.event_time], ["stored", whole.stored_at], ["idempotency key", whole.idempotency_key], ["document", whole.document_name ?? whole.document_id],
    ["retention", whole.retention_policy], ["size", `${bytes(whole.content_bytes)}, ${many(whole.tokens, "token")}`], ["useful", whole.used ? `in ${many(whole.used, "recall")}, by feedback` : null],
  ];
  return html`<aside class="details" aria-label="Event">
    ${error ? html`<p class="error">${error.message}</p>` : ""}
    <dl>${facts.filter(([, fact]) => fact !== null && fact !== undefined).map(([name, fact]) => html`<dt>${name}</dt><dd><bdi>${fact}</bdi></dd>`)}</dl>
    <pre class="text" dir="auto" role="group" tabindex="0" aria-label="Content">${long ? whole.content.slice(0, SHOWN) : whole.content}</pre>
    ${long ? html`<button onClick=${() => setAll(true)}>Show all ${bytes(whole.content_bytes)}</button>` : ""}
    ${whole.metadata ? html`<h3>Metadata</h3><pre class="code" role="group" tabindex="0" aria-label="Metadata">${JSON.stringify(whole.metadata, null, 2)}</pre>` : ""}
  </aside>`;
}

function Events({ user, place, version }) {
  const api = useApi();
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState("newest");
  const [selected, setSelected] = useState();
  const thread = place.kind === "thread" ? (place.id === null ? { thread: "none" } : { thread_id: place.id }) : {};
  const about = [user, place.kind, place.id, search, order];
  const { total, rows, show } = usePages((offset, limit) => api.get("events", { user_id: user, ...thread, search, order, offset, limit }), [...about, version]);
  useEffect(() => setSelected(undefined), about);
  return html`<section class="events" aria-label="Events">
    <div class="bar">
      <label class="grow"><span class="sr">Search the events</span><input type="search" placeholder="Search in what was said" value=${search} onInput=${(event) => setSearch(event.target.value)} /></label>
      <button class="quiet" onClick=${() => setOrder(order === "newest" ? "oldest" : "newest")}>${order} first</button>
      <span class="faint" role="status">${many(total, "event")}</span>
    </div>
    ${total === 0 ? html`<p class="empty">${search ? "No event has these words." : "Nothing is stored here."}</p>` : ""}
    <${WindowList} key=${about.join("\n")} total=${total} height=${ROW} label="Events" selected=${selected} onSelect=${setSelected} onShow=${show} row=${(at) => html`<${Row} event=${rows.get(at)} />`} />
  </section>
  <${Details} user=${user} event=${selected === undefined ? undefined : rows.get(selected)} version=${version} />`;
}

function Sections({ document }) {
  return html`<section class="events wide" aria-label="Sections">
    <p class="who"><b>${document.document_name}</b><${Tag} name="project">${document.project_id}</${Tag}><${Tag} name="status">${document.status}</${Tag}><span class="faint">${many(document.spans, "passage")}, uploaded ${minute(document.uploaded_at)}</span></p>
    ${document.sections.map((section) => html`<details key=${section.node_id} class="card"><summary><bdi>${section.title ?? "without a heading"}</bdi> <small>${bytes(section.bytes)}</small></summary><pre class="text" dir="auto">${section.content}${section.bytes > section.content.length ? "…" : ""}</pre></details>`)}
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

export function Timeline({ user, version }) {
  const api = useApi();
  const [place, setPlace] = useState(ALL);
  const { value } = useAnswer(async () => {
    if (user === "") return undefined;
    const [{ threads }, documents] = await Promise.all([api.get("threads", { user_id: user }), api.get("documents", { user_id: user })]);
    return { user, threads, documents };
  }, [user, version]);
  useEffect(() => setPlace(ALL), [user]);
  if (user === "") return html`<p class="empty">Nothing is stored yet. Send something to the emulator, or <a href="#tools/">seed the demo's conversation</a>.</p>`;
  if (value?.user !== user) return "";
  const { threads, documents } = value;
  const document = place.kind === "document" && documents.documents.find((one) => one.document_id === place.id);
  const collection = place.kind === "collection" && documents.collections.find((one) => one.collection_id === place.id);
  return html`<div class="timeline">
    <${Threads} threads=${threads} events=${threads.reduce((sum, thread) => sum + thread.events, 0)} documents=${documents} chosen=${place} choose=${setPlace} />
    ${document ? html`<${Sections} document=${document} />` : collection ? html`<${Members} collection=${collection} documents=${documents.documents} />` : html`<${Events} user=${user} place=${place} version=${version} />`}
  </div>`;
}
