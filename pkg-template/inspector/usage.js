// What was used of the quota, the receipts of deletions, and what a deletion would reach before it is done.
import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { Chart } from "./chart.js";
import { count, html, many, minute } from "./html.js";

function Quota({ limits }) {
  return html`<section aria-label="Quota"><h3>Quota <small>plan ${limits.plan}, resets on ${limits.reset_date}</small></h3>
    <div class="meters">${Object.entries(limits.limits).map(([name, { used, limit }]) => html`<div key=${name} class="card meter"><span class="label">${name.replaceAll("_", " ")}</span><b>${count(used)}</b><span class="faint">${limit === null ? "no limit" : `of ${count(limit)}`}</span>
      ${limit === null ? "" : html`<meter min="0" max=${Math.max(1, limit)} value=${Math.min(used, limit)} aria-label=${name.replaceAll("_", " ")}></meter>`}</div>`)}</div></section>`;
}

function Days({ summary, endpoints }) {
  const { daily, totals } = summary;
  const x = daily.map(({ date }) => Date.parse(date) / 1000);
  return html`<section aria-label="Usage"><h3>Last 30 days <small>${many(totals.requests, "request")}, ${many(totals.tokens, "token")}, ${many(totals.errors, "error")}</small></h3>
    <div class="card"><${Chart} x=${x} days=${true} bars=${true} series=${[{ name: "requests", values: daily.map(({ requests }) => requests), colour: "--accent" }]} label=${`Requests by day: ${daily.filter(({ requests }) => requests > 0).map(({ date, requests }) => `${date} ${requests}`).join(", ") || "none"}`} /></div>
    ${endpoints.length === 0 ? "" : html`<div class="scroll" tabindex="0" role="region" aria-label="By endpoint"><table><caption class="sr">By endpoint</caption><thead><tr><th>Endpoint</th><th class="number">Requests</th><th class="number">Errors</th><th class="number">Mean ms</th></tr></thead>
      <tbody>${endpoints.map((one) => html`<tr key=${one.endpoint}><td><code>${one.endpoint}</code></td><td class="number">${count(one.requests)}</td><td class="number">${count(one.errors)}</td><td class="number">${one.avg_latency_ms}</td></tr>`)}</tbody></table></div>`}</section>`;
}

/** The value of a datetime-local field as an ISO time, read as UTC. What Date cannot read is sent as it is: the emulator's error is shown then. */
function asTime(text) {
  const time = new Date(`${text}Z`);
  return Number.isNaN(time.valueOf()) ? text : time.toISOString();
}

const LAST = "9999-12-31T23:59:59";

function Forget({ user, version, refresh }) {
  const api = useApi();
  const [thread, setThread] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [receipt, setReceipt] = useState();
  const [failed, setFailed] = useState();
  const [busy, setBusy] = useState(false);
  const done = useRef();
  const scope = { user_id: user, ...(thread && { thread_id: thread }), ...(from && { from_time: asTime(from) }), ...(to && { to_time: asTime(to) }) };
  const about = JSON.stringify(scope);
  const { value: threads } = useAnswer(async () => (user ? (await api.get("threads", { user_id: user })).threads : []), [user, version]);
  const { value: preview, error } = useAnswer(async () => (user ? { about, ...(await api.post("forget-preview", scope)) } : undefined), [about, version]);
  useEffect(() => {
    setThread("");
    setReceipt(undefined);
    setFailed(undefined);
  }, [user]);
  // The button that was pressed has nothing more to delete.
  useEffect(() => done.current?.focus(), [receipt]);
  if (user === "") return "";
  const ready = preview?.about === about;
  const forget = () => {
    setBusy(true);
    api.service("/v1/forget", scope).then((answer) => {
      setFailed(undefined);
      setReceipt(answer);
    }, setFailed).then(() => setBusy(false)).then(refresh);
  };
  return html`<section aria-label="Forget"><h3>Forget <small>what a deletion of events would reach, before it is done; documents stay</small></h3>
    <div class="ask">
      <label><span class="label">Thread</span><select value=${thread} onChange=${(event) => setThread(event.target.value)}><option value="">all of ${user}</option>${(threads ?? []).filter(({ thread_id: id }) => id !== null).map(({ thread_id: id }) => html`<option key=${id} value=${id}>${id}</option>`)}</select></label>
      <label><span class="label">From (UTC)</span><input type="datetime-local" step="1" max=${LAST} value=${from} onInput=${(event) => setFrom(event.target.value)} /></label>
      <label><span class="label">To (UTC)</span><input type="datetime-local" step="1" max=${LAST} value=${to} onInput=${(event) => setTo(event.target.value)} /></label>
    </div>
    ${error || failed ? html`<p class="error" role="alert">${(failed ?? error).message}</p>` : ""}
    ${receipt ? html`<p class="good-news" role="status" tabindex="-1" ref=${done}>Done: ${many(receipt.deleted_counts.events, "event")} deleted, receipt <code>${receipt.receipt_id}</code>.</p>` : ""}
    ${preview ? html`<div class="card"><p><b>${many(preview.deleted.events, "event")}</b> would be deleted, ${many(preview.left, "event")} of ${html`<bdi>${user}</bdi>`} would be left.
        ${preview.held > 0 ? html` <b class="bad">${many(preview.held, "event")} under legal hold: nothing would be deleted.</b>` : ""}</p>
      ${preview.threads.length > 0 ? html`<p class="faint">${preview.threads.map(({ thread_id: id, events }) => `${id ?? "without a thread"}: ${events}`).join(" · ")}</p>` : ""}
      ${preview.events.length > 0 ? html`<details><summary>The latest ${preview.events.length} of them</summary><ol class="plain">${preview.events.map((event) => html`<li key=${event.event_id}><p class="content" dir="auto"><time class="faint">${minute(event.event_time)}</time> ${event.content}</p></li>`)}</ol></details>` : ""}
      <button class="danger" disabled=${!ready || busy || Boolean(error) || preview.deleted.events === 0} onClick=${forget}>Forget ${many(preview.deleted.events, "event")}</button></div>` : ""}
  </section>`;
}

function Receipts({ receipts, total }) {
  return html`<section aria-label="Receipts"><h3>Receipts <small>${count(total)}</small></h3>
    ${total === 0 ? html`<p class="faint">Nothing was forgotten yet.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="All receipts"><table><caption class="sr">Receipts of deletions</caption><thead><tr><th>Receipt</th><th>User</th><th>Scope</th><th>Asked</th><th>Completed</th><th class="number">Events</th></tr></thead>
      <tbody>${receipts.map((one) => html`<tr key=${one.receipt_id}><td><code>${one.receipt_id}</code></td><td><bdi>${one.scope.user_id}</bdi></td><td>${[one.scope.thread_id ?? one.scope.conversation_id, one.scope.from_time && `from ${minute(one.scope.from_time)}`, one.scope.to_time && `to ${minute(one.scope.to_time)}`].filter(Boolean).join(", ") || "all"}</td><td>${minute(one.requested_at)}</td><td>${one.completed_at ? minute(one.completed_at) : "in its grace"}</td><td class="number">${count(one.deleted_counts.events)}</td></tr>`)}</tbody></table></div>`}</section>`;
}

export function Usage({ user, version, last, refresh }) {
  const api = useApi();
  const { value, error } = useAnswer(async () => {
    const [limits, summary, { endpoints }, { receipts, total }] = await Promise.all([
      api.look("/v1/usage/limits"), api.look("/v1/usage/summary", { range: "30d" }), api.look("/v1/usage/breakdown", { range: "30d" }), api.look("/v1/deletion-receipts", { limit: 50 }),
    ]);
    return { limits, summary, endpoints, receipts, total };
  }, [version, last]);
  if (error) return html`<p class="error" role="alert">${error.message}</p>`;
  if (!value) return "";
  return html`<div class="stack"><${Quota} limits=${value.limits} /><${Forget} user=${user} version=${version} refresh=${refresh} /><${Receipts} receipts=${value.receipts} total=${value.total} /><${Days} summary=${value.summary} endpoints=${value.endpoints} /></div>`;
}
