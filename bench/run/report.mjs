// The report: the tables of docs/performance.md, and the same on the terminal.
import { readFileSync, writeFileSync } from "node:fs";
import { Failure } from "../../scripts/lib/project.mjs";
import { BUDGETS, figure, slowness, there, verdict } from "./budgets.mjs";
import { CLIENTS, HAND, OURS, PEERS } from "./clients.mjs";
import { spread } from "./stats.mjs";

const [BEGIN, END] = ["<!-- measured: begin -->", "<!-- measured: end -->"];
const DIGITS = { "×": 2, "µs": 1, ms: 1, KB: 1 };

const table = (head, lines) => [head, head.map((_, i) => (i ? "---:" : "---")), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const fixed = (value, unit) => value.toFixed(DIGITS[unit]).replace("-", "−");
const withUnit = (value, unit) => (unit === "×" ? `${fixed(value, unit)}×` : `${fixed(value, unit)} ${unit}`);
const signed = (value, unit) => `${value < 0 ? "" : "+"}${fixed(value, unit)}`;
/** A median and the quartiles around it. */
const around = ({ median, low, high }, show) => `${show(median)} (${show(low)} … ${show(high)})`;

function budgets(results) {
  const slow = slowness(results);
  const lines = BUDGETS.map((budget) => {
    const { what, goal, accepted, unit } = budget;
    const show = (found) => (found.low === undefined ? withUnit(found.median, unit) : around(found, (value) => fixed(value, unit)) + (unit === "×" ? " ×" : ` ${unit}`));
    const found = figure(budget, results);
    if (!found) return [what, withUnit(goal, unit), withUnit(accepted, unit), "not measured", "", "–"];
    const scaled = there(budget, found, slow);
    return [what, withUnit(goal, unit), withUnit(accepted, unit), show(found), show(scaled), `**${verdict(budget, scaled)}**`];
  });
  return table(["what", "goal", "accepted", "measured here", `at the budgets' speed, ÷ ${slow.toFixed(1)}`, ""], lines);
}

/** One table per measure: clients down, runtimes across; in a cell the times and what was added. */
function measured({ pairs, runtimes }, measure, unit) {
  const there = runtimes.filter(({ id }) => pairs[measure]?.[id]);
  if (there.length === 0) return undefined;
  const of = (id, client, field) => spread((pairs[measure][id][client]).map((one) => one[field]));
  const base = [`${HAND}, ${unit}`, ...there.map(({ id }) => {
    const all = Object.values(pairs[measure][id]).flat().map((one) => one.base);
    return around(spread(all), (value) => fixed(value, unit));
  })];
  const lines = CLIENTS.map(({ name, title }) => [name === OURS ? `**${title}**` : name === HAND ? `${title} beside itself` : title, ...there.map(({ id }) => {
    if (!pairs[measure][id][name]) return "not run";
    const times = of(id, name, "times");
    return `${around(times, (value) => fixed(value, "×"))}×<br>${around(of(id, name, "extra"), (value) => signed(value, unit))} ${unit}`;
  })]);
  return table(["", ...there.map(({ title }) => title)], [base, ...lines]);
}

function longRuns({ flat, runtimes }) {
  const mb = ({ heap, wasm }) => `${(heap / 1e6).toFixed(2)} + ${(wasm / 1e6).toFixed(2)}`;
  const lines = runtimes.filter(({ id }) => flat?.[id]).flatMap(({ id, title }) => Object.entries(flat[id]).map(([name, { windows, together, before, between, after }]) => {
    const tenth = Math.max(1, Math.floor(windows.length / 10));
    const [first, last] = [windows.slice(0, tenth), windows.slice(-tenth)].map((some) => spread(some).median);
    return [`${title}, ${name}`, first.toFixed(1), last.toFixed(1), together.toFixed(1), mb(before), mb(between), mb(after)];
  }));
  if (lines.length === 0) return undefined;
  const { calls, concurrent } = flat;
  const count = (n) => n.toLocaleString("en");
  return table(["", "µs per call, first tenth", "last tenth", `${count(concurrent)} at once`, "heap + wasm before, MB", `after ${count(calls)}`, `after ${count(concurrent)} at once`], lines);
}

const sizeTable = ({ sizes, versions }) => sizes && table(["", "version", "minified, KB", "brotli, KB"],
  [...CLIENTS.filter(({ name }) => sizes[name]).map(({ name, title }) => [name === OURS ? `**${title}**` : title, versions[name] ?? "", sizes[name]]),
    ["claiv-memory in a Worker", versions[OURS], sizes.worker]].map(([title, version, { minified, brotli }]) => [title, version, (minified / 1024).toFixed(1), (brotli / 1024).toFixed(1)]));

function notRun({ runtimes, skipped, failures }) {
  const lines = [...skipped.map(({ title, reason }) => [title, "all", reason]),
    ...failures.map(({ runtime, client, measure, reason }) => [runtimes.find(({ id }) => id === runtime)?.title ?? runtime, `${client}, ${measure}`, reason])];
  return lines.length > 0 ? table(["where", "what", "reason"], lines.map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")))) : "Nothing: every client ran in every runtime.";
}

/** What was measured, as Markdown. `plots` are the names of those that were drawn. */
export function markdown(results, plots) {
  const { machine, runtimes, date, rounds } = results;
  const picture = (name, alt) => plots.includes(name) && `![${alt}](performance/${name})`;
  const section = (title, text, ...parts) => parts.some(Boolean) && [`## ${title}`, text, ...parts];
  return [
    `Measured on ${date} with version ${results.versions[OURS]}, on ${machine.cores} cores of ${machine.cpu}, ${machine.memory} GB, ${machine.system}: ` +
      `${runtimes.map(({ title, version }) => `${title.replace(/ \d+$/, "")} ${version}`).join("; ")}. Rounds: ${rounds}.`,
    machine.load > 0.5 && `Other programs kept the machine busy (load ${machine.load.toFixed(1)} at the start): the times are longer than they should be, and uncertain.`,
    "In each cell: the median, and in brackets the quartiles.",
    "## Budgets",
    "Those in µs and ms were set on a faster machine. How much faster is told by the other clients: what an `ingest` of theirs costs in Node is known from " +
      `there, and here it is ${slowness(results).toFixed(1)} times as much (the median of the five). So these figures are divided by that before they are judged. Bytes and ratios are ` +
      "judged as they are, though ratios are larger here, too: openai's `recall` took 1.7 times the hand-written one's there, and @anthropic-ai/sdk's 1.5 times.",
    budgets(results),
    ...(section("Calls on a stub: `ingest`", "Green lines are the budget: whole the goal, dashed the most that is accepted.", picture("ingest.svg", "What an ingest costs beyond the hand-written client"), measured(results, "ingest", "µs")) || []),
    ...(section("Calls on a stub: `recall` of 8 KB", "", picture("recall.svg", "What a recall costs, in times of the hand-written client"), measured(results, "recall", "µs")) || []),
    ...(section("Cold start", "", picture("cold.svg", "Cold start beyond the hand-written client"), measured(results, "cold", "ms")) || []),
    ...(section("`ingest` over HTTP", "", picture("http.svg", "What an ingest over HTTP costs, in times of the hand-written client"), measured(results, "http", "µs")) || []),
    ...(section("Long runs", "", picture("long-run.svg", "Cost per call over a long run"), longRuns(results)) || []),
    ...(section("Size", "", picture("size.svg", "What an import of each client weighs"), sizeTable(results)) || []),
    "## What was not run", notRun(results),
  ].filter(Boolean).join("\n\n");
}

/** The same for a terminal: medians only. */
export function print(results) {
  const rows = (measure, unit) => {
    for (const { id, title } of results.runtimes.filter(({ id }) => results.pairs[measure]?.[id])) {
      const cells = [{ name: HAND }, ...PEERS].filter(({ name }) => results.pairs[measure][id][name]).map(({ name }) => {
        const mine = results.pairs[measure][id][name];
        const [times, extra] = ["times", "extra"].map((field) => spread(mine.map((one) => one[field])).median);
        return `${name} ${times.toFixed(2)}× ${signed(extra, unit)}`;
      });
      const base = spread(Object.values(results.pairs[measure][id]).flat().map((one) => one.base)).median;
      console.log(`  ${title.padEnd(9)} ${`${base.toFixed(1)} ${unit}`.padEnd(9)} ${cells.join("; ")}`);
    }
  };
  for (const [measure, unit] of [["ingest", "µs"], ["recall", "µs"], ["cold", "ms"], ["http", "µs"]]) {
    if (!results.pairs[measure]) continue;
    console.log(`\n${measure}: the hand-written client, then each client against it`);
    rows(measure, unit);
  }
  console.log(`\n${budgets(results)}\n`);
  for (const { title, reason } of results.skipped) console.log(`not run: ${title}: ${reason}`);
}

/** Puts what was measured into a document, between the two marks in it. */
export function writeInto(file, text) {
  const document = readFileSync(file, "utf8");
  const [from, to] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (from < 0 || to < from) throw new Failure(`${file} has no place for the figures: the marks ${BEGIN} and ${END}`);
  writeFileSync(file, `${document.slice(0, from + BEGIN.length)}\n\n${text}\n\n${document.slice(to)}`);
}
