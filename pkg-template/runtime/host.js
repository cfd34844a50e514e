// The host's timers, microtasks and finalizers as the module gets them: esbuild puts these in place of the globals (`inject`), in the glue and in all JavaScript
// of the package. They never throw. The functions that they call are callbacks of the module: an exception of one has interrupted a step of the module
// and is reported to the instance's guard (start.js). It is not rethrown, since that would end a process.
import { requireStackSpace } from "./stack-space.js";

const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

// With a `then` of its own, so that it works where Promise.prototype.then is replaced.
const settled = Promise.resolve();
Object.defineProperty(settled, "then", { value: settled.then });

/** `report(error)` is called for a callback that threw. */
export const failures = { report: undefined };

function attempt(run) {
  try {
    run();
  } catch (error) {
    failures.report?.(error);
  }
}

/**
 * Calls `run` in a microtask. Not by the global of this name: fake timers of tests replace it, and call nothing until the test moves its clock. It never
 * throws, since the executor of wasm-bindgen-futures would then never run again.
 */
export function queueMicrotask(run) {
  settled.then(() => attempt(run));
}

/** Starts a timer: a fake one where a test has installed fake timers, and a real one where that throws. */
export function setTimeout(run, ms) {
  const fire = () => {
    try {
      requireStackSpace();
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

const { FinalizationRegistry: Registry } = globalThis;

/** The host's, where it has one. Nobody else would catch an exception that a finalizer throws. */
export const FinalizationRegistry = Registry && class extends Registry {
  constructor(finalize) {
    super((held) => attempt(() => finalize(held)));
  }
};

/** Stops a timer by the `clearTimeout` that belongs to the `setTimeout` that started it. */
export function clearTimeout(timer) {
  try {
    const { id, clear } = timer;
    clear(id);
  } catch {
    // A timer that fires all the same has no effect.
  }
}
