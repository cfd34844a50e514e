// Stands between JavaScript and one instance of the module, whoever calls: users, timers, promises, event listeners, finalizers.
//
// Results and errors of Rust come out of the module as values. So an exception that comes out of it is a trap, an overflow of the stack
// or something that an import threw and nobody caught. Whatever ran was left in the middle and never goes on: locks are held, memory is
// half written. Then the instance is damaged: its pending calls are rejected, what may still call it does nothing, and the next call of
// a user starts a fresh instance (start.js).
import { addTo, apply, each, ignore, removeFrom, whenSettled } from "./own.js";
import { NO_ROOM, Problem } from "./problem.js";
import { demandRoom } from "./room.js";

/** What an export of a damaged instance gives: wasm-bindgen's glue finds no error in it, no object and the number 0. */
const NOTHING = Object.freeze([]);

/** The first calls of each method, for which room on the stack is kept: the engine may still have to compile their code. */
const COLD = 16;

const guards = new WeakSet();

/** Whether what was thrown says that the instance was damaged. What users throw is not looked into: it may be a proxy. */
export const isGuard = (thrown) => guards.has(thrown);

export function createGuard() {
  const pending = new Set();
  const calls = new Map();
  let depth = 0;

  const guard = {
    /** What wasm-bindgen made of this instance: its classes and functions. */
    glue: undefined,
    /** True once the instance is damaged, by `cause`. */
    damaged: false,
    cause: undefined,

    /** The module's exports as the glue gets them; `renamed` has the names of those that are called otherwise there. */
    wrap(exports, renamed) {
      const wrapped = {};
      for (const name of Object.keys(exports)) wrapped[name] = typeof exports[name] === "function" ? guarded(exports[name]) : exports[name];
      for (const name of Object.keys(renamed)) wrapped[name] = wrapped[renamed[name]];
      return wrapped;
    },

    /**
     * Runs a user's call of what `key` names. Throws `NO_ROOM` before it has begun, also where it is one inside another, so that a
     * recursion through a user's function ends here and not in the midst of the module. Throws the guard itself if the instance was damaged by the call.
     */
    enter(key, run) {
      const made = calls.get(key) ?? 0;
      try {
        demandRoom(made < COLD);
      } catch {
        throw NO_ROOM;
      }
      if (made < COLD) calls.set(key, made + 1);
      depth++;
      try {
        return run();
      } catch (thrown) {
        throw guard.damaged ? guard : thrown;
      } finally {
        depth--;
        if (depth === 0 && guard.damaged) guard.condemn();
      }
    },

    /** A promise that settles as the given one, or rejects when the instance is damaged. */
    track(promise) {
      let isWaitedFor = false;
      try {
        return new Promise((resolve, reject) => {
          whenSettled(promise, (value) => end(resolve, value, reject), (reason) => end(reject, reason, reject));
          isWaitedFor = true;
          addTo(pending, reject);
          if (guard.damaged) guard.condemn();
        });
      } finally {
        if (!isWaitedFor) ignore(promise);
      }
    },

    /** Rejects all pending calls of a damaged instance. May be repeated where it ran out of stack. */
    condemn() {
      each(pending, (reject) => {
        reject(new Problem("damaged", guard.cause));
        removeFrom(pending, reject);
      });
    },

    /** Notes that a step of the module was left in the middle, by `cause`. */
    damage(cause) {
      if (guard.damaged) return;
      // Noted by assignments, for which there is always room.
      guard.damaged = true;
      guard.cause = cause;
      if (depth === 0) guard.condemn();
    },
  };

  /** Ends a call. Errors after that are left alone. */
  function end(settle, value, reject) {
    settle(value);
    try {
      removeFrom(pending, reject);
    } catch {
      // It is rejected once more some day, to no effect.
    }
  }

  const guarded = (run) => (...args) => {
    if (guard.damaged) return NOTHING;
    // Nobody asks for room on the stack here: microtasks begin on an empty one, timers ask by themselves (host.js).
    depth++;
    try {
      return apply(run, undefined, args);
    } catch (error) {
      // The first argument is the address of a closure or an object. With 0 wasm-bindgen refuses the call before it has begun: a
      // closure that was dropped, or that calls itself.
      if (args[0] !== 0 && !guard.damaged) {
        // Assignments, not `guard.damage`: at the end of the stack there may be no room for a call.
        guard.damaged = true;
        guard.cause = error;
      }
      throw error;
    } finally {
      depth--;
      if (depth === 0 && guard.damaged) guard.condemn();
    }
  };

  guards.add(guard);
  return guard;
}
