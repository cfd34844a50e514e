// The very text that goes into the prompt, and the call that makes it.
import { useState } from "preact/hooks";
import { useAnswer, useApi } from "./api.js";
import { AskForm } from "./ask-form.js";
import { code, request, textOf, tokensOf } from "./asking.js";
import { bytes, count, html } from "./html.js";

/** Copies a text that the element with the id `of` shows. */
function Copy({ text, what, of }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("copied");
    } catch {
      // Only pages of this machine and of https may write to the clipboard.
      getSelection().selectAllChildren(document.getElementById(of));
      setSaid("selected: copy it with Ctrl C");
    }
    setTimeout(() => setSaid(""), 4000);
  };
  return html`<span role="status" class="faint">${said}</span><button type="button" onClick=${copy}>Copy ${what}</button>`;
}

export function Prompt({ user, version, ask, setAsk }) {
  const api = useApi();
  const chosen = ask.version === "all" ? "v1" : ask.version;
  const { value, error } = useAnswer(async () => (ask.task.trim() === "" || user === "" ? undefined : textOf(chosen, await api.recall(chosen, request(chosen, user, ask)))), [user, version, chosen, JSON.stringify(ask)]);
  const script = code(chosen, user, ask);
  return html`
    <${AskForm} user=${user} version=${version} ask=${{ ...ask, version: chosen }} setAsk=${setAsk}><span hidden></span></${AskForm}>
    ${error ? html`<p class="error" role="alert">${error.message}</p>` : ""}
    ${ask.task.trim() === "" ? html`<p class="empty">Type a task to see the text that its recall puts before a model.</p>` : html`<div class="columns prompt">
      <section aria-label="The prompt"><div class="bar"><h3>The text</h3><span class="faint" role="status">${count(tokensOf(value ?? ""))} tokens, ${bytes(new TextEncoder().encode(value ?? "").length)}</span><span class="grow"></span><${Copy} text=${value ?? ""} what="the text" of="prompt-text" /></div>
        <pre id="prompt-text" class="text prompt-text" dir="auto" role="group" tabindex="0" aria-label="The text for the system prompt">${value === "" ? "(empty: nothing is recalled)" : value}</pre></section>
      <section aria-label="The call"><div class="bar"><h3>The call</h3><span class="grow"></span><${Copy} text=${script} what="the call" of="prompt-call" /></div>
        <pre id="prompt-call" class="code" role="group" tabindex="0" aria-label="The JavaScript call">${script}</pre>
        <p class="faint below">A token is counted for every four bytes. The text is fenced: no memory can end the fence, and a sentence before it says that it is data and not instructions.</p></section>
    </div>`}`;
}
