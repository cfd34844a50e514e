// The budgets: for each figure a goal, and the most that is accepted. Those of size are docs/size.json's.
import { readFileSync } from "node:fs";
import { OURS } from "./clients.mjs";
import { median, spread } from "./stats.mjs";

const SIZES = JSON.parse(readFileSync(new URL("../../docs/size.json", import.meta.url), "utf8")).budgets;
const kilobytes = (file) => ({ unit: "KB", goal: SIZES[file].goal / 1024, accepted: SIZES[file].accepted / 1024 });

export const BUDGETS = [
  { size: OURS, ...kilobytes("index.js, minified"), what: "the default entry and all it loads, minified, brotli" },
  { size: "worker", ...kilobytes("index.workerd.js, minified, and claiv_memory.wasm"), what: "the same as a Worker loads it" },
  { measure: "ingest", runtime: "node", field: "times", unit: "×", goal: 1.3, accepted: 1.7, what: "`ingest` on a stub in Node" },
  { measure: "recall", runtime: "node", field: "times", unit: "×", goal: 1.15, accepted: 1.35, what: "`recall` of 8 KB on a stub in Node" },
  { measure: "cold", runtime: "node", field: "times", unit: "×", goal: 1.05, accepted: 1.1, what: "cold start in Node" },
  { measure: "cold", runtime: "deno", field: "extra", unit: "ms", goal: 3, accepted: 5, what: "cold start in Deno, beyond the hand-written client" },
  { measure: "cold", runtime: "bun", field: "extra", unit: "ms", goal: 3, accepted: 5, what: "cold start in Bun, beyond the hand-written client" },
  { measure: "http", runtime: "node", field: "times", unit: "×", goal: 1.08, accepted: 1.12, what: "`ingest` over HTTP in Node" },
];

/** What was measured for a budget, if it was: a median, with its quartiles for a time. */
export function figure({ size, measure, runtime, field }, { pairs, sizes }) {
  if (size) return sizes?.[size] && { median: sizes[size].brotli / 1024 };
  const mine = pairs[measure]?.[runtime]?.[OURS];
  return mine && spread(mine.map((one) => one[field]));
}

/** What an `ingest` on a stub in Node cost beyond the hand-written client, in µs, on the machine whose times the budgets are of. */
const PEERS_THERE = { openai: 62, anthropic: 34, ky: 73, supermemory: 33, ofetch: 5 };

/** How much slower this machine is than that one, by the costs of the other clients; 1 where they were not measured. */
export function slowness({ pairs }) {
  const here = pairs.ingest?.node ?? {};
  const times = Object.entries(PEERS_THERE).filter(([name]) => here[name])
    .map(([name, there]) => spread(here[name].map(({ extra }) => extra)).median / there);
  return times.length > 0 ? median(times) : 1;
}

/** A figure as it would be on the machine of the budgets. Bytes and ratios are the same everywhere. */
export function there({ unit }, found, slow) {
  if (!["µs", "ms"].includes(unit)) return found;
  const { median, low, high, of } = found;
  return { median: median / slow, low: low / slow, high: high / slow, of };
}

const judge = ({ goal, accepted }, value) => (value <= goal ? "met" : value <= accepted ? "accepted" : "over");

/** The verdict on a median; "uncertain" where the spread of the figures would also allow another verdict. */
export function verdict(budget, { median, low = median, high = median, of = 1 }) {
  // Half the width within which medians of so many figures do not differ for certain, as notches of box plots show it.
  const notch = 1.57 * (high - low) / Math.sqrt(of);
  const certain = judge(budget, median - notch) === judge(budget, median + notch);
  return `${judge(budget, median)}${certain ? "" : ", uncertain"}`;
}
