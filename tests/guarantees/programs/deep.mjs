// What the programs about the stack share: how to get near its end, and how calls end.

/** Uses the stack up, and on the way back calls `work` at each of the deepest `levels` levels, or at all of them. */
export function unwind(work, levels = Infinity, padding = 0) {
  let left = levels;
  const dive = padding === 0 ? plain : padded;
  function plain() {
    try {
      plain();
    } catch {
      // The end of the stack.
    }
    if (left-- > 0) work();
  }
  // Frames of another size end at other places.
  function padded(...args) {
    try {
      padded(...args);
    } catch {
      // The end of the stack.
    }
    if (left-- > 0) work();
  }
  dive(...Array.from({ length: padding }, (_, i) => i));
}

/** Whether an error is the engine's own stack overflow at the beginning of a call: none of the client's code has run then. */
export const noRoom = (error) => error instanceof RangeError && /call stack/i.test(error.message);

/** Waits for promises; gives how many ended how, with examples of what should not be. A promise that is pending after `limit` ms is "pending". */
export async function ends(promises, ClaivError, limit) {
  const counts = { fulfilled: 0, ClaivError: 0, other: 0, pending: 0 };
  const examples = [];
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, limit, { how: "pending" }); });
  for (const promise of promises) {
    const { how, error } = await Promise.race([promise.then(() => ({ how: "fulfilled" }), (reason) => ({ how: reason instanceof ClaivError ? "ClaivError" : "other", error: reason })), late]);
    counts[how] += 1;
    if (how === "other" && examples.length < 3) examples.push(String(error?.stack ?? error).slice(0, 400));
  }
  clearTimeout(timer);
  return { ...counts, examples };
}

/** Errors that reached the process. The engine's own stack overflow is not counted: it is of the code that ran just then. */
export function watchProcess() {
  const stray = [];
  for (const name of ["uncaughtException", "unhandledRejection"]) {
    process.on(name, (error) => {
      if (!(name === "uncaughtException" && noRoom(error)) && stray.length < 5) stray.push(`${name}: ${String(error?.stack ?? error).slice(0, 400)}`);
    });
  }
  return stray;
}

/** Prints the result of a program as its last line. */
export function printResult(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`, () => process.exit(0));
}
