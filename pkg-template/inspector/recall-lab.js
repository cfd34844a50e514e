// What a recall answers, block by block, how the budget is filled, and why the rest is not in it.
import { useEffect, useRef, useState } from "preact/hooks";
import { useApi } from "./api.js";
import { AskForm } from "./ask-form.js";
import { NAMES, VERSIONS, request, tokensOf, textOf } from "./asking.js";
import { Chart } from "./chart.js";
import { count, html, many, marked, minute } from "./html.js";

const REASONS = {
  budget: { name: "no room in the budget", order: 0 },
  limit: { name: "the lists take no more", order: 1 },
  confidence: { name: "below min_confidence", order: 2 },
  older: { name: "older", order: 3 },
  no_match: { name: "no match", order: 4 },
  scope: { name: "out of scope", order: 5 },
};
const COLOURS = { v1: "--accent", v2: "--second", v3: "--third", v6: "--fourth" };
const TIMES = 40;

const asks = (user, ask) => user !== "" && ask.task.trim() !== "";

/**
 * The answers to what is asked, always the latest: while one question is under way the next waits, and those between are passed over, so that
 * a slider can be dragged as fast as one likes.
 */
function useRecalls(api, user, version, ask) {
  const [state, setState] = useState({ packs: {}, times: {} });
  const next = useRef();
  const running = useRef(false);
  const wanted = ask.version === "all" ? VERSIONS : [ask.version];
  const about = JSON.stringify([user, version, ask, wanted]);
  useEffect(() => {
    // Where nothing is asked, nothing is shown: by the same queue, so that no answer that is under way comes after it.
    next.current = { user, ask, wanted: asks(user, ask) ? wanted : [] };
    if (!running.current) run();
  }, [about]);
  async function run() {
    running.current = true;
    while (next.current) {
      const { user: who, ask: what, wanted: versions } = next.current;
      next.current = undefined;
      try {
        const packs = {};
        const took = {};
        for (const one of versions) {
          const began = performance.now();
          packs[one] = await api.recall(one, request(one, who, what));
          took[one] = performance.now() - began;
        }
        setState(({ times }) => ({ packs, error: undefined, times: Object.fromEntries(VERSIONS.map((one) => [one, [...(times[one] ?? []), ...(one in took ? [took[one]] : [])].slice(-TIMES)])) }));
      } catch (error) {
        setState((before) => ({ ...before, error }));
      }
    }
    running.current = false;
  }
  return state;
}

/** The budget as a bar: what stands around the memories, each block, and what is left. V6 has no budget, only what is used. */
function Budget({ explain, used }) {
  const { token_budget: budget, tokens_around: given, blocks } = explain;
  const share = (tokens) => ({ flexGrow: tokens });
  const left = budget === undefined ? 0 : Math.max(0, budget - used);
  const around = given ?? Math.max(0, used - blocks.reduce((sum, block) => sum + block.tokens, 0));
  const frame = blocks.length > 0 && around > 0 ? html`, <span><i class="around" aria-hidden="true"></i> ${count(around)} around them</span>` : "";
  return html`<figure class="budget-bar">
    <div class="bar-of-blocks" aria-hidden="true">
      ${blocks.length > 0 ? html`<i class="around" style=${share(around)} title=${`around the memories: ${around} tokens`}></i>` : ""}
      ${blocks.map((block, at) => html`<i key=${at} class="piece" style=${{ ...share(block.tokens), opacity: 0.45 + 0.55 * block.score }} title=${`block ${at + 1}: ${block.tokens} tokens`}></i>`)}
      <i class="left" style=${share(left)}></i>
    </div>
    <figcaption>${budget === undefined ? html`<b>${count(used)}</b> tokens in ${many(blocks.length, "block")}${frame}; no budget, the lists have limits` : html`<b>${count(used)}</b> of ${count(budget)} tokens in ${many(blocks.length, "block")}${frame}, ${count(left)} left`}</figcaption>
  </figure>`;
}

const Score = ({ value }) => html`<span class="score" title="score: 1 is the best match of this recall">${value.toFixed(2)}<i aria-hidden="true"><i style=${{ width: `${Math.round(value * 100)}%` }}></i></i></span>`;

/** The event that a block comes from: a link into the timeline, or the id of a section of a document. */
function Source({ user, id }) {
  return html`<span title="the source event">${id.startsWith("node_") ? html`<code>${id}</code>` : html`<a href=${`#timeline/${encodeURIComponent(user)}?event=${encodeURIComponent(id)}`}><code>${id}</code></a>`}</span>`;
}

function Block({ user, block, at, breakdown }) {
  return html`<li class="card block">
    <p class="who"><span class="rank">${at + 1}</span><${Score} value=${block.score} /><span>${many(block.tokens, "token")}</span>
      ${block.list ? html`<span class="tag">${block.list}</span>` : ""}${block.whole ? "" : html`<span class="tag">a passage of it</span>`}${block.asks ? html`<span class="tag" title="It asks or repeats the task, so it stands behind every statement">asks</span>` : ""}
      <b class=${`role ${block.role}`}>${block.role}</b><time datetime=${block.event_time}>${minute(block.event_time)}</time></p>
    <p class="content" dir="auto">${marked(block.content, block.words)}</p>
    <p class="faint">${block.words.length > 0 ? html`matched <bdi>${block.words.join(", ")}</bdi> · ` : "no word in common · "}<${Source} user=${user} id=${block.event_id} />${block.thread_id ? html` · thread <bdi>${block.thread_id}</bdi>` : ""}</p>
    ${breakdown ? html`<p class="faint">${Object.entries(breakdown).filter(([, part]) => part !== 0).map(([name, part]) => `${name} ${part}`).join(" · ")}</p>` : ""}
  </li>`;
}

function LeftOut({ user, version, left, blocks }) {
  const reasons = Object.entries(left.counts).sort(([one], [other]) => REASONS[one].order - REASONS[other].order);
  const total = reasons.reduce((sum, [, number]) => sum + number, 0);
  if (total === 0) return html`<p class="faint">Nothing is left out: all ${many(blocks, "block")} there are.</p>`;
  return html`<section class="left-out" aria-label=${`Left out of ${NAMES[version]}`}><h3>Left out: ${count(total)}</h3>
    ${reasons.map(([reason, number]) => {
      const items = left.items.filter((item) => item.reason === reason);
      return html`<details key=${reason} class="card" open=${reason === "budget"}><summary><b>${REASONS[reason].name}</b> <span class="badge">${count(number)}</span></summary>
        <ol class="plain">${items.map((item) => html`<li key=${item.event_id}>
          <p class="who">${item.score > 0 ? html`<${Score} value=${item.score} />` : ""}<span>${many(item.tokens, "token")}</span><b class=${`role ${item.role}`}>${item.role}</b><time>${minute(item.event_time)}</time></p>
          <p class="content" dir="auto">${marked(item.content, item.words)}${item.whole ? "" : "…"}</p><p class="faint">${item.detail} · <${Source} user=${user} id=${item.event_id} />${item.thread_id ? html` · thread <bdi>${item.thread_id}</bdi>` : ""}</p></li>`)}</ol>
        ${number > items.length ? html`<p class="faint">and ${count(number - items.length)} more</p>` : ""}
      </details>`;
    })}
  </section>`;
}

function Result({ user, version, pack, wide }) {
  const { explain } = pack;
  const used = pack.token_estimate ?? tokensOf(textOf(version, pack));
  const sorted = { best: "best match first", newest: "nothing matches, so the newest first", oldest: "oldest first" }[explain.order];
  return html`<article class=${wide ? "result" : "result narrow"} aria-label=${NAMES[version]}>
    <h3>${NAMES[version]} <small>${many(explain.blocks.length, "block")}, ${sorted}</small></h3>
    <${Budget} explain=${explain} used=${used} />
    <div class="columns">
      <ol class="plain blocks">${explain.blocks.map((block, at) => html`<${Block} key=${`${block.event_id}${at}`} user=${user} block=${block} at=${at} breakdown=${pack.memory_blocks?.[at]?.score_breakdown} />`)}</ol>
      <${LeftOut} user=${user} version=${version} left=${explain.left_out} blocks=${explain.blocks.length} />
    </div>
  </article>`;
}

function Times({ times }) {
  const known = VERSIONS.filter((version) => times[version]?.length > 0);
  if (known.length === 0) return "";
  const longest = Math.max(...known.map((version) => times[version].length));
  const last = known.map((version) => `${NAMES[version]} ${times[version].at(-1).toFixed(1)} ms`).join(", ");
  const series = known.map((version) => ({ name: NAMES[version], colour: COLOURS[version], values: [...Array(longest - times[version].length).fill(null), ...times[version]] }));
  return html`<figure class="times">
    <${Chart} x=${Array.from({ length: longest }, (_, at) => at)} series=${series} label=${`How long the last recalls took: ${last}`} height=${72} unit=" ms" />
    <figcaption class="legend"><span>Last ${many(longest, "recall")}:</span> ${known.map((version) => html`<span key=${version}><i class=${version}></i>${NAMES[version]} ${times[version].at(-1).toFixed(1)} ms</span>`)}</figcaption></figure>`;
}

export function RecallLab({ user, version, ask, setAsk }) {
  const api = useApi();
  const { packs, times, error } = useRecalls(api, user, version, ask);
  // The last answers stay until the next ones are there, also when another version is chosen.
  const shown = VERSIONS.filter((one) => packs[one]);
  const words = packs[shown[0]]?.explain.words;
  return html`
    <${AskForm} user=${user} version=${version} ask=${ask} setAsk=${setAsk} />
    ${error ? html`<p class="error" role="alert">${error.message}</p>` : ""}
    ${asks(user, ask) ? html`<div class="asked"><p class="words">${words ? html`${words.counted.map((word) => html`<mark key=${word}>${word}</mark>`)} ${words.ignored.map((word) => html`<s key=${word} title="says nothing of a subject">${word}</s>`)}` : ""}</p><${Times} times=${times} /></div>` : html`<p class="empty">Type a task, then drag the budget: the blocks that fit appear as you drag, and what is left out says why.</p>`}
    <p class="sr" role="status">${shown.map((one) => `${NAMES[one]}: ${many(packs[one].explain.blocks.length, "block")}`).join("; ")}</p>
    <div class=${shown.length > 1 ? "side-by-side" : ""}>${shown.map((one) => html`<${Result} key=${one} user=${user} version=${one} pack=${packs[one]} wide=${shown.length === 1} />`)}</div>`;
}
