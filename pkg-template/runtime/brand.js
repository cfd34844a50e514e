// Makes the public class around one from wasm, the core. An object's core is in a WeakMap and not a property of it: copies, proxies and methods without
// their object have none, so no call can reach the memory, or be sent with the key, of another object.
import { isGuard } from "./guard.js";
import { apply, construct, define } from "./own.js";
import { NO_STACK_SPACE, Problem } from "./problem.js";
import { live, shape } from "./start.js";

const OWN = /^(?:constructor$|free$|__)/;

/**
 * Makes the class `name` around the core of the same name, with all its methods. Methods return promises, also where they fail, except those for which
 * `isSync` is true: these return and throw at once, as getters and setters do.
 *
 * - `isSync(key)`: whether the method `key` is synchronous
 * - `restores`: whether a new core, made as the first one was, can replace it after the instance was damaged
 * - `toMaker(args)`: returns the function that makes a core, `(glue) => core`, of the constructor's arguments
 * - `toShown(core)`: the properties of an object, which are shown when it is printed
 * - `toResult(key, value)`: the result of a method, or a promise of it, of what the core's method resolved to
 * - `toError(thrown, below)`: the public error of what Rust threw; undefined for a value that Rust never throws
 * - `toProblem(message, problem, below)`: the public error of a `Problem`. The stack of both begins below the function `below`
 *
 * Returns the `Class`, and functions that make its further members: `asyncMethod`, `callNow`, `callStatic` and `release`.
 */
export function brand({
  name, isSync, restores = false,
  toMaker = (args) => ({ [name]: Core }) => construct(Core, args),
  toShown = () => ({}),
  toResult = (key, value) => value,
  toError = (thrown) => thrown,
  toProblem = (message, { cause }) => new Error(message, { cause }),
}) {
  /** For each object: its core, the guard of the core's instance, and the function that makes the core. */
  const records = new WeakMap();

  function make(record) {
    const guard = live();
    record.core = guard.enter("constructor", () => record.maker(guard.glue));
    record.guard = guard;
  }

  /** The record of `object`, with a core in an instance that works. */
  function recordOf(object) {
    const record = records.get(object);
    if (!record) throw new Problem("wrongThis");
    if (record.guard.damaged) {
      if (!restores) throw new Problem("lost", record.guard.cause);
      make(record);
    }
    return record;
  }

  /** Made beforehand, for where making an error fails: for lack of space on the stack, or because a function of the host fails. */
  const errors = {};
  for (const problem of [NO_STACK_SPACE, new Problem("host")]) errors[problem.kind] = toProblem(problem.message(name), problem);

  /** The public error of whatever was thrown: parts of an error from Rust, a problem, or anything from a function of the host. */
  function errorOf(thrown) {
    // A guard is thrown where the instance was damaged.
    let problem = isGuard(thrown) ? new Problem("damaged", thrown.cause) : thrown;
    if (!(problem instanceof Problem)) {
      const error = toError(thrown, failure);
      if (error) return error;
      problem = new Problem("host", thrown);
    }
    return toProblem(problem.message(name), problem, failure);
  }

  /** The same, or `otherwise` where making it fails. */
  function failure(thrown, otherwise) {
    try {
      if (isGuard(thrown)) thrown.rejectPending();
      return errorOf(thrown);
    } catch {
      return otherwise;
    }
  }

  /** Runs `run`, and throws only public errors. */
  function guarded(run) {
    let error = errors.stack;
    try {
      return run();
    } catch (thrown) {
      try {
        error = failure(thrown, error);
      } catch {
        // There was no space on the stack to call it.
      }
    }
    throw error;
  }

  /** Runs `run(core)` for `object`, at once, as a call of the method `key`. */
  const callNow = (object, key, run) => guarded(() => {
    const { core, guard } = recordOf(object);
    // After Symbol.dispose.
    if (!core) throw new Problem("disposed");
    return guard.enter(key, () => run(core));
  });

  /** Runs `run(glue)`, at once: for static methods, which have no core. */
  const callStatic = (key, run) => guarded(() => {
    const guard = live();
    return guard.enter(key, () => run(guard.glue));
  });

  /** Begins a call, and returns its promise. */
  function begin(object, key, run) {
    const { core, guard } = recordOf(object);
    return guard.track(guard.enter(key, () => run(core)));
  }

  /** Makes the method `key`, whose promise settles as that of `run(core, args)` does and rejects only with public errors. */
  const asyncMethod = (key, run) => ({
    async [key](...args) {
      let thrown;
      try {
        return await toResult(key, await begin(this, key, (core) => run(core, args)));
      } catch (what) {
        thrown = what;
      }
      // In a microtask there is space on the stack, and the functions that await this method are part of the error's stack.
      await undefined;
      throw failure(thrown, errors.host);
    },
  })[key];

  // The key names the class, whatever a minifier calls it.
  const { [name]: Class } = {
    [name]: class {
      constructor(...args) {
        guarded(() => {
          const record = { maker: toMaker(args) };
          make(record);
          records.set(this, record);
          const shown = record.guard.enter("constructor", () => toShown(record.core));
          for (const field in shown) define(this, field, { value: shown[field], enumerable: true, configurable: false });
        });
      }
    },
  };

  const { prototype } = shape()[name];
  for (const key of Object.getOwnPropertyNames(prototype).filter((one) => !OWN.test(one))) {
    const { get, set, value } = Object.getOwnPropertyDescriptor(prototype, key);
    if (!value) {
      define(Class.prototype, key, {
        get: get && function () { return callNow(this, key, (core) => core[key]); },
        set: set && function (to) { callNow(this, key, (core) => { core[key] = to; }); },
      });
      continue;
    }
    const run = (core, args) => apply(core[key], core, args);
    const { [key]: method } = isSync(key)
      ? { [key](...args) { return callNow(this, key, (core) => run(core, args)); } }
      : { [key]: asyncMethod(key, run) };
    define(Class.prototype, key, { value: method, writable: true });
  }

  /** Frees the core's memory. Later calls of the object fail. */
  function release(object) {
    const record = records.get(object);
    if (!record) throw errorOf(new Problem("wrongThis"));
    const { core, guard } = record;
    record.core = undefined;
    if (core && !guard.damaged) core.free();
  }

  return { Class, asyncMethod, callNow, callStatic, release };
}
