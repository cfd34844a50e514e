// The guard of an instance of the module: every call into the instance passes through it, by users, timers, promises, event listeners and finalizers.
//
// Results and errors of Rust leave the module as values. So an exception that leaves it is a trap, an overflow of the stack or an exception of an
// import that was not caught. What was running never goes on, and may have left locks held and memory half written. The instance is then damaged: its
// pending calls reject, later calls into it do nothing, and the next call of a user starts a new instance (start.js).
//
// No hook of the client is called for the calls that reject: their events are known to the damaged module only.
import { addTo, apply, each, ignore, removeFrom, whenSettled } from "./own.js";
import { NO_STACK_SPACE, Problem } from "./problem.js";
import { requireStackSpace } from "./stack-space.js";

/** What an export of a damaged instance returns: wasm-bindgen's glue reads it as no error, no object and the number 0. */
const NOTHING = Object.freeze([]);

/** How many first calls of each method need more space on the stack, since the engine may still have to compile their code. */
const COLD_CALLS = 16;

const guards = new WeakSet();

/** True for a guard, which is what a call throws that damaged its instance. Properties of other exceptions are not read: they may be proxies. */
export const isGuard = (thrown) => guards.has(thrown);

export function createGuard() {
  const pending = new Set();
  const calls = new Map();
  let depth = 0;

  const guard = {
    /** The classes and functions that wasm-bindgen made for this instance. */
    glue: undefined,
    /** True once the instance is damaged, by `cause`. */
    damaged: false,
    cause: undefined,

    /** The module's exports as the glue gets them. `renamed` maps names in the glue to those in the module. */
    wrap(exports, renamed) {
      const wrapped = {};
      for (const name of Object.keys(exports)) wrapped[name] = typeof exports[name] === "function" ? guarded(exports[name]) : exports[name];
      for (const name of Object.keys(renamed)) wrapped[name] = wrapped[renamed[name]];
      return wrapped;
    },

    /**
     * Runs a user's call of the method `key`. Throws `NO_STACK_SPACE` before the call has begun, also where it is made inside another one, so that a
     * recursion through a user's function ends here and not while the module runs. Throws the guard itself where the call damaged the instance.
     */
    enter(key, run) {
      const made = calls.get(key) ?? 0;
      try {
        requireStackSpace(made < COLD_CALLS);
      } catch {
        throw NO_STACK_SPACE;
      }
      if (made < COLD_CALLS) calls.set(key, made + 1);
      depth++;
      try {
        return run();
      } catch (thrown) {
        throw guard.damaged ? guard : thrown;
      } finally {
        depth--;
        if (depth === 0 && guard.damaged) guard.rejectPending();
      }
    },

    /** A promise that settles as the given one does, but rejects when the instance is damaged. */
    track(promise) {
      let isSubscribed = false;
      try {
        return new Promise((resolve, reject) => {
          whenSettled(promise, (value) => end(resolve, value, reject), (reason) => end(reject, reason, reject));
          isSubscribed = true;
          addTo(pending, reject);
          if (guard.damaged) guard.rejectPending();
        });
      } finally {
        if (!isSubscribed) ignore(promise);
      }
    },

    /** Rejects all pending calls of a damaged instance. May be called again where it ran out of stack. */
    rejectPending() {
      each(pending, (reject) => {
        reject(new Problem("damaged", guard.cause));
        removeFrom(pending, reject);
      });
    },

    /** Marks the instance as damaged: `cause` interrupted a step of the module. */
    markDamaged(cause) {
      if (guard.damaged) return;
      // Assignments only, for which there is always space on the stack.
      guard.damaged = true;
      guard.cause = cause;
      if (depth === 0) guard.rejectPending();
    },
  };

  /** Settles the promise of a call, and removes it from the pending ones. */
  function end(settle, value, reject) {
    settle(value);
    try {
      removeFrom(pending, reject);
    } catch {
      // It stays, and a later rejection has no effect.
    }
  }

  const guarded = (run) => (...args) => {
    if (guard.damaged) return NOTHING;
    // No check for space on the stack: microtasks begin on an empty one, and timers check it themselves (host.js).
    depth++;
    try {
      return apply(run, undefined, args);
    } catch (error) {
      // The first argument is the address of a closure or an object. With 0 wasm-bindgen refuses the call before it has begun: a
      // closure that was dropped, or that calls itself.
      if (args[0] !== 0 && !guard.damaged) {
        // Assignments, not `guard.markDamaged`: at the end of the stack there may be no space for a call.
        guard.damaged = true;
        guard.cause = error;
      }
      throw error;
    } finally {
      depth--;
      if (depth === 0 && guard.damaged) guard.rejectPending();
    }
  };

  guards.add(guard);
  return guard;
}
