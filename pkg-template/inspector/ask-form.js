// The question of the recall lab: the task, how many tokens it may take, and where it looks.
import { useRef } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { BUDGET, MODES, NAMES, VERSIONS } from "./asking.js";
import { count, html } from "./html.js";
import { FIELD } from "./keys.js";

const EXAMPLE = "What do I need to know before I see a doctor with Ida?";

export function AskForm({ user, version, ask, setAsk, children }) {
  const api = useApi();
  const field = useRef();
  const { value } = useAnswer(async () => (user ? (await api.get("threads", { user_id: user })).threads : []), [user, version]);
  const threads = (value ?? []).filter(({ thread_id: id }) => id !== null);
  const projects = [...new Set((value ?? []).flatMap((thread) => thread.projects))];
  const set = (name) => (event) => setAsk({ ...ask, [name]: name === "budget" ? Number(event.target.value) : event.target.value });
  const tryIt = () => {
    setAsk({ ...ask, task: EXAMPLE });
    field.current.focus();
  };
  const hasBudget = ask.version !== "v6";
  return html`<form class="ask" onSubmit=${(event) => event.preventDefault()}>
    <label class="task"><span class="label">Task</span>
      <input type="text" ref=${field} ...${FIELD} value=${ask.task} placeholder=${EXAMPLE} onInput=${set("task")} autocomplete="off" spellcheck="false" /></label>
    <fieldset class="segments"><legend class="label">Version</legend>
      ${[...VERSIONS, ...(children ? [] : ["all"])].map((one) => html`<label key=${one}><input type="radio" name="version" value=${one} checked=${ask.version === one} onChange=${set("version")} /><span>${NAMES[one] ?? "Side by side"}</span></label>`)}
    </fieldset>
    <label class="budget" hidden=${!hasBudget}><span class="label">Token budget <output>${count(ask.budget)}</output></span>
      <input type="range" min=${BUDGET.min} max=${BUDGET.max} step=${BUDGET.step} value=${ask.budget} onInput=${set("budget")} aria-valuetext=${`${ask.budget} tokens`} /></label>
    <label><span class="label">Thread</span><select value=${ask.thread} onChange=${set("thread")}>
      <option value="">any</option>${threads.map(({ thread_id: id }) => html`<option key=${id} value=${id}>${id}</option>`)}</select></label>
    ${projects.length > 0 ? html`<label><span class="label">Project (V6)</span><select value=${ask.project} onChange=${set("project")}>
      <option value="">none</option>${projects.map((id) => html`<option key=${id} value=${id}>${id}</option>`)}</select></label>` : ""}
    ${ask.version === "v2" ? html`<label><span class="label">Mode</span><select value=${ask.mode} onChange=${set("mode")}>${MODES.map((mode) => html`<option key=${mode} value=${mode}>${mode}</option>`)}</select></label>` : ""}
    ${children}
    ${ask.task === "" ? html`<button type="button" class="quiet" onClick=${tryIt}>Try “${EXAMPLE}”</button>` : ""}
  </form>`;
}
