// Compares what two clients did.
import assert from "node:assert/strict";
import { RULES } from "../rules.mjs";
import { here, inPython } from "./observe.mjs";
import { judge, ruled } from "./waits.mjs";

const RUNS = 8;

let queue = Promise.resolve();
/** One at a time, so that cases do not hold each other up. */
const alone = (run) => (queue = queue.then(run, run));

/** Runs a case in both clients; `python` alone where this client does not have the method yet. */
export async function compare(row, python, { open = false } = {}) {
  const sides = [["Python", () => inPython(row, python), row.waits]];
  if (!open) sides.push(["this client", () => here(row, python.version), row.ours?.waits ?? row.waits]);
  const [seen, ours] = await Promise.all(sides.map(([who, run, waits]) => onTime(who, run, waits, row)));
  if (row.wire) assert.equal(`${seen.attempts[0].method} ${seen.attempts[0].url.split("?")[0]}`, row.wire, "the wire of the Python client");
  if (row.pythonOutcome) assert.deepEqual(seen.outcome, row.pythonOutcome, "the outcome in Python");
  if (!open) hold(seen, ours, row);
}

/** Asserts that both sides did the same but for what the case's rules say. */
export const hold = (seen, ours, row) => assert.deepStrictEqual(aligned(ours, row, seen), expected(seen, ours, row));

/** What one side did, with its waits replaced by what they were to be. A busy machine makes waits longer: a case with one that is too long runs again. */
async function onTime(who, run, given, row) {
  for (let turn = 1; ; turn++) {
    const seen = await (turn === 1 ? run() : alone(run));
    const waits = given ?? ruled(row.script, seen.attempts.length);
    const verdict = judge(seen.waits, waits);
    if (!verdict) return { ...seen, waits };
    if (!verdict.late || turn === RUNS) assert.fail(`${who}: ${verdict.problem}`);
  }
}

/** What must be seen here: what was seen in Python, changed by the case's rules and by nothing else. */
function expected(seen, ours, row) {
  const foreign = Object.keys(row.ours ?? {}).filter((facet) => !row.rules.some((rule) => RULES[rule].facets.includes(facet)));
  assert.deepEqual(foreign, [], "listed by the case, but allowed by none of its rules");
  let state = seen;
  for (const rule of row.rules) {
    const before = state;
    state = RULES[rule].apply(state, ours, row);
    assert.notDeepStrictEqual(state, before, `there is no difference by the rule ${rule}`);
  }
  const { error } = state.outcome;
  return error?.kind === "validation" ? { ...state, outcome: { error: { ...error, paths: row.paths } } } : state;
}

const clean = (text) => text.trim().replace(/\.+$/, "");

/** Our messages tell more. One that holds what Python says counts as equal to it. */
function aligned(ours, row, seen) {
  const { error } = ours.outcome;
  if (error?.kind !== "api") return ours;
  const message = row.ours?.outcome?.error?.message ?? seen.outcome.error?.message;
  const held = message === `HTTP ${error.status}` ? error.message.includes(`answered with ${error.status}`) : error.message.includes(clean(message ?? ""));
  return message !== undefined && held ? { ...ours, outcome: { error: { ...error, message } } } : ours;
}
