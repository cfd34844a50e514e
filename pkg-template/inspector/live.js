// The requests as they come in, those of one call together, and the faults that meet them.
import { useRef, useState } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { bytes, clock, count, html, many } from "./html.js";

/** Where events are stored. A fault has one path, so each has its own. */
const INGESTS = ["/v1/ingest", "/v3/ingest", "/v6/ingest"];
const LISTED = 200;

const SWITCHES = [
  { id: "429", name: "429 once, wait 1 s", fault: { status: 429, retryAfterSeconds: 1, times: 1 }, matches: (one) => one.status === 429 },
  { id: "503", name: "503 twice", fault: { status: 503, times: 2 }, matches: (one) => one.status === 503 },
  { id: "drop", name: "Drop after storing", fault: INGESTS.map((path) => ({ drop: true, after: true, path, times: 1 })), matches: (one) => one.drop && one.after },
  { id: "slow", name: "Slow, 2 s each", fault: { delayMs: 2000, times: "Infinity" }, matches: (one) => one.delay_ms === 2000 && one.times === null },
];

function describe(fault) {
  const what = fault.drop ? "drops the connection" : fault.status ? `answers ${fault.status}` : fault.delay_ms === null ? "never answers" : fault.delay_ms > 0 ? `waits ${fault.delay_ms} ms` : "cuts the answer off";
  const when = fault.after ? " after it took effect" : "";
  return `${what}${when}, ${fault.times === null ? "every time" : `${many(fault.times, "more time")}`}${fault.path ? `, ${fault.path}` : ""}`;
}

function Faults({ overview, refresh }) {
  const api = useApi();
  const [error, setError] = useState();
  const [change, setChange] = useState(0);
  const { value } = useAnswer(() => api.get("faults"), [overview.pending_faults, overview.last_request, change]);
  const faults = value?.faults ?? [];
  const done = () => {
    setChange(change + 1);
    refresh();
  };
  const flip = (one) => {
    const on = faults.filter(one.matches);
    const act = on.length > 0 ? Promise.all(on.map(({ id }) => api.remove("faults", { id }))) : api.post("faults", one.fault);
    act.then(() => setError(undefined), setError).then(done);
  };
  return html`<section class="faults" aria-label="Faults"><h3>Faults for the next requests</h3>
    <div class="switches">${SWITCHES.map((one) => {
      const on = faults.some(one.matches);
      return html`<button key=${one.id} role="switch" aria-checked=${on} class="switch" onClick=${() => flip(one)}><i aria-hidden="true"></i>${one.name}</button>`;
    })}</div>
    ${error ? html`<p class="error" role="alert">${error.message}</p>` : ""}
    ${faults.length > 0 ? html`<ul class="faint">${faults.map((fault) => html`<li key=${fault.id}>${describe(fault)}</li>`)}</ul>` : html`<p class="faint">None is scripted. The inspector's own requests never meet one.</p>`}
  </section>`;
}

const statusOf = (attempt) => attempt.status ?? (attempt.duration_ms === null ? "…" : "dropped");
const kindOf = (attempt) => (attempt.status === null ? (attempt.duration_ms === null ? "open" : "bad") : attempt.status < 400 ? "good" : "bad");

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Call({ call }) {
  // Two hundred calls may have bodies of many megabytes: only those that are looked at are in the page.
  const [open, setOpen] = useState(false);
  const last = call.attempts.at(-1);
  const query = String(new URLSearchParams(call.query ?? {}));
  const retries = call.attempts.slice(1).filter((one) => !one.deduped).length;
  const deduped = call.attempts.filter((one) => one.deduped).length;
  return html`<li><details class="card call" onToggle=${(event) => setOpen(event.target.open)}><summary><span class="line">
      <span class=${`status ${kindOf(last)}`}>${statusOf(last)}</span> <b>${call.method}</b> <bdi class="path">${call.path}${query && html`<span class="faint">?${query}</span>`}</bdi>
      ${call.user_id ? html`<span class="tag"><i>user</i> <bdi>${call.user_id}</bdi></span>` : ""}
      ${call.attempts.length > 1 ? html`<span class="badge">${many(call.attempts.length, "attempt")}</span>` : ""}${deduped ? html`<span class="tag">deduped</span>` : ""}
      <time class="faint">${clock(call.attempts[0].time)}</time></span></summary>
    ${open ? html`<${Attempts} call=${call} retries=${retries} last=${last} />` : ""}
  </details></li>`;
}

function Attempts({ call, retries, last }) {
  return html`${call.idempotency_key ? html`<p class="faint">idempotency key <code>${call.idempotency_key}</code>${retries ? `, ${many(retries, "retry", "retries")}` : ""}</p>` : ""}
    <div class="scroll" tabindex="0" role="group" aria-label="Attempts"><table><caption class="sr">Attempts</caption><thead><tr><th>Attempt</th><th>At</th><th>Waited</th><th>Status</th><th>Took</th><th>Fault</th></tr></thead>
      <tbody>${call.attempts.map((one, at) => html`<tr key=${one.number}><td>${at + 1}</td><td>${clock(one.time)}</td><td>${one.waited_ms === null ? "" : `${count(Math.round(one.waited_ms))} ms`}</td><td><span class=${`status ${kindOf(one)}`}>${statusOf(one)}</span>${one.deduped ? " deduped" : ""}</td><td>${one.duration_ms === null ? "" : `${count(Math.round(one.duration_ms))} ms`}</td><td>${one.fault ? "yes" : ""}</td></tr>`)}</tbody></table></div>
    <h4>Request <small>${bytes(call.body_bytes)}</small></h4>
    <pre class="code" dir="auto" role="group" tabindex="0" aria-label="The request's body">${call.body === null ? (call.body_bytes > 0 ? "(too long to be kept)" : "(no body)") : JSON.stringify(call.body, null, 2)}</pre>
    ${last.status === null ? "" : html`<h4>Answer</h4><pre class="code" dir="auto" role="group" tabindex="0" aria-label="The answer's body">${last.answer === null ? "(too long to be kept)" : last.answer === "" ? "(no body)" : pretty(last.answer)}</pre>`}`;
}

export function Live({ last, overview, refresh }) {
  const api = useApi();
  // While a request is under way, the list is loaded at every poll, to see its end; else only when a new request has come in.
  const waiting = useRef(true);
  const [cleared, setCleared] = useState(0);
  const { value, error } = useAnswer(() => api.get("requests", { limit: LISTED }), [last, cleared, waiting.current ? overview.now : ""]);
  const calls = [...(value?.calls ?? [])].reverse();
  waiting.current = value === undefined || Boolean(error) || calls.some((call) => call.attempts.some(({ status, duration_ms: took }) => status === null && took === null));
  const clear = () => api.remove("requests").then(() => setCleared(cleared + 1), () => {}).then(refresh);
  return html`<${Faults} overview=${overview} refresh=${refresh} />
    <section aria-label="Requests"><div class="bar"><h3>Calls</h3><span class="faint" role="status">${many(value?.requests ?? 0, "request")} in ${many(value?.total ?? 0, "call")}${(value?.total ?? 0) > calls.length ? `, the latest ${count(calls.length)} are listed` : ""}</span><span class="grow"></span>
      <button class="quiet" onClick=${clear}>Clear the list</button></div>
      ${error ? html`<p class="error">${error.message}</p>` : ""}
      ${calls.length === 0 ? html`<p class="empty">No request has come in yet.</p>` : html`<ol class="plain calls">${calls.map((call) => html`<${Call} key=${call.id} call=${call} />`)}</ol>`}
    </section>`;
}
