// How long a client should wait before each further attempt, and whether it did.

/** What a loaded machine may add to a wait. */
const SLACK = 400;

/** The API's rule, by the answers: `details.retry_after` in seconds where it is a positive number, else the formula. */
export const ruled = (script, attempts) =>
  Array.from({ length: Math.max(0, attempts - 1) }, (_, index) => {
    const seconds = script[Math.min(index, script.length - 1)].body?.error?.details?.retry_after;
    return Number(seconds) > 0 && typeof seconds !== "boolean" ? Math.min(Number(seconds) * 1000, 30_000) : "formula";
  });

const bounds = (wait, retry) => {
  if (wait === "any") return [0, Infinity];
  if (typeof wait === "number") return [wait, wait];
  const base = Math.min(500 * 2 ** (retry - 1), 30_000);
  return [base, Math.min(base * 1.5, 30_000)];
};

/**
 * Judges the waits of one side: `undefined` where all are as expected, else what is wrong with them. `late` says that nothing
 * but the machine's load can be at fault, or a client that waits too long: a second run tells which.
 */
export function judge(waits, expected) {
  if (waits.length !== expected.length) return { problem: `waited ${waits.length} times, should have ${expected.length} times` };
  for (const [index, wait] of waits.entries()) {
    const [least, most] = bounds(expected[index], index + 1);
    const where = `wait ${index + 1} took ${wait.toFixed(1)} ms, should be ${least} to ${most}`;
    // The rounding of a double does not count as too early.
    if (wait < least - 0.01) return { problem: where };
    if (wait > most + SLACK) return { problem: where, late: true };
  }
  return undefined;
}
