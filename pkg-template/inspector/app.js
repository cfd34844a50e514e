// The page: which view is shown, of which user, and what time it is in the emulator.
import { render } from "preact";
import { useCallback, useEffect, useErrorBoundary, useMemo, useState } from "preact/hooks";
import { Api, makeApi, useApi } from "./api.js";
import { count, html, many, minute } from "./html.js";
import { keep, kept } from "./kept.js";
import { Keys } from "./keys.js";
import { Live } from "./live.js";
import { Prompt } from "./prompt.js";
import { RecallLab } from "./recall-lab.js";
import { Timeline } from "./timeline.js";
import { Tools } from "./tools.js";
import { Usage } from "./usage.js";

const VIEWS = [
  { id: "timeline", name: "Timeline", View: Timeline },
  { id: "recall", name: "Recall lab", View: RecallLab },
  { id: "prompt", name: "What the model sees", View: Prompt },
  { id: "live", name: "Live requests", View: Live },
  { id: "usage", name: "Usage and forget", View: Usage },
  { id: "tools", name: "Seed and clock", View: Tools },
];
const POLL_MS = 1000;

/** `#recall/mara?task=…`: the view, the user, and what the view begins with: a `task` to recall for, or an `event` to show. */
function readHash() {
  const [, path, query] = /^#?([^?]*)\??(.*)$/s.exec(location.hash);
  const [id, ...user] = path.split("/");
  const view = VIEWS.find((one) => one.id === id) ?? VIEWS[0];
  let name = user.join("/");
  try {
    name = decodeURIComponent(name);
  } catch {
    // A hash that somebody typed.
  }
  const given = new URLSearchParams(query);
  return { view, user: name, task: given.get("task") ?? "", event: given.get("event") ?? undefined };
}

/** Asks once a second, while the page is looked at, whether anything happened. */
function useOverview(api) {
  const [overview, setOverview] = useState();
  const [error, setError] = useState();
  const refresh = useCallback(() => api.get("overview").then((next) => {
    setError(undefined);
    setOverview(next);
  }, setError), [api]);
  useEffect(() => {
    refresh();
    const timer = setInterval(() => document.hidden || refresh(), POLL_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  return { overview, error, refresh };
}

function useHash() {
  const [route, setRoute] = useState(readHash);
  useEffect(() => {
    const follow = () => setRoute(readHash());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

const THEMES = ["auto", "light", "dark"];

function Theme() {
  // theme.js has shown it already.
  const [theme, setTheme] = useState(() => THEMES.find((name) => name === kept("theme")) ?? "auto");
  const change = () => {
    const next = THEMES[(THEMES.indexOf(theme) + 1) % 3];
    keep("theme", next);
    document.documentElement.dataset.theme = next;
    setTheme(next);
  };
  return html`<button class="quiet" onClick=${change} aria-label=${`Colours: ${theme}. Change them.`}>
    <span aria-hidden="true">${{ auto: "◐", light: "○", dark: "●" }[theme]}</span> ${theme}</button>`;
}

function UserPicker({ user, choose, version }) {
  const api = useApi();
  const [users, setUsers] = useState({ total: 0, users: [] });
  const [search, setSearch] = useState("");
  useEffect(() => {
    api.get("users", { search, limit: 200 }).then((next) => {
      setUsers(next);
      if (user === "" && next.users.length > 0) choose(next.users[0].user_id);
    }, () => {});
  }, [search, version, user]);
  const listed = users.users.some(({ user_id: id }) => id === user);
  return html`<div class="picker">
    ${users.total > 20 || search ? html`<label><span class="sr">Search users</span><input type="search" placeholder=${`Search ${many(users.total, "user")}`} value=${search} onInput=${(event) => setSearch(event.target.value)} /></label>` : ""}
    <label><span class="label">User</span>
      <select value=${user} onChange=${(event) => choose(event.target.value)}>
        ${listed ? "" : html`<option value=${user}>${user || "nobody yet"}</option>`}
        ${users.users.map(({ user_id: id, events }) => html`<option key=${id} value=${id}>${id} (${many(events, "event")})</option>`)}
      </select></label>
  </div>`;
}

/** Looks at another user, in the view that is shown by then. */
function choose(name) {
  location.replace(`#${readHash().view.id}/${encodeURIComponent(name)}`);
}

/** Looks at another view with the same user, and puts the focus at its beginning. */
function go({ id }) {
  location.hash = `#${id}/${encodeURIComponent(readHash().user)}`;
  document.getElementById("main").focus();
}

/** A view. What it cannot show does not take the rest of the page away. */
function Guarded({ View, props }) {
  const [error, again] = useErrorBoundary();
  if (error) return html`<p class="error" role="alert">This cannot be shown: ${error.message} <button onClick=${again}>Try again</button></p>`;
  return html`<${View} ...${props} />`;
}

function App({ where }) {
  const api = useApi();
  const { view, user, task, event } = useHash();
  const { overview, error, refresh } = useOverview(api);
  // What the recall lab and the prompt are about stays while one looks elsewhere.
  const [ask, setAsk] = useState({ task, budget: 600, version: "v1", thread: "", project: "", mode: "state" });
  useEffect(() => {
    if (task) setAsk((before) => ({ ...before, task }));
  }, [task]);
  const { stored = 0, receipts = 0, events = 0, last_request: last = 0 } = overview ?? {};
  const version = `${stored} ${receipts} ${events} ${overview?.documents} ${overview?.collections}`;
  useEffect(() => {
    document.title = `${view.name} · Claiv inspector`;
  }, [view]);
  const moved = useMemo(() => ({ user, event, version, last, overview, refresh, ask, setAsk, choose }), [user, event, version, last, overview, refresh, ask]);
  return html`
    <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>Skip to the content</a>
    <header class="top">
      <h1><img src="icon.svg" alt="" width="24" height="24" /> Claiv inspector</h1>
      <p class="facts">${overview ? html`<span>${many(overview.events, "event")}</span><span>${many(overview.users, "user")}</span><span>${many(overview.documents, "document")}</span><span>clock <time datetime=${overview.now}>${minute(overview.now)} UTC</time></span>` : "…"}</p>
      <div class="tools"><${Theme} /><${Keys} views=${VIEWS} go=${go} /></div>
    </header>
    <nav class="tabs" aria-label="Views">
      ${VIEWS.map(({ id, name }) => html`<a key=${id} href=${`#${id}/${encodeURIComponent(user)}`} aria-current=${id === view.id ? "page" : undefined}>${name}${id === "live" && overview?.pending_faults ? html` <span class="badge" title="scripted faults">${count(overview.pending_faults)}</span>` : ""}</a>`)}
    </nav>
    <main id="main" tabindex="-1">
      ${error ? html`<p class="error" role="alert">The emulator in ${where} does not answer: ${error.message}</p>` : ""}
      <div class="heading"><h2>${view.name}</h2><${UserPicker} user=${user} choose=${choose} version=${version} /></div>
      ${overview ? html`<${Guarded} View=${view.View} props=${moved} key=${view.id} />` : ""}
    </main>`;
}

/** Shows the inspector of the emulator that `send` reaches. */
export function start(send, { where }) {
  const app = document.getElementById("app");
  app.textContent = "";
  render(html`<${Api.Provider} value=${makeApi(send)}><${App} where=${where} /></${Api.Provider}>`, app);
}
