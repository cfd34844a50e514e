// A list of any length of which only what can be seen is in the page. All rows have the same height.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";

const PAGE = 100;
/** How many rows beyond the visible ones are there on each side. */
const SPARE = 6;

/**
 * Loads rows in pages as they come into view. `load(offset, limit)` resolves to `{total, events}`; `about` is what the rows depend on. `total` is
 * undefined until the first page is there.
 */
export function usePages(load, about) {
  const [state, setState] = useState({ total: undefined, rows: new Map(), version: undefined, error: undefined });
  const asked = useRef(new Set());
  const version = useRef(0);
  const ask = (page) => {
    if (asked.current.has(page)) return;
    asked.current.add(page);
    const mine = version.current;
    load(page * PAGE, PAGE).then(({ total, events }) => {
      if (mine !== version.current) return;
      setState((before) => {
        const rows = before.version === mine ? before.rows : new Map();
        events.forEach((event, i) => rows.set(page * PAGE + i, event));
        return { total, rows, version: mine, error: undefined };
      });
    }, (error) => {
      asked.current.delete(page);
      if (mine === version.current) setState((before) => ({ ...before, error }));
    });
  };
  useEffect(() => {
    version.current += 1;
    asked.current = new Set();
    ask(0);
  }, about);
  const show = (first, last) => {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) ask(page);
  };
  return { ...state, show };
}

/**
 * @param {{ total: number, height: number, label: string, selected: number, onSelect: (row: number | undefined) => void, onShow: (first: number, last: number) => void, row: (index: number) => unknown }} props
 */
export function WindowList({ total, height, label, selected, onSelect, onShow, row }) {
  const box = useRef();
  const [top, setTop] = useState(0);
  const [room, setRoom] = useState(600);
  useEffect(() => {
    const watch = new ResizeObserver(() => setRoom(box.current?.clientHeight ?? 600));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / height) - SPARE);
  const last = Math.min(total - 1, Math.ceil((top + room) / height) + SPARE);
  useEffect(() => {
    if (total > 0) onShow(first, Math.max(first, last));
  });
  const go = (to) => {
    const next = Math.max(0, Math.min(total - 1, to));
    onSelect(next);
    const { scrollTop, clientHeight } = box.current;
    if (next * height < scrollTop) box.current.scrollTop = next * height;
    if ((next + 1) * height > scrollTop + clientHeight) box.current.scrollTop = (next + 1) * height - clientHeight;
  };
  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: Math.floor(room / height), PageUp: -Math.floor(room / height), Home: -total, End: total };
  const onKeyDown = (event) => {
    if (event.key === "Escape") onSelect(undefined);
    if (!(event.key in steps) || total === 0) return;
    event.preventDefault();
    go((selected ?? -1) + steps[event.key]);
  };
  const rows = [];
  for (let at = first; at <= last; at++) rows.push(at);
  const shown = selected !== undefined && selected >= first && selected <= last;
  return html`<div class="window" role="listbox" aria-label=${label} tabindex="0" ref=${box} onScroll=${(event) => setTop(event.target.scrollTop)} onKeyDown=${onKeyDown} aria-activedescendant=${shown ? `row-${selected}` : undefined}>
    <div role="presentation" class="height" style=${{ height: `${total * height}px` }}>
      ${rows.map((at) => html`<div key=${at} id=${`row-${at}`} role="option" aria-selected=${at === selected} aria-setsize=${total} aria-posinset=${at + 1} class="row" style=${{ transform: `translateY(${at * height}px)`, height: `${height}px` }} onClick=${() => onSelect(at)}>${row(at)}</div>`)}
    </div>
  </div>`;
}
