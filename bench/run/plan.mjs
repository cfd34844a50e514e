// How much is measured. A round takes every client once; `rounds` can be set by BENCH_ROUNDS.
const OFTEN = { slices: 14, sliceMs: 25, warmCalls: 20_000, warmMs: 1000 };
const FEW = { slices: 6, sliceMs: 15, warmCalls: 4000, warmMs: 300 };

const FULL = {
  // Most budgets are Node's, so Node gets most rounds.
  rounds: { node: 8, others: 3 },
  httpRounds: { node: 6, others: 3 },
  coldRounds: 30,
  slices: OFTEN,
  httpSlices: { ...OFTEN, slices: 20, sliceMs: 40, warmCalls: 4000, warmMs: 20_000 },
  flat: { calls: 100_000, concurrent: 10_000 },
};

const QUICK = {
  rounds: { node: 2, others: 1 },
  httpRounds: { node: 2, others: 1 },
  coldRounds: 4,
  slices: FEW,
  httpSlices: { ...FEW, warmCalls: 1000 },
  flat: { calls: 10_000, concurrent: 1000 },
};

/** The plan of a run: `rounds(runtime)` and so on. */
export function plan({ quick, rounds }) {
  const chosen = quick ? QUICK : FULL;
  const of = (given) => (runtime) => rounds ?? (runtime === "node" ? given.node : given.others);
  return { ...chosen, rounds: of(chosen.rounds), httpRounds: of(chosen.httpRounds), coldRounds: rounds ? rounds * 4 : chosen.coldRounds };
}
