// The host's timers and microtasks as the module gets them: esbuild puts these in the place of the globals (`inject`), in the glue and in all
// JavaScript of the package. They never throw, and what they call is a callback of the module: one that fails has left a step of the module in the
// middle, which the instance's guard is told of (start.js) and nobody else, or it would end a process.
import { demandRoom } from "./room.js";

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

// Of its own, so that no fake of Promise.prototype.then reaches it.
const settled = Promise.resolve();
Object.defineProperty(settled, "then", { value: settled.then });

/** Who is told of a callback that failed. */
export const failures = { report: undefined };

function attempt(run) {
  try {
    run();
  } catch (error) {
    failures.report?.(error);
  }
}

/**
 * Calls `run` in a turn of its own. Fake timers replace the global of this name and call nobody until they are told to; the executor of
 * wasm-bindgen-futures would stand still for good if it threw.
 */
export function queueMicrotask(run) {
  settled.then(() => attempt(run));
}

/** Starts a timer: that of fake timers where a test has installed some, and the real one where theirs is gone or throws. */
export function setTimeout(run, ms) {
  const fire = () => {
    try {
      demandRoom();
    } catch {
      // A test moved its clock near the end of the stack.
      queueMicrotask(run);
      return;
    }
    attempt(run);
  };
  try {
    const { setTimeout: start, clearTimeout: clear } = globalThis;
    return { id: start(fire, ms), clear };
  } catch {
    const { setTimeout: start, clearTimeout: clear } = real;
    return { id: start(fire, ms), clear };
  }
}

/** Stops a timer by the function that belonged to the one that started it. */
export function clearTimeout(timer) {
  try {
    const { id, clear } = timer;
    clear(id);
  } catch {
    // A timer that fires for nothing does no harm.
  }
}
