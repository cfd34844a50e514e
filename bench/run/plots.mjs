// The plots, as SVG that can be read on light and on dark pages. Observable Plot draws them, on linkedom's document.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BUDGETS, slowness } from "./budgets.mjs";
import { CLIENTS, OURS, PEERS } from "./clients.mjs";
import { spread } from "./stats.mjs";

const [OUR_COLOUR, OTHER_COLOUR, GOAL_COLOUR] = ["#e8590c", "#7d8fa6", "#2f9e44"];
const STYLE = `svg { color: #24292f; background: none; } @media (prefers-color-scheme: dark) { svg { color: #d1d7e0; } }`;
const WIDTH = 760;
const nameOf = (client) => CLIENTS.find(({ name }) => name === client).title;

async function library(modules) {
  const load = (path) => import(pathToFileURL(join(modules, path)));
  const [Plot, { parseHTML }] = await Promise.all([load("@observablehq/plot/src/index.js"), load("linkedom/esm/index.js")]);
  return { Plot, document: parseHTML("<html></html>").document };
}

/** A plot of its own file: with a namespace, colours for both kinds of page, and no more digits than can be seen. */
function svgFile(plot, title) {
  return `${plot.outerHTML
    .replace("<svg ", `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${title}" `)
    .replace(/<style>[^]*?<\/style>/, `<style>${STYLE}</style>`)
    .replace(/\d+\.\d{3,}/g, (digits) => String(Math.round(digits * 100) / 100))}\n`;
}

/** A field of a measure for every runtime and client: median and quartiles. */
const rowsOf = ({ pairs, runtimes }, measure, field) => runtimes.flatMap(({ id, title }) => PEERS.flatMap(({ name }) => {
  const mine = pairs[measure]?.[id]?.[name];
  return mine ? [{ runtime: title, client: nameOf(name), ours: name === OURS, ...spread(mine.map((one) => one[field])) }] : [];
}));

const limits = (results, measure, field) => BUDGETS
  .filter((budget) => budget.measure === measure && budget.field === field && results.pairs[measure]?.[budget.runtime])
  .map(({ runtime, unit, goal, accepted }) => {
    // A time is drawn as it would be here.
    const slow = unit === "×" ? 1 : slowness(results);
    return { runtime: results.runtimes.find(({ id }) => id === runtime).title, goal: goal * slow, accepted: accepted * slow };
  });

/** Bars of all clients, one panel per runtime. A bar that would dwarf the others is cut at `most`, and its figure tells. */
function bars({ Plot, document }, results, { measure, field, label, from = 0, digits, title }) {
  const rows = rowsOf(results, measure, field);
  if (rows.length === 0) return undefined;
  const all = rows.map((row) => row.median).sort((a, b) => a - b);
  const most = Math.max(...all.filter((value) => value - from <= 4 * (all[Math.floor(all.length * 0.75)] - from)));
  const goals = limits(results, measure, field);
  const cut = (value) => Math.min(value, most * 1.06);
  return svgFile(Plot.plot({
    document, width: WIDTH, marginLeft: 130, marginRight: 85, marginBottom: 45, style: { fontSize: "12px" },
    x: { label, labelOffset: 40, grid: true, domain: [Math.min(from, ...rows.map((row) => row.low)), most * 1.15] },
    y: { label: null, domain: PEERS.map(({ name }) => nameOf(name)) },
    fy: { label: null, domain: [...new Set(rows.map(({ runtime }) => runtime))] },
    marks: [
      Plot.barX(rows, { x1: from, x2: (row) => cut(row.median), y: "client", fy: "runtime", fill: (row) => (row.ours ? OUR_COLOUR : OTHER_COLOUR), insetTop: 2, insetBottom: 2 }),
      Plot.ruleY(rows, { x1: (row) => cut(row.low), x2: (row) => cut(row.high), y: "client", fy: "runtime", stroke: "currentColor" }),
      Plot.text(rows, { x: (row) => Math.max(cut(row.median), cut(row.high)), y: "client", fy: "runtime", text: (row) => row.median.toFixed(digits), textAnchor: "start", dx: 5 }),
      Plot.ruleX([from], { stroke: "currentColor" }),
      Plot.ruleX(goals, { x: "goal", fy: "runtime", stroke: GOAL_COLOUR, strokeWidth: 2 }),
      Plot.ruleX(goals, { x: "accepted", fy: "runtime", stroke: GOAL_COLOUR, strokeWidth: 2, strokeDasharray: "3,3" }),
    ],
  }), title);
}

function longRun({ Plot, document }, { flat, runtimes }, title) {
  const rows = runtimes.flatMap(({ id, title }) => Object.entries(flat?.[id] ?? {}).flatMap(([name, { windows }]) =>
    windows.map((us, i) => ({ runtime: title, client: nameOf(name), calls: (i + 1) * 1000, us }))));
  if (rows.length === 0) return undefined;
  return svgFile(Plot.plot({
    document, width: WIDTH, height: 420, marginLeft: 50, marginRight: 85, marginBottom: 45, style: { fontSize: "12px" },
    x: { label: "calls made", labelOffset: 40, tickFormat: "~s" }, y: { label: "µs per call", grid: true, zero: true, nice: true },
    fy: { label: null, domain: [...new Set(rows.map(({ runtime }) => runtime))] },
    marks: [
      Plot.lineY(rows, { x: "calls", y: "us", fy: "runtime", z: "client", stroke: ({ client }) => (client === nameOf(OURS) ? OUR_COLOUR : OTHER_COLOUR), strokeWidth: 1.5 }),
      Plot.text(rows, Plot.selectFirst({ x: "calls", y: "us", fy: "runtime", z: "client", text: "client", textAnchor: "start", dy: -10 })),
      Plot.ruleY([0], { stroke: "currentColor" }),
    ],
  }), title);
}

function weights({ Plot, document }, { sizes }, title) {
  if (!sizes) return undefined;
  const rows = CLIENTS.filter(({ name }) => sizes[name]).map(({ name }) => ({ client: nameOf(name), kb: sizes[name].brotli / 1024, ours: name === OURS }));
  const budget = BUDGETS.find(({ size }) => size === OURS);
  return svgFile(Plot.plot({
    document, width: WIDTH, marginLeft: 130, marginRight: 85, marginBottom: 45, style: { fontSize: "12px" },
    x: { label: "KB, minified, brotli", labelOffset: 40, grid: true }, y: { label: null, domain: rows.map(({ client }) => client) },
    marks: [
      Plot.barX(rows, { x: "kb", y: "client", fill: ({ ours }) => (ours ? OUR_COLOUR : OTHER_COLOUR), insetTop: 2, insetBottom: 2 }),
      Plot.text(rows, { x: "kb", y: "client", text: ({ kb }) => kb.toFixed(1), textAnchor: "start", dx: 5 }),
      Plot.ruleX([0], { stroke: "currentColor" }),
      Plot.ruleX([budget.goal], { stroke: GOAL_COLOUR, strokeWidth: 2 }),
      Plot.ruleX([budget.accepted], { stroke: GOAL_COLOUR, strokeWidth: 2, strokeDasharray: "3,3" }),
    ],
  }), title);
}

/** Writes the plots of what was measured to `folder`, and gives their names. */
export async function drawPlots(results, folder, modules) {
  const use = await library(modules);
  const drawn = {
    "ingest.svg": bars(use, results, { measure: "ingest", field: "extra", label: "µs per ingest beyond the hand-written client", digits: 1, title: "What an ingest costs beyond the hand-written client" }),
    "recall.svg": bars(use, results, { measure: "recall", field: "times", from: 1, label: "times the hand-written client", digits: 2, title: "What a recall of 8 KB costs, in times of the hand-written client" }),
    "cold.svg": bars(use, results, { measure: "cold", field: "extra", label: "ms to the first answer beyond the hand-written client", digits: 1, title: "Cold start beyond the hand-written client" }),
    "http.svg": bars(use, results, { measure: "http", field: "times", from: 1, label: "times the hand-written client", digits: 2, title: "What an ingest over HTTP costs, in times of the hand-written client" }),
    "long-run.svg": longRun(use, results, "Cost per call over a long run"),
    "size.svg": weights(use, results, "What an import of each client weighs"),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(drawn)) if (svg) writeFileSync(join(folder, name), svg);
  return Object.keys(drawn).filter((name) => drawn[name]);
}

