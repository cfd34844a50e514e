// The keyboard shortcuts of the page, and the dialog that lists them. Those of a single key can be switched off: they get in the way of speech
// input (WCAG 2.1, 2.1.4).
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { keep, kept } from "./kept.js";

/** The field that `/` leads to: the task, or the search. */
export const FIELD = { "data-field": true };

const LISTED = [
  [["Tab", "Shift Tab"], "to the next and the previous control"],
  [["↑", "↓", "Page Up", "Page Down", "Home", "End"], "through the list of events, when it has the focus"],
  [["←", "→", "Page Up", "Page Down"], "change the token budget, when it has the focus"],
  [["Esc"], "closes this, and in the list of events the one that is shown"],
];

/** Whether a key that is pressed here is meant for the control. */
function takesKeys(target) {
  return target.isContentEditable || target.matches("select, textarea, input:not([type=radio], [type=range], [type=checkbox], [type=file])");
}

/** A button that shows the shortcuts; while it is in the page they work. `views` are named in the order of their digits. */
export function Keys({ views, go }) {
  const dialog = useRef();
  const [on, setOn] = useState(() => kept("keys") !== "off");
  useEffect(() => {
    if (!on) return undefined;
    const press = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || dialog.current.open || takesKeys(event.target)) return;
      const view = views[Number(event.key) - 1];
      const field = event.key === "/" ? document.querySelector("[data-field]") : null;
      if (event.key === "?") dialog.current.showModal();
      else if (view) go(view);
      else if (field) field.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [on, views, go]);
  const change = (event) => {
    setOn(event.target.checked);
    keep("keys", event.target.checked ? "on" : "off");
  };
  const line = ([keys, what]) => html`<dt key=${what}>${keys.map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt><dd>${what}</dd>`;
  return html`<button class="quiet" aria-haspopup="dialog" aria-label="Keyboard shortcuts" title="Keyboard shortcuts" onClick=${() => dialog.current.showModal()}><kbd>?</kbd></button>
    <dialog ref=${dialog} aria-labelledby="keys">
      <h2 id="keys">Keyboard</h2>
      <dl>${views.map(({ name }, at) => line([[at + 1], name]))}${line([["/"], "the task, or the search of the timeline"])}${line([["?"], "this list"])}</dl>
      <label class="check"><input type="checkbox" checked=${on} onChange=${change} /> These single keys are shortcuts</label>
      <dl>${LISTED.map(line)}</dl>
      <form method="dialog"><button>Close</button></form>
    </dialog>`;
}
